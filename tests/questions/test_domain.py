"""Answers are checked, hidden questions are left alone, bad questionnaires are refused by name."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matchmaker.core.errors import Conflict
from matchmaker.questions.domain import (
    InvalidQuestionnaire,
    Questionnaire,
    refuse_change_when_frozen,
)
from tests.questions.samples import AGREED, ALL, AMOUNT, DAY, KIND, PARTNERS, WORDS

FULL = Questionnaire.from_data(ALL)
ANSWERS: dict[str, Any] = {
    "kind": ["recycle", "other:堆肥にする"],
    "amount": "１，２００．５",
    "partners": [{"name": "青空町", "share": "０"}, {}, {"share": "1万", "side": "town"}],
    "costs": [{}, {"yen": "300000"}],
    "day": "令和9年4月1日",
    "agreed": "on",
    "words": "よろしく\r\nお願いします",
}
CLEAN = {
    "kind": ["recycle", "other:堆肥にする"],
    "amount": 1200.5,
    "partners": [{"name": "青空町", "share": 0}, {"share": 10000, "side": "town"}],
    "costs": [{}, {"yen": 300000}],
    "day": "2027-04-01",
    "agreed": True,
    "words": "よろしく\nお願いします",
}


def messages(answers: Any, *, complete: bool = True) -> dict[str, str]:
    return FULL.check(answers, complete).errors


def test_what_people_type_becomes_plain_values() -> None:
    checked = FULL.check(ANSWERS, complete=True)
    assert checked.errors == {}
    assert checked.values == CLEAN
    assert FULL.check(checked.values, complete=True).values == CLEAN


@pytest.mark.parametrize(
    ("question_id", "typed", "told"),
    [
        ("kind", ["reuse", "recycle", "other:x"], "2個まで"),
        ("kind", ["other: "], "「その他」の内容"),
        ("kind", ["unknown"], "選べません"),
        ("amount", "0.25", "小数は1けた"),
        ("amount", "0.4", "0.5以上"),
        ("amount", "100001", "100,000以下"),
        ("amount", "たくさん", "数字で"),
        ("partners", [{"share": "半分"}], "1行目の「割合」：数字で"),
        ("partners", [{"side": "school"}], "一覧から"),
        ("partners", [{"name": str(n)} for n in range(5)], "4行まで"),
        ("costs", [{}, {"yen": "x"}], "「人件費」の「金額」"),
        ("day", "2027年2月30日", "実在する日付"),
        ("words", "あ" * 21, "20文字以内"),
        ("agreed", "", "チェック"),
        ("paper", [f"00000000-0000-0000-0000-00000000000{n}" for n in range(3)], "2個まで"),
    ],
)
def test_what_does_not_fit_is_told(question_id: str, typed: Any, told: str) -> None:
    errors = messages({**ANSWERS, question_id: typed})
    assert list(errors) == [question_id]
    assert told in errors[question_id]


def test_a_draft_need_not_be_complete_and_keeps_what_does_not_fit() -> None:
    checked = FULL.check({"kind": ["other:x"], "amount": "約3"}, complete=False)
    assert set(checked.errors) == {"amount"}
    assert checked.typed == {"amount": "約3"}
    assert set(FULL.missing({"kind": ["recycle"]})) == {"amount", "agreed"}


def test_hidden_questions_are_neither_required_nor_kept() -> None:
    checked = FULL.check({**ANSWERS, "kind": ["reuse"]}, complete=True)
    assert checked.errors == {}
    assert "amount" not in checked.values


def test_a_question_below_a_hidden_one_is_hidden_too() -> None:
    inner = {**KIND, "id": "inner", "when": {"question": "kind", "options": ["recycle"]}}
    below = {**WORDS, "when": {"question": "inner", "options": ["reuse"]}}
    questionnaire = Questionnaire.from_data([KIND, inner, below])
    shown = questionnaire.shown({"kind": ["reuse"], "inner": ["reuse"]})
    assert [question.id for question in shown] == ["kind"]


def test_questions_survive_storing() -> None:
    assert Questionnaire.from_data(FULL.to_data()) == FULL


@pytest.mark.parametrize(
    ("data", "told"),
    [
        ("no list", "質問の一覧"),
        ([{**WORDS, "label": ""}], "質問1：質問の文"),
        ([{**WORDS, "kind": "song"}], "質問1「ひとこと」：種類"),
        ([WORDS, WORDS], "質問2「ひとこと」：同じ識別名"),
        ([{**WORDS, "id": "Ü-1"}], "識別名"),
        ([{**WORDS, "max_length": 0}], "1から10,000まで"),
        ([{**KIND, "options": KIND["options"][:1], "other": False}], "2つ以上"),
        ([{**KIND, "options": KIND["options"] * 2}], "同じ選択肢"),
        ([AMOUNT], "前の質問"),
        ([DAY, {**WORDS, "when": {"question": "day", "options": ["x"]}}], "選択の質問"),
        ([KIND, {**AMOUNT, "when": {"question": "kind", "options": ["gone"]}}], "選択肢が"),
        ([KIND, {**AMOUNT, "minimum": 9, "maximum": 3}], "最大は"),
        ([KIND, {**AMOUNT, "minimum": float("nan")}], "数字で"),
        ([{**PARTNERS, "columns": []}], "列は1つから"),
        ([{**ALL[5], "suffixes": ["exe"]}], "使えるファイル"),
        ([WORDS] * 61, "60個まで"),
    ],
)
def test_a_bad_questionnaire_names_the_question(data: Any, told: str) -> None:
    with pytest.raises(InvalidQuestionnaire) as refused:
        Questionnaire.from_data(data)
    assert told in refused.value.message


def test_frozen_questions_stay_word_for_word() -> None:
    before, now = FULL.to_data(), datetime(2026, 11, 22, tzinfo=UTC)
    after = [{**before[0], "label": "取り組みの種別"}, *before[1:]]
    refuse_change_when_frozen(None, before, after, first="最初の回答")
    refuse_change_when_frozen(now, before, FULL.to_data(), first="最初の回答")
    with pytest.raises(Conflict, match="文字の直しも"):
        refuse_change_when_frozen(now, before, after, first="最初の回答")


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.just("other:x"),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4)
    ),
    max_leaves=12,
)
IDS = st.sampled_from([question["id"] for question in ALL])
ROWS = st.lists(
    st.dictionaries(st.sampled_from(["name", "share", "side", "yen"]), JSON), max_size=6
)
CHOSEN = st.lists(st.sampled_from(["reuse", "recycle", "other", "other:x"]), max_size=4)
NUMBERS = st.decimals(-10, 10**13, places=2).map(str)
TYPED = st.dictionaries(IDS, JSON | ROWS | CHOSEN | NUMBERS)


@settings(max_examples=150, deadline=None)
@given(TYPED | JSON, st.booleans())
def test_no_answer_whatever_it_is_breaks_the_check(answers: Any, complete: bool) -> None:
    checked = FULL.check(answers, complete)
    again = FULL.check({**checked.values, **checked.typed}, complete)
    assert again.values == checked.values


@settings(max_examples=150, deadline=None)
@given(TYPED)
def test_a_hidden_question_never_has_an_error_or_a_value(answers: dict[str, Any]) -> None:
    asked = {question.id for question in FULL.shown(answers)}
    checked = FULL.check(answers, complete=True)
    assert set(checked.errors) <= asked
    assert set(checked.values) <= asked


LABELS = st.text("あいう漢字", min_size=1, max_size=8)


@st.composite
def questionnaires(draw: st.DrawFn) -> list[dict[str, Any]]:
    """Questionnaires of texts, choices and numbers, some of them conditional."""
    data: list[dict[str, Any]] = []
    for number in range(draw(st.integers(1, 6))):
        base = {"id": f"q{number}", "label": draw(LABELS), "required": draw(st.booleans())}
        kind = draw(st.sampled_from([KIND, AMOUNT, WORDS, DAY, AGREED, PARTNERS]))
        question = {**kind, **base}
        question.pop("when", None)
        choices = [q["id"] for q in data if q["kind"] == "choice"]
        is_conditional = draw(st.booleans())
        if choices and is_conditional:
            question["when"] = {"question": draw(st.sampled_from(choices)), "options": ["recycle"]}
        data.append(question)
    return data


@settings(max_examples=80, deadline=None)
@given(questionnaires(), st.lists(JSON | CHOSEN | NUMBERS, min_size=6, max_size=6))
def test_answers_survive_storing_the_questionnaire(
    data: list[dict[str, Any]], raw: list[Any]
) -> None:
    before = Questionnaire.from_data(data)
    after = Questionnaire.from_data(before.to_data())
    assert after == before
    answers = {f"q{number}": value for number, value in enumerate(raw)}
    assert after.check(answers, complete=True) == before.check(answers, complete=True)


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.dictionaries(st.sampled_from([*AMOUNT, *KIND, "columns"]), JSON), max_size=3) | JSON
)
def test_no_data_breaks_the_reading_of_questions(data: Any) -> None:
    try:
        Questionnaire.from_data(data)
    except InvalidQuestionnaire as refused:
        assert refused.message
