"""Questions about a call: asked by people, published without their names."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from matchmaker.core.actor import GlobalRole
from matchmaker.core.db import db
from matchmaker.core.errors import Conflict, IllegalMove, ProductError
from matchmaker.notifications.models import OutboxMessage
from matchmaker.working_groups.calls import queries
from matchmaker.working_groups.calls.asking import AnswerData, ask_question, move_question
from matchmaker.working_groups.calls.content import MOST_OPEN_QUESTIONS, InvalidCall
from matchmaker.working_groups.calls.domain import CallQuestionMove, CallQuestionState
from matchmaker.working_groups.calls.models import Call, CallQuestion
from tests.working_groups.calls.made import (
    CLOSES,
    NOW,
    OPENS,
    SECRETARIAT,
    acting,
    member,
    person,
    published,
)

MINUTE = timedelta(minutes=1)
ANSWER = AnswerData("場所は決まっていなくてもよいですか。", "はい。これから探す提案もできます。")
Move = CallQuestionMove


def asked(call: Call, text: str = "うちの町でもよいですか。") -> CallQuestion:
    question = ask_question(call, text, acting(member("asker")), NOW)
    return queries.get_question(call.id, question.id)


def subjects() -> list[tuple[str, str]]:
    query = select(OutboxMessage.address, OutboxMessage.subject).order_by(OutboxMessage.id)
    return [(address, subject) for address, subject in db.session.execute(query)]


def test_a_question_is_taken_until_the_deadline(context: Flask) -> None:
    call, asker = published(), acting(member("asker"))
    for number, now in enumerate((NOW, OPENS, CLOSES - timedelta(seconds=1))):
        assert ask_question(call, f"質問{number}", asker, now).state is CallQuestionState.ASKED
    with pytest.raises(IllegalMove):
        ask_question(call, "遅い質問", asker, CLOSES)


def test_a_double_click_asks_once(context: Flask) -> None:
    call, asker = published(), acting(member("asker"))
    first = ask_question(call, "同じ質問", asker, NOW)
    assert ask_question(call, "同じ質問\n", asker, NOW + MINUTE).id == first.id
    assert ask_question(call, "同じ質問", acting(member("other")), NOW).id != first.id


@pytest.mark.parametrize("text", ["", " 　\n\t", "長" * 2001, "\x00"])
def test_an_empty_or_huge_question_is_refused(context: Flask, text: str) -> None:
    with pytest.raises(ProductError) as refused:
        ask_question(published(), text, acting(member("asker")), NOW)
    assert refused.value.field == "text"


def test_one_person_cannot_flood_the_desk(context: Flask) -> None:
    call, asker = published(), acting(member("asker"))
    for number in range(MOST_OPEN_QUESTIONS):
        ask_question(call, f"質問{number}", asker, NOW)
    with pytest.raises(ProductError):
        ask_question(call, "もう1つ", asker, NOW)


def test_the_published_question_is_re_worded_and_carries_no_name(context: Flask) -> None:
    call = published()
    question = asked(call)
    move_question(question, Move.PUBLISH, ANSWER, "", SECRETARIAT, NOW)
    (shown,) = queries.published_questions(call.id)
    assert (shown.text, shown.answer) == (ANSWER.published_text, ANSWER.answer)
    assert not hasattr(shown, "asker")
    assert not hasattr(shown, "id")
    assert question.text == "うちの町でもよいですか。"


def test_the_secretariat_and_the_asker_get_mail_once(context: Flask) -> None:
    person("desk", role=GlobalRole.SECRETARIAT)
    question = asked(published())
    move_question(question, Move.PUBLISH, ANSWER, "", SECRETARIAT, NOW)
    assert [address for address, _subject in subjects()] == [
        "desk@example.com",
        "asker@example.com",
    ]
    body = db.session.scalars(
        select(OutboxMessage.body).where(OutboxMessage.address == "asker@example.com")
    ).one()
    assert ANSWER.answer in body
    assert (
        "asker"
        not in db.session.scalars(
            select(OutboxMessage.body).where(OutboxMessage.address == "desk@example.com")
        ).one()
    )


def test_a_question_is_dismissed_with_a_reason_that_the_asker_reads(context: Flask) -> None:
    call = published()
    question = asked(call)
    with pytest.raises(ProductError):
        move_question(question, Move.DISMISS, AnswerData(), " ", SECRETARIAT, NOW)
    move_question(question, Move.DISMISS, AnswerData(), "公募と関係がありません", SECRETARIAT, NOW)
    assert queries.published_questions(call.id) == []
    assert "公募と関係がありません" in db.session.scalars(select(OutboxMessage.body)).one()


def test_a_draft_of_an_answer_is_kept_and_nobody_is_told(context: Flask) -> None:
    call = published()
    question = asked(call)
    move_question(question, Move.ANSWER, AnswerData("", "書きかけ"), "", SECRETARIAT, NOW)
    assert (question.state, question.answer) == (CallQuestionState.ANSWERED, "書きかけ")
    assert subjects() == []
    assert queries.statistics_of(call).waiting_questions == 1


def test_publishing_needs_both_texts(context: Flask) -> None:
    question = asked(published())
    with pytest.raises(InvalidCall) as refused:
        move_question(question, Move.PUBLISH, AnswerData(" ", ""), "", SECRETARIAT, NOW)
    assert set(refused.value.errors) == {"published_text", "answer"}
    with pytest.raises(InvalidCall):
        move_question(question, Move.ANSWER, AnswerData("", "長" * 2001), "", SECRETARIAT, NOW)
    assert question.state is CallQuestionState.ASKED


def test_two_people_answer_and_the_second_is_told(context: Flask) -> None:
    question = asked(published())
    opened = question.revision
    move_question(question, Move.PUBLISH, ANSWER, "", SECRETARIAT, NOW, opened)
    with pytest.raises(Conflict):
        move_question(question, Move.PUBLISH, ANSWER, "", SECRETARIAT, NOW, opened)


def test_a_published_answer_is_taken_back_and_put_right(context: Flask) -> None:
    call = published()
    question = asked(call)
    move_question(question, Move.PUBLISH, ANSWER, "", SECRETARIAT, NOW)
    move_question(question, Move.RETRACT, AnswerData(), "日付の誤り", SECRETARIAT, NOW + MINUTE)
    assert queries.published_questions(call.id) == []
    right = AnswerData(ANSWER.published_text, "正しい回答")
    move_question(question, Move.PUBLISH, right, "", SECRETARIAT, NOW + 2 * MINUTE)
    assert [each.answer for each in queries.published_questions(call.id)] == ["正しい回答"]
    assert len(subjects()) == 2


def test_the_desk_has_waiting_questions_first(context: Flask) -> None:
    call = published()
    first, second = asked(call, "1つ目"), None
    move_question(first, Move.PUBLISH, ANSWER, "", SECRETARIAT, NOW)
    second = ask_question(call, "2つ目", acting(member("other")), NOW + MINUTE)
    page = queries.questions_page(call.id, None, 1)
    assert [each.id for each in page.items] == [second.id, first.id]
    assert queries.questions_page(call.id, CallQuestionState.PUBLISHED, 1).total == 1
