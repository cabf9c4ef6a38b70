"""Reviewers with work to do are reminded 7 days and 1 day before it is due, once each."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import pytest

from matchmaker.core.clock import JST, today
from matchmaker.core.db import db
from matchmaker.notifications.registry import can_still_receive
from matchmaker.working_groups.calls.models import Call
from matchmaker.working_groups.calls.queries import get_reviewer, reviewer_with
from matchmaker.working_groups.calls.reviewers import release_reviewer
from matchmaker.working_groups.reviews.domain import reminder_due
from matchmaker.working_groups.reviews.jobs import remind_of_reviews
from tests.working_groups.reviews.steps import assign, hand_in, mails
from tests.working_groups.reviews.world import World

WORDS = "審査の期限が近づいています"
DUE = date(2026, 12, 20)


def morning(world: World, days_before: int) -> datetime:
    """Half past seven in Japan, so many days before the reviews are due."""
    call = db.session.get_one(Call, world.call_id)
    assert call.reviews_due_at is not None
    day = today(call.reviews_due_at) - timedelta(days=days_before)
    return datetime.combine(day, time(7, 30), JST)


@pytest.mark.parametrize(
    ("left", "due"), [(8, None), (7, 7), (6, 7), (2, 7), (1, 1), (0, 1), (-1, None)]
)
def test_days_of_reminders(left: int, due: int | None) -> None:
    assert reminder_due(DUE, DUE - timedelta(days=left)) == due


def test_who_has_reviews_to_do_is_reminded_twice(world: World) -> None:
    with world.app.app_context():
        assign(world)
        assert remind_of_reviews(morning(world, 8)) == 0
        assert [remind_of_reviews(morning(world, days)) for days in (7, 7, 6, 2)] == [3, 0, 0, 0]
        hand_in(world, "first", "bamboo", 3, 4)
        hand_in(world, "first", "food", 3, 4)
        assert [remind_of_reviews(morning(world, days)) for days in (1, 0, -1)] == [2, 0, 0]
        told = [mail.address.split("@")[0] for mail in mails(WORDS)]
        assert sorted(told) == ["first", "partial", "partial", "second", "second"]
        assert {mail.subject[-6:] for mail in mails(WORDS)} == {"（残り2件）", "（残り1件）"}


def test_the_mail_names_the_day(world: World) -> None:
    with world.app.app_context():
        assign(world)
        remind_of_reviews(morning(world, 7))
        body = mails(WORDS)[0].body
        assert "あと7日" in body
        assert "/reviews" in body


def test_who_finished_or_left_meanwhile_gets_nothing(world: World) -> None:
    with world.app.app_context():
        assign(world)
        seat = reviewer_with(world.call_id, world.people["second"])
        assert seat is not None
        release_reviewer(
            get_reviewer(world.call_id, seat.id), "都合により", world.actor("secretary"), world.now
        )
        db.session.commit()
        assert remind_of_reviews(morning(world, 7)) == 2
        hand_in(world, "partial", "food", 3, 4)
        for mail in mails(WORDS):
            waits = mail.recipient_user_id != world.people["partial"]
            receives = can_still_receive(mail.subject_kind, mail.recipient_user_id, mail.subject_id)
            assert receives is waits
