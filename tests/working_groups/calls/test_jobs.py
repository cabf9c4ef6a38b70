"""What the worker tells: that a call has opened, and that its deadline is near. Once each."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from matchmaker.core.actor import OrganizationRole
from matchmaker.core.audit import entries_of
from matchmaker.core.db import db
from matchmaker.notifications.models import OutboxMessage
from matchmaker.notifications.registry import can_still_receive
from matchmaker.working_groups.calls import steps
from matchmaker.working_groups.calls.domain import CallMove
from matchmaker.working_groups.calls.jobs import announce_opened, remind_of_closing
from matchmaker.working_groups.calls.models import Call
from matchmaker.working_groups.calls.queries import get_call
from tests.working_groups.calls.made import CLOSES, OPENS, SECRETARIAT, member, published

SECOND = timedelta(seconds=1)


def mails() -> list[OutboxMessage]:
    return list(db.session.scalars(select(OutboxMessage).order_by(OutboxMessage.address)))


def notices(call: Call) -> list[int]:
    entries = reversed(entries_of(call.id))
    return [e.details["days"] for e in entries if e.tag == "calls:call:closing-soon"]


def test_representatives_are_told_once_when_a_call_opens(context: Flask) -> None:
    member("first")
    member("second")
    member("editor", OrganizationRole.EDITOR)
    call = published()
    assert announce_opened(OPENS - SECOND) == 0
    assert announce_opened(OPENS) == 1
    assert announce_opened(OPENS + SECOND) == 0
    assert [mail.address for mail in mails()] == ["first@example.com", "second@example.com"]
    text = mails()[0].body
    deadline = "2026年12月25日（令和8年）金曜日 17:00"
    facts = (call.title, deadline, "企業・自治体の会員", "提案を募ります。")
    assert all(fact in text for fact in facts)


def test_a_call_that_was_taken_back_and_published_again_is_announced_once(context: Flask) -> None:
    member("first")
    call = published()
    announce_opened(OPENS)
    call = get_call(call.id)
    steps.move_call(call, CallMove.UNPUBLISH, "直し", SECRETARIAT, OPENS)
    steps.move_call(call, CallMove.PUBLISH, "", SECRETARIAT, OPENS)
    assert announce_opened(OPENS + SECOND) == 0
    assert len(mails()) == 1


def test_mail_that_waits_is_dropped_when_the_call_is_cancelled(context: Flask) -> None:
    member("first")
    call = published()
    announce_opened(OPENS)
    (mail,) = mails()
    assert can_still_receive(mail.subject_kind, mail.recipient_user_id, mail.subject_id)
    steps.move_call(call, CallMove.CANCEL, "中止", SECRETARIAT, OPENS)
    assert not can_still_receive(mail.subject_kind, mail.recipient_user_id, mail.subject_id)


@pytest.mark.parametrize(
    ("moments", "told"),
    [
        ([8], []),
        ([7], [7]),
        ([7, 6, 2], [7]),
        ([7, 1, 0.5], [7, 1]),
        ([0.5], [1]),
        ([0], []),
    ],
)
def test_the_coming_deadline_is_told_at_most_twice(
    context: Flask, moments: list[float], told: list[int]
) -> None:
    call = published()
    for days in moments:
        remind_of_closing(CLOSES - timedelta(days=days))
    assert notices(call) == told


def test_an_extended_deadline_is_told_anew(context: Flask) -> None:
    call = published()
    remind_of_closing(CLOSES - timedelta(days=1))
    later = CLOSES + timedelta(days=10)
    steps.extend_call(call, later, "理由", SECRETARIAT, CLOSES - SECOND)
    assert remind_of_closing(CLOSES) == 0
    assert remind_of_closing(later - timedelta(days=7)) == 1
    assert notices(call) == [1, 7]
