"""What happens to a call reaches those who write for it, once each, with the facts in the text."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from matchmaker.core import clock
from matchmaker.core.db import db
from matchmaker.notifications.models import OutboxMessage
from matchmaker.working_groups.calls.domain import CallMove
from matchmaker.working_groups.calls.jobs import remind_of_closing
from matchmaker.working_groups.calls.steps import extend_call, move_call
from tests.working_groups.proposals.world import World

DAY = timedelta(days=1)


def told(word: str) -> dict[str, str]:
    """Text of the mails whose key begins with ``word``, by address."""
    query = select(OutboxMessage).where(OutboxMessage.dedupe_key.startswith(word))
    return {mail.address.partition("@")[0]: mail.body for mail in db.session.scalars(query)}


def test_a_cancelled_call_is_told_to_all_authors_with_the_reason(world: World) -> None:
    world.join(world.submitted())
    world.begin("hauler")
    move_call(
        world.call(),
        CallMove.CANCEL,
        "予算が付きませんでした。",
        world.actor("secretariat"),
        clock.now(),
    )
    mails = told("call-cancelled")
    assert sorted(mails) == ["hauler", "maker", "officer"]
    assert all("予算が付きませんでした。" in body for body in mails.values())


def test_a_later_deadline_is_told(world: World) -> None:
    world.begin()
    call = world.call()
    extend_call(
        call, call.deadline + 3 * DAY, "連休のため", world.actor("secretariat"), clock.now()
    )
    (body,) = told("call-extended").values()
    assert "連休のため" in body


def test_only_those_who_still_write_are_reminded_of_the_deadline_and_once(world: World) -> None:
    world.submitted()
    world.begin("hauler")
    a_day_before = world.call().deadline - DAY + timedelta(hours=1)
    for _ in range(2):
        remind_of_closing(a_day_before)
    assert list(told("call-closing")) == ["hauler"]
