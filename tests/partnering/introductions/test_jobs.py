"""The worker reminds at half time and on the last day, and closes what nobody answered."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from matchmaker.core.clock import today
from matchmaker.core.db import db
from matchmaker.matching.ledger.queries import entries
from matchmaker.notifications.models import OutboxMessage
from matchmaker.partnering.introductions import jobs, queries
from matchmaker.partnering.introductions.domain import (
    IntroductionMove,
    IntroductionState,
    ReasonCode,
    closes_at,
    half_time,
    last_day_begins,
)
from matchmaker.partnering.introductions.queries import Box, Group, IntroductionFilter
from tests.partnering.introductions.world import World

M, S = IntroductionMove, IntroductionState
BLINK = timedelta(microseconds=1)


def test_whoever_is_awaited_is_reminded_twice_and_then_it_closes(world: World) -> None:
    sent = world.send()
    made = queries.get(sent)
    due = made.answer_due_at
    half = half_time(made.turn_began_at, due)
    runs = [half - BLINK, half, half + BLINK, last_day_begins(due) - BLINK,
            last_day_begins(due), due, due + timedelta(hours=1)]  # fmt: skip
    assert [jobs.remind(each) for each in runs] == [0, 1, 0, 0, 1, 0, 0]
    mails = world.mails("introduction-reminder")
    assert sorted({address for _, address in mails}) == ["chief@example.com", "officer@example.com"]
    assert len(mails) == 4
    assert jobs.close_unanswered(closes_at(due) - BLINK) == 0
    assert [jobs.close_unanswered(closes_at(due)) for _ in range(2)] == [1, 0]
    closed = queries.get(sent)
    assert (closed.state, closed.reason_code) == (S.UNANSWERED, ReasonCode.NO_ANSWER)
    assert len(world.mails("introduction-expire")) == 3


def test_a_question_turns_the_reminder_to_the_sender(world: World) -> None:
    sent = world.send()
    asked = world.move(sent, M.ASK_BACK)
    assert jobs.remind(half_time(asked.turn_began_at, asked.answer_due_at)) == 1
    assert [address for _, address in world.mails("introduction-reminder")] == ["maker@example.com"]


def test_a_late_run_reminds_once_for_both_moments(world: World) -> None:
    due = queries.get(world.send()).answer_due_at
    assert [jobs.remind(due), jobs.remind(due + BLINK)] == [1, 0]


def test_after_the_last_day_the_reminder_says_so(world: World) -> None:
    due = queries.get(world.send()).answer_due_at
    assert jobs.remind(due) == 1
    body = db.session.scalars(
        db.select(OutboxMessage.subject).where(
            OutboxMessage.dedupe_key.startswith("introduction-reminder")
        )
    ).all()
    assert all(subject.startswith("期限を過ぎました") for subject in body)


def test_after_a_stop_beyond_the_grace_it_closes_without_a_reminder(world: World) -> None:
    late = closes_at(queries.get(world.send()).answer_due_at) + timedelta(days=40)
    assert jobs.remind(late) == 0
    assert [jobs.close_unanswered(late) for _ in range(2)] == [1, 0]
    assert world.mails("introduction-reminder") == []
    assert len(world.mails("introduction-expire")) == 3


def test_what_is_not_due_hides_nothing_that_is(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "AT_ONCE", 1)
    soon = queries.get(world.send(answer_due_on=today(world.now) + timedelta(days=14)))
    begun = world.now - timedelta(days=40)
    long_ago = queries.get(
        world.send(
            "officer", begun, offering_id=world.posts["白浜運輸"],
            answer_due_on=today(begun) + timedelta(days=60),
        )
    )  # fmt: skip
    assert long_ago.answer_due_at > soon.answer_due_at
    # The later deadline has its half time behind it; the nearer one does not, and comes first.
    assert [jobs.remind(world.now) for _ in range(2)] == [1, 0]
    assert [address for _, address in world.mails("introduction-reminder")] == [
        "hauler@example.com"
    ]


def test_workers_at_once_remind_and_close_once(world: World) -> None:
    sent = queries.get(world.send())
    db.session.remove()
    for job, now in ((jobs.remind, sent.answer_due_at),
                     (jobs.close_unanswered, closes_at(sent.answer_due_at))):  # fmt: skip
        assert sum(_at_once(world, job, now)) == 1
    assert len(world.mails("introduction-reminder")) == 2
    assert len(world.mails("introduction-expire")) == 3


def _at_once(world: World, job: Callable[[datetime], int], now: datetime) -> list[int]:
    done: list[int] = []
    start = threading.Barrier(8, timeout=60)

    def run() -> None:
        with world.app.app_context():
            start.wait()
            done.append(job(now))
            db.session.remove()

    threads = [threading.Thread(target=run) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(done) == 8
    return done


def test_lists_put_first_what_waits_and_count_by_the_clock(world: World) -> None:
    first = world.send()
    second = world.send("officer", offering_id=world.posts["白浜運輸"])
    town, now = [world.organizations["青空町"]], world.now
    listed = queries.for_organization(town, IntroductionFilter(), town, now)
    assert [each.id for each in listed.items] == [first, second]
    counts = queries.group_counts(town, Box.ALL, town, now)
    assert counts == {Group.WAITING: 1, Group.LIVE: 2, Group.ACCEPTED: 0, Group.CLOSED: 0}
    assert queries.count_waiting(world.actor("officer"), now) == 1
    assert queries.count_waiting(world.actor("reader"), now) == 0
    late = closes_at(queries.get(first).answer_due_at)
    assert queries.group_counts(town, Box.ALL, town, late)[Group.CLOSED] == 2
    assert queries.count_waiting(world.actor("officer"), late) == 0
    received = queries.for_organization(town, IntroductionFilter(Box.RECEIVED), town, now)
    assert [each.id for each in received.items] == [first]


def test_the_ledger_hears_interest_and_answer_without_the_words(world: World) -> None:
    declined = world.send()
    world.move(declined, M.DECLINE)
    accepted = world.send("officer", offering_id=world.posts["白浜運輸"])
    world.move(accepted, M.ACCEPT, "hauler")
    db.session.commit()
    heard = sorted(
        (each.source, each.verdict, each.reason, each.grade, each.side.value) for each in entries()
    )
    assert heard == [
        ("interest", "sent", "", 2, "business"),
        ("interest", "sent", "", 2, "town"),
        ("introduction", "accepted", "", 2, "business"),
        ("introduction", "declined", "quantity", 1, "town"),
    ]
