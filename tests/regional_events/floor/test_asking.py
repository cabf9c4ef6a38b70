"""Asking: who, when, how much, and what hostile people send."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from matchmaker.core.audit import AuditEntry
from matchmaker.core.db import db
from matchmaker.core.errors import Conflict, IllegalMove, NotAllowed, ProductError
from matchmaker.regional_events.floor import queries, service
from matchmaker.regional_events.floor.domain import (
    BURST,
    OVERRUN,
    QUESTIONS_PER_PERSON,
    TEXT_LENGTH,
    QuestionKind,
    QuestionMove,
    QuestionSource,
    QuestionState,
)
from matchmaker.regional_events.floor.models import FloorQuestion, FloorVote
from matchmaker.regional_events.floor.policy import Voice
from matchmaker.regional_events.planning.domain import EventState
from tests.regional_events.floor.floor_world import FloorWorld

HOSTILE = "<script>alert(1)</script> '; DROP TABLE users; -- \u202e葛\U000e0100 ｶﾞｿﾘﾝ"


def test_a_question_waits_for_a_moderator_and_is_supported_by_whoever_asked(
    world: FloorWorld,
) -> None:
    with world.app.app_context():
        question = world.ask("生ごみを運ぶ費用は、だれが払いますか")
        assert question.state is QuestionState.NEW
        assert question.number == 1
        assert queries.vote_counts(world.event_id) == {question.id: 1}
        assert queries.count_new(world.event_id) == 1


def test_a_double_click_asks_once(world: FloorWorld) -> None:
    with world.app.app_context():
        options = service.AskOptions(submission_key="same")
        first, second = (
            service.ask(
                world.event, "二度", QuestionKind.QUESTION, QuestionSource.ROOM, world.voice(),
                world.now, options,
            )
            for _ in range(2)
        )  # fmt: skip
        assert first.id == second.id


@pytest.mark.parametrize("text", ["", " \n　", "あ" * (TEXT_LENGTH + 1)])
def test_nothing_and_too_much_are_refused_at_the_field(world: FloorWorld, text: str) -> None:
    with world.app.app_context(), pytest.raises(ProductError) as refused:
        world.ask(text)
    assert refused.value.field == "text"


def test_one_person_cannot_flood_the_floor(world: FloorWorld) -> None:
    with world.app.app_context():
        for index in range(BURST):
            world.ask(f"質問{index}")
        with pytest.raises(ProductError, match="1分"):
            world.ask("もうひとつ")
        for index in range(QUESTIONS_PER_PERSON - BURST):
            world.now += timedelta(minutes=2)
            world.ask(f"あとの質問{index}")
        world.now += timedelta(minutes=2)
        with pytest.raises(ProductError, match=f"{QUESTIONS_PER_PERSON}件"):
            world.ask("多すぎる")
        assert world.ask("ほかの人は送れる", "b").number == QUESTIONS_PER_PERSON + 1


def test_beforehand_only_registered_people_ask(app: Flask) -> None:
    world = FloorWorld(app, begins_in=timedelta(days=3))
    with app.app_context():
        with pytest.raises(Conflict):
            world.ask("早すぎるゲスト")
        registered = Voice("akey", name="環境 花子")
        question = service.ask(
            world.event,
            "前もって",
            QuestionKind.OPINION,
            QuestionSource.ROOM,
            registered,
            world.now,
        )
        assert question.source is QuestionSource.BEFOREHAND


@pytest.mark.parametrize(
    ("after_end", "is_taken"), [(OVERRUN - timedelta(microseconds=1), True), (OVERRUN, False)]
)
def test_events_may_run_late_by_three_hours(
    world: FloorWorld, after_end: timedelta, is_taken: bool
) -> None:
    with world.app.app_context():
        world.now = world.event.ends_at + after_end
        if is_taken:
            assert world.ask("まだ間に合う").number == 1
        else:
            with pytest.raises(Conflict):
                world.ask("もう終わった")


def test_a_cancelled_event_takes_nothing(world: FloorWorld) -> None:
    with world.app.app_context():
        world.event.state = EventState.CANCELLED
        db.session.flush()
        with pytest.raises(Conflict):
            world.ask("中止でも")


def test_only_the_person_takes_back_and_only_while_it_waits(world: FloorWorld) -> None:
    with world.app.app_context():
        question = world.ask("やめます")
        with pytest.raises(NotAllowed):
            service.withdraw(question, world.voice("b"), world.now)
        service.withdraw(question, world.voice("a"), world.now)
        assert question.state is QuestionState.WITHDRAWN
        other = world.ask("公開された", accept=True)
        with pytest.raises(IllegalMove):
            service.withdraw(other, world.voice("a"), world.now)


def test_hostile_text_is_shown_as_text_and_names_only_on_wish(world: FloorWorld) -> None:
    guest = world.guest()
    sent = {"text": HOSTILE, "name": "<b>悪い人</b>", "kind": "nonsense", "source": "x"}
    assert guest.post(world.address("/questions"), data=sent).status_code == 302
    with world.app.app_context():
        question = db.session.scalars(select(FloorQuestion)).one()
        world.move(question, QuestionMove.ACCEPT)
        db.session.commit()
    for browser in (guest, world.client()):
        page = browser.get(world.address()).text
        assert "<script>alert" not in page
        assert "&lt;script&gt;alert(1)" in page
    assert "悪い人" not in world.guest().get(world.address()).text
    desk = world.client().get(world.address("/moderation?state=accepted")).text
    assert "&lt;b&gt;悪い人" in desk


@pytest.mark.parametrize(
    "changes",
    [{"text": ""}, {"text": "あ" * 301}, {"session": "rubbish"}, {"name": "名" * 41}],
)
def test_a_refused_form_keeps_what_was_typed(world: FloorWorld, changes: dict[str, str]) -> None:
    sent = {"text": "消えない文", **changes}
    answer = world.guest().post(world.address("/questions"), data=sent)
    assert answer.status_code == 422
    assert sent["text"] in answer.text
    assert "エラー：" in answer.text


def test_programs_that_fill_every_field_get_nowhere(world: FloorWorld) -> None:
    sent = {"text": "安い薬", "website": "https://spam.example"}
    assert world.guest().post(world.address("/questions"), data=sent).status_code == 302
    with world.app.app_context():
        assert db.session.scalar(select(func.count(FloorQuestion.id))) == 0


def test_a_session_of_another_kind_is_refused(world: FloorWorld) -> None:
    guest = world.guest()
    right = {"text": "討論への質問", "session": str(world.session_id)}
    assert guest.post(world.address("/questions"), data=right).status_code == 302
    wrong = {"text": "どこへ", "session": str(world.event_id)}
    assert guest.post(world.address("/questions"), data=wrong).status_code == 422


def test_the_log_tells_that_something_was_sent_and_not_by_whom(world: FloorWorld) -> None:
    with world.app.app_context():
        question = world.ask("だれが言ったか")
        entries = db.session.scalars(
            select(AuditEntry).where(AuditEntry.subject_id == question.id)
        ).all()
        assert [entry.tag for entry in entries] == ["floor:question:sent"]
        assert {(entry.actor_id, entry.actor_name) for entry in entries} == {
            (None, "イベントの参加者")
        }
        votes = db.session.scalars(select(FloorVote)).all()
        assert str(entries[0].details).find(votes[0].voter_key) == -1
