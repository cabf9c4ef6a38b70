"""The form of a questionnaire: what was typed stays, files are kept and taken away."""

from __future__ import annotations

import io
import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask, render_template_string
from werkzeug.datastructures import MultiDict

from matchmaker.core import clock
from matchmaker.core.actor import SYSTEM
from matchmaker.core.db import db
from matchmaker.core.errors import ProductError
from matchmaker.core.uploads import CheckedFile
from matchmaker.questions.domain import Questionnaire
from matchmaker.questions.files import (
    Subject,
    add_files,
    files_of,
    files_of_many,
    get_file,
    save_files,
)
from matchmaker.questions.forms import AnswersForm, answers_form
from matchmaker.questions.models import AnswerFile
from matchmaker.questions.presentation import answer_cells, answer_columns, shown_answers
from tests.questions.samples import ALL
from tests.questions.test_domain import CLEAN

FULL = Questionnaire.from_data(ALL)
PAPER = FULL.get("paper")
TYPED = {
    "q-kind": ["recycle", "other"],
    "q-kind-other": "堆肥にする",
    "q-amount": "１，２００．５",
    "q-partners-0-name": "青空町",
    "q-partners-0-share": "0",
    "q-partners-2-share": "1万",
    "q-partners-2-side": "town",
    "q-costs-1-yen": "300000",
    "q-day-year": "令和9",
    "q-day-month": "4",
    "q-day-day": "1",
    "q-agreed": "y",
    "q-words": "よろしく\nお願いします",
    "q-paper-sent": "1",
}
PAGE = (
    """{% from 'questions/_form.html' import question_fields %}{{ question_fields(form, files) }}"""
)


@pytest.fixture
def subject(app: Flask) -> Iterator[Subject]:
    """Something that files answer for, in a request that writes."""
    app.config["WTF_CSRF_ENABLED"] = False
    with app.test_request_context(method="POST"):
        yield Subject("tests:thing", uuid.uuid4())
        db.session.rollback()


def form_of(typed: dict[str, Any], answers: dict[str, Any] | None = None) -> AnswersForm:
    pairs = [(n, v) for n, vs in typed.items() for v in (vs if isinstance(vs, list) else [vs])]
    return answers_form(FULL, answers, formdata=MultiDict(pairs))


def text_file(name: str, text: str = "竹") -> CheckedFile:
    return CheckedFile(name, "text/plain", text.encode())


def drawn(form: AnswersForm, files: dict[str, AnswerFile] | None = None) -> str:
    return render_template_string(PAGE, form=form, files=files or {})


def test_typed_answers_become_plain_values(subject: Subject) -> None:
    checked = form_of(TYPED).clean(complete=True)
    assert checked.errors == {}
    assert checked.values == CLEAN


def test_stored_answers_are_shown_and_survive_being_sent_again(subject: Subject) -> None:
    page = drawn(answers_form(FULL, CLEAN))
    for shown in ('value="堆肥にする"', 'value="1200.5"', 'value="青空町"', 'value="2027"'):
        assert shown in page, shown
    assert page.count("checked") == 3
    assert (
        answers_form(FULL, CLEAN)
        .questionnaire.check(answers_form(FULL, CLEAN).raw_values(), complete=True)
        .values
        == CLEAN
    )


def test_a_cleared_day_stays_cleared(subject: Subject) -> None:
    empty = {"q-day-year": "", "q-day-month": "", "q-day-day": ""}
    checked = form_of({**TYPED, **empty}, CLEAN).clean(complete=True)
    assert "day" not in checked.values


def test_what_does_not_fit_comes_back_as_it_was_typed(subject: Subject) -> None:
    wrong = {"q-partners-0-share": "半分", "q-day-month": "13", "q-amount": "約3"}
    form = form_of({**TYPED, **wrong})
    checked = form.clean(complete=False)
    assert set(checked.errors) == {"partners", "day", "amount"}
    page = drawn(form)
    for shown in ('value="半分"', 'value="13"', 'value="約3"', "table__cell--faulty"):
        assert shown in page, shown
    kept = {**checked.values, **checked.typed}
    again = drawn(answers_form(FULL, kept))
    assert 'value="半分"' in again
    assert 'value="約3"' in again


def test_conditions_reach_the_browser(subject: Subject) -> None:
    page = drawn(answers_form(FULL))
    assert 'data-only-when="q-kind:recycle other"' in page
    assert 'data-only-when="q-kind:other"' in page


def test_files_are_kept_taken_away_and_bounded(subject: Subject) -> None:
    now = clock.now()
    arriving = {"paper": [text_file("一.txt"), text_file("二.txt")]}
    answers = save_files(subject, FULL, {"day": "2027-04-01"}, arriving, SYSTEM, now)
    first, second = answers["paper"]
    form = form_of({"q-paper-sent": "1", "q-paper-kept": [second, str(uuid.uuid4())]}, answers)
    assert form.raw_values()["paper"] == [second]
    files = {str(file.id): file for file in files_of(subject)}
    assert "一.txt" in drawn(form, files)
    settled = save_files(subject, FULL, {"paper": [second]}, {}, SYSTEM, now)
    assert settled == {"paper": [second]}
    assert get_file(subject, uuid.UUID(first)) is None
    assert get_file(Subject("tests:thing", uuid.uuid4()), uuid.UUID(second)) is None
    assert set(files_of_many("tests:thing", [subject.id])) == {second}
    assert PAPER is not None
    with pytest.raises(ProductError, match="2個まで"):
        add_files(subject, PAPER, arriving["paper"], SYSTEM, now)


def test_files_of_another_record_are_not_taken_over(subject: Subject) -> None:
    other = Subject("tests:thing", uuid.uuid4())
    arriving = {"paper": [text_file("他.txt")]}
    foreign = save_files(other, FULL, {}, arriving, SYSTEM, clock.now())
    assert save_files(subject, FULL, foreign, {}, SYSTEM, clock.now()) == {}
    assert len(files_of(other)) == 1


def test_hostile_and_huge_files_are_refused_by_name(app: Flask, subject: Subject) -> None:
    files = [(io.BytesIO(b"<html>"), "頁.txt"), (io.BytesIO(b"x" * (16 * 1024 * 1024)), "大.txt")]
    with app.test_request_context(method="POST", data={"q-paper": files, "q-agreed": "y"}):
        form = answers_form(FULL)
        checked = form.clean(complete=False)
        assert "「頁.txt」" in checked.errors["paper"]
        assert "「大.txt」は、大きすぎます" in checked.errors["paper"]
        assert form.arriving == {}
        assert len(form["q-paper"].errors) == 2


def test_a_required_file_may_come_with_this_request(app: Flask) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    paper = {"id": "paper", "kind": "file", "label": "図面", "required": True}
    asked = Questionnaire.from_data([paper])
    data = {"q-paper": (io.BytesIO("竹".encode()), "竹.txt")}
    with app.test_request_context(method="POST", data=data):
        form = answers_form(asked)
        assert form.clean(complete=True).errors == {}
        assert [file.name for file in form.arriving["paper"]] == ["竹.txt"]


def test_answers_are_put_into_words(subject: Subject) -> None:
    now = clock.now()
    answers = save_files(subject, FULL, CLEAN, {"paper": [text_file("一.txt")]}, SYSTEM, now)
    files = files_of_many(subject.kind, [subject.id])
    texts = {answer.question_id: answer.text for answer in shown_answers(FULL, answers, files)}
    assert texts["kind"] == "再生利用\nその他（堆肥にする）"
    assert texts["amount"] == "1,200.5t"
    assert texts["partners"] == "名前：青空町、割合：0％\n割合：10,000％、立場：自治体"
    assert texts["costs"] == "人件費、金額：300,000円"
    assert texts["day"] == "2027年4月1日（令和9年）"
    assert texts["paper"] == "一.txt"
    page = render_template_string(
        "{% from 'questions/_answers.html' import answers_list %}{{ answers_list(shown) }}",
        shown=shown_answers(FULL, answers, files),
    )
    assert "青空町" in page
    headers = [column.header for column in answer_columns(FULL)]
    cells = dict(zip(headers, answer_cells(FULL, answers, files), strict=True))
    assert cells["年間の量（t）"] == 1200.5
    assert cells["図面"] == "一.txt"


@pytest.mark.parametrize("odd", [None, 7, "x", ["x"], [1], [{"a": []}], {"a": 1}, [[]], True])
def test_odd_stored_answers_are_shown_without_failing(app: Flask, odd: Any) -> None:
    answers = {question["id"]: odd for question in ALL}
    with app.test_request_context():
        shown_answers(FULL, answers)
        answer_cells(FULL, answers)
        drawn(answers_form(FULL, answers))
