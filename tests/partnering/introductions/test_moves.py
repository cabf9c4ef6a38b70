"""Answers, questions, closing and opening again: what is kept, told, and refused."""

from __future__ import annotations

import itertools
import uuid
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from matchmaker.accounts.queries import member_of
from matchmaker.accounts.service import change_member_role
from matchmaker.core.actor import OrganizationRole
from matchmaker.core.clock import today
from matchmaker.core.db import db
from matchmaker.core.errors import Conflict, IllegalMove, ProductError
from matchmaker.notifications.registry import can_still_receive
from matchmaker.offerings.types import OFFERING
from matchmaker.organizations.queries import organization_of
from matchmaker.organizations.service import withdraw
from matchmaker.partnering.introductions import corrections, policy, queries, service
from matchmaker.partnering.introductions.domain import (
    CLOSED_STATES,
    LIVE_STATES,
    STANDING_STATES,
    Answer,
    IntroductionMove,
    IntroductionState,
    ReasonCode,
    closes_at,
    last_day,
)
from matchmaker.partnering.introductions.models import IntroductionStep, WrittenOnce
from matchmaker.partnering.introductions.service import REMINDER_KIND, SUBJECT_KIND
from matchmaker.posts import service as posts
from matchmaker.posts.domain import Move
from tests.partnering.introductions.world import REASON, World

M, S = IntroductionMove, IntroductionState


def test_an_acceptance_names_who_gave_it(world: World) -> None:
    accepted = world.move(world.send(), M.ACCEPT)
    assert accepted.state is S.ACCEPTED
    assert accepted.answered_by is not None
    assert accepted.answered_by.name == "officer"
    assert [each.words for each in queries.messages_of(accepted.id)] == ["ぜひお願いします。"]


def test_a_refusal_keeps_code_and_words_and_reaches_the_sender(world: World) -> None:
    sent = world.send()
    declined = world.move(sent, M.DECLINE)
    assert (declined.reason_code, declined.reason) == (ReasonCode.QUANTITY, "量が足りません。")
    assert declined.closed_at is not None
    assert world.mails("introduction-decline")[0][1] == "maker@example.com"
    assert len(world.mails("introduction-decline")) == 1


def test_a_question_and_its_reply_stand_in_the_thread_and_give_time(world: World) -> None:
    sent = world.send(answer_due_on=today(world.now) + timedelta(days=3))
    asked = world.move(sent, M.ASK_BACK)
    assert asked.state is S.ASKED_BACK
    assert last_day(asked.answer_due_at) == today(world.now) + timedelta(days=7)
    later = world.now + timedelta(days=6)
    replied = world.move(sent, M.REPLY, "maker", later)
    assert last_day(replied.answer_due_at) == today(later) + timedelta(days=7)
    thread = [(each.move, each.author_name) for each in queries.messages_of(sent)]
    assert thread == [(M.ASK_BACK, "officer"), (M.REPLY, "maker")]
    assert [address for _, address in world.mails("introduction-ask_back")] == ["maker@example.com"]
    assert len(world.mails("introduction-reply")) == 2


def test_the_secretariat_acts_for_a_side_with_a_reason_and_both_are_told(world: World) -> None:
    sent, town = world.send(), world.organizations["青空町"]
    found, boss = queries.get(sent), world.actor("secretariat")
    answer = Answer(ReasonCode.TIMING)
    with pytest.raises(ProductError) as refused:
        service.move(found, M.DECLINE, answer, boss, world.now, on_behalf_of=town)
    assert refused.value.field == "reason"
    answer = Answer(ReasonCode.TIMING, "電話で確かめました。")
    service.move(found, M.DECLINE, answer, boss, world.now, on_behalf_of=town)
    step = queries.steps_of(sent)[-1]
    assert step.on_behalf_of_id == town
    told = {address for _, address in world.mails("introduction-acted")}
    assert told == {"officer@example.com", "chief@example.com"}
    assert [address for _, address in world.mails("introduction-decline")] == ["maker@example.com"]


def test_a_match_is_taken_back_into_an_open_introduction(world: World) -> None:
    sent = world.send()
    world.move(sent, M.ACCEPT)
    with pytest.raises(ProductError) as refused:
        world.move(sent, M.UNDO, "secretariat", reason="")
    assert refused.value.field == "reason"
    db.session.rollback()
    undone = world.move(sent, M.UNDO, "secretariat")
    assert undone.state is S.OPEN
    assert undone.answered_by_id is None
    assert last_day(undone.answer_due_at) == today(world.now) + timedelta(days=14)
    assert world.move(sent, M.ACCEPT).state is S.ACCEPTED


def test_an_old_page_changes_nothing(world: World) -> None:
    sent = world.send()
    world.move(sent, M.ASK_BACK)
    with pytest.raises(Conflict, match="先に操作"):
        world.move(sent, M.DECLINE, revision=1)


def test_time_that_ran_out_refuses_an_answer_and_allows_a_new_beginning(world: World) -> None:
    sent = world.send()
    late = closes_at(queries.get(sent).answer_due_at)
    with pytest.raises(IllegalMove, match="もう一度ひらく"):
        world.move(sent, M.ACCEPT, now=late)
    db.session.rollback()
    opened = world.move(
        sent, M.REOPEN, "maker", late, answer_due_on=today(late) + timedelta(days=5)
    )
    assert opened.state is S.OPEN
    assert [each.move for each in queries.steps_of(sent)] == [None, M.EXPIRE, M.REOPEN]
    assert last_day(opened.answer_due_at) == today(late) + timedelta(days=5)


def test_who_closed_it_opens_it_again_and_either_side_what_nobody_answered(world: World) -> None:
    may = {}
    for move, by in ((M.DECLINE, "officer"), (M.WITHDRAW, "maker")):
        sent = world.move(world.send(), move, by)
        may[move] = [n for n in ("officer", "maker") if _may_reopen(world, n, sent.id)]
        world.move(sent.id, M.REOPEN, by)
        world.move(sent.id, M.WITHDRAW, "maker")
    assert may == {M.DECLINE: ["officer"], M.WITHDRAW: ["maker"]}
    sent_id = world.send()
    world.move(sent_id, M.EXPIRE, now=closes_at(queries.get(sent_id).answer_due_at))
    assert all(_may_reopen(world, name, sent_id) for name in ("officer", "chief", "maker"))
    assert not any(_may_reopen(world, name, sent_id) for name in ("reader", "hauler"))


def _may_reopen(world: World, name: str, introduction_id: uuid.UUID) -> bool:
    return policy.can_move(world.actor(name), queries.get(introduction_id), M.REOPEN)


def test_each_side_is_offered_its_own_moves(world: World) -> None:
    found = queries.get(world.send())
    offered = {
        name: policy.offered_moves(world.actor(name), found, found.state)
        for name in ("officer", "maker", "reader", "hauler", "secretariat")
    }
    assert offered == {
        "officer": [M.ACCEPT, M.DECLINE, M.ASK_BACK], "maker": [M.WITHDRAW],
        "reader": [], "hauler": [], "secretariat": [],
    }  # fmt: skip


def test_a_closed_post_ends_what_waits_and_a_paused_one_does_not(world: World) -> None:
    sent = world.send()
    world.move_post("青空町", Move.PAUSE)
    assert queries.get(sent).state is S.OPEN
    world.move_post("青空町", Move.CLOSE)
    ended = queries.get(sent)
    assert (ended.state, ended.reason_code) == (S.DECLINED, ReasonCode.OTHER)
    assert "掲載が終わりました" in ended.reason
    assert [address for _, address in world.mails("introduction-decline")] == ["maker@example.com"]
    with pytest.raises(ProductError, match="掲載が終わった"):
        world.move(sent, M.REOPEN)


def test_the_sender_s_closed_post_withdraws_its_interest(world: World) -> None:
    sent = world.send()
    world.move_post("緑山工業", Move.CLOSE)
    assert queries.get(sent).state is S.WITHDRAWN
    assert len(world.mails("introduction-withdraw")) == 2


def test_an_organisation_that_leaves_ends_what_waits(world: World) -> None:
    sent = world.send()
    withdraw(
        organization_of(world.organizations["緑山工業"]),
        "退会",
        world.actor("secretariat"),
        world.now,
    )
    assert queries.get(sent).state is S.WITHDRAWN


def test_a_post_that_is_removed_takes_its_introductions_along_and_tells_both(world: World) -> None:
    sent = world.send()
    posts.delete(OFFERING, world.post("緑山工業"), world.actor("secretariat"), world.now)
    db.session.commit()
    db.session.expunge_all()
    assert len(world.mails("introduction-gone")) == 3
    assert queries.standing_of_pair(world.posts["青空町"], world.posts["緑山工業"]) is None
    assert not queries.steps_of(sent)


def test_mail_is_dropped_for_who_lost_the_role(world: World) -> None:
    sent = world.send()
    officer, town = world.users["officer"], world.organizations["青空町"]
    for kind in (SUBJECT_KIND, REMINDER_KIND):
        assert can_still_receive(kind, officer, sent)
    change_member_role(
        member_of(town, officer), OrganizationRole.READER, world.actor("secretariat"), world.now
    )
    for kind in (SUBJECT_KIND, REMINDER_KIND):
        assert not can_still_receive(kind, officer, sent)
    assert can_still_receive(REMINDER_KIND, world.users["chief"], sent)
    world.move(sent, M.ACCEPT, "chief")
    assert not can_still_receive(REMINDER_KIND, world.users["chief"], sent)
    assert can_still_receive(SUBJECT_KIND, world.users["chief"], sent)


def test_the_trace_is_written_once(world: World) -> None:
    step = queries.steps_of(world.send())[0]
    step.words = "あとから"
    with pytest.raises(WrittenOnce):
        db.session.flush()
    db.session.rollback()
    db.session.delete(db.session.get_one(IntroductionStep, step.id))
    with pytest.raises(WrittenOnce):
        db.session.flush()
    db.session.rollback()


def test_the_secretariat_corrects_a_deadline_and_a_reason_code(world: World) -> None:
    sent, boss = world.send(), world.actor("secretariat")
    day = today(world.now) + timedelta(days=1)
    told = Answer(reason="電話で頼まれました。", answer_due_on=day)
    corrections.correct(queries.get(sent), told, boss, world.now)
    assert last_day(queries.get(sent).answer_due_at) == day
    world.move(sent, M.DECLINE)
    told = Answer(ReasonCode.DISTANCE, "選びまちがい")
    corrections.correct(queries.get(sent), told, boss, world.now)
    assert queries.get(sent).reason_code is ReasonCode.DISTANCE
    with pytest.raises(ProductError):
        corrections.correct(queries.get(sent), Answer(ReasonCode.COST), boss, world.now)
    assert [each.number for each in queries.steps_of(sent)] == [1, 2, 3, 4]


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(st.tuples(st.sampled_from(list(M)), st.integers(0, 9)), max_size=12))
def test_whatever_happens_trace_and_state_agree(
    world: World, history: list[tuple[IntroductionMove, int]]
) -> None:
    now = world.now
    introduction_id = service.send(world.interest(), world.actor("maker"), now).id
    for move, days in history:
        now += timedelta(days=days)
        found = queries.get(introduction_id)
        try:
            service.move(found, move, REASON[move], world.actor("secretariat"), now)
        except ProductError:
            continue
    found, steps = queries.get(introduction_id), queries.steps_of(introduction_id)
    assert [each.number for each in steps] == list(range(1, found.revision + 1))
    assert all(a.after is b.before for a, b in itertools.pairwise(steps))
    assert steps[-1].after is found.state
    assert (found.closed_at is not None) == (found.state in CLOSED_STATES)
    assert (found.reason_code is None) or found.state in CLOSED_STATES
    opened = [each for each in steps if each.move in (M.REOPEN, M.UNDO)]
    closed = [each for each in steps if each.after in CLOSED_STATES]
    assert found.closes == len(opened) + len(closed)
    is_standing = queries.standing_of_pair(found.need_id, found.offering_id) is not None
    assert is_standing == (found.state in STANDING_STATES)
    if found.state in LIVE_STATES:
        assert found.answer_due_at > found.turn_began_at
    db.session.rollback()
