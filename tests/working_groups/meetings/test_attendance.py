"""Answers to invitations, proxies, and the reminders around them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from flask import Flask
from icalendar import Calendar
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from matchmaker.core.actor import SYSTEM
from matchmaker.core.db import db
from matchmaker.core.errors import ProductError
from matchmaker.notifications.registry import can_still_receive
from matchmaker.working_groups.groups.models import GroupMember
from matchmaker.working_groups.meetings import jobs, queries, service
from matchmaker.working_groups.meetings.attendance import (
    Answer,
    answer_invitation,
    register_answer,
)
from matchmaker.working_groups.meetings.domain import AttendanceAnswer, MeetingMove
from matchmaker.working_groups.meetings.models import Attendance, Meeting
from tests.working_groups.meetings.planning_world import (
    LINK,
    NOW,
    World,
    addresses,
    at,
    details,
    forget_mail,
    mails,
    moved,
)

ON_SITE = Answer(AttendanceAnswer.ON_SITE)
ONLINE = Answer(AttendanceAnswer.ONLINE)
ABSENT = Answer(AttendanceAnswer.ABSENT)
PROXY = Answer(AttendanceAnswer.PROXY, "代理 花子", "Hanako＠example.org")
SECOND = timedelta(seconds=1)


@pytest.fixture(name="world")
def world_in_context(app: Flask) -> Iterator[World]:
    """A world within an application context."""
    world = World(app)
    with app.app_context():
        yield world


def say(world: World, meeting: Meeting, name: str, given: Answer, now: datetime = NOW) -> None:
    answer_invitation(meeting, given, world.actor(name), now)


def answers(meeting: Meeting) -> int:
    query = select(func.count(Attendance.id)).where(Attendance.meeting_id == meeting.id)
    return db.session.scalar(query) or 0


def test_a_second_answer_takes_the_place_of_the_first(world: World) -> None:
    meeting = world.plan()
    say(world, meeting, "member", ON_SITE)
    say(world, meeting, "member", ABSENT)
    assert answers(meeting) == 1
    stored = queries.attendance_of(meeting.id, world.users["member"])
    assert stored is not None
    assert stored.answer is AttendanceAnswer.ABSENT


def test_the_database_takes_one_answer_of_a_person(world: World) -> None:
    meeting = world.plan()
    say(world, meeting, "member", ON_SITE)
    db.session.add(Attendance(meeting_id=meeting.id, user_id=world.users["member"]))
    with pytest.raises(IntegrityError):
        db.session.flush()
    db.session.rollback()


def test_answers_are_taken_until_the_deadline_to_the_second(world: World) -> None:
    meeting = world.plan()
    assert meeting.answers_until is not None
    say(world, meeting, "member", ON_SITE, meeting.answers_until - SECOND)
    with pytest.raises(ProductError, match="期限を過ぎました"):
        say(world, meeting, "member", ABSENT, meeting.answers_until)


def test_without_a_deadline_answers_are_taken_until_the_beginning(world: World) -> None:
    meeting = world.plan(answers_until=None)
    say(world, meeting, "member", ON_SITE, meeting.starts_at - SECOND)
    with pytest.raises(ProductError):
        say(world, meeting, "member", ABSENT, meeting.starts_at)


def test_organisers_register_late_answers(world: World) -> None:
    meeting = world.plan()
    register_answer(
        meeting, world.users["member"], ABSENT, world.actor("chair"), meeting.starts_at - SECOND
    )
    stored = queries.attendance_of(meeting.id, world.users["member"])
    assert stored is not None
    assert stored.answer is AttendanceAnswer.ABSENT


@pytest.mark.parametrize("name", ["outsider", "secretariat", "visitor"])
def test_nobody_outside_the_group_answers(world: World, name: str) -> None:
    meeting = world.plan()
    with pytest.raises(ProductError, match="招かれている人"):
        say(world, meeting, name, ON_SITE)


def test_answers_are_not_registered_for_people_outside_the_group(world: World) -> None:
    meeting = world.plan()
    with pytest.raises(ProductError, match="招かれている人"):
        register_answer(meeting, world.users["outsider"], ON_SITE, SYSTEM, NOW)


def test_one_cannot_come_to_a_place_that_there_is_not(world: World) -> None:
    meeting = world.plan(place="")
    with pytest.raises(ProductError) as caught:
        say(world, meeting, "member", ON_SITE)
    assert caught.value.field == "answer"


@pytest.mark.parametrize(
    ("given", "field"),
    [
        (Answer(AttendanceAnswer.PROXY, "", "a@example.org"), "proxy_name"),
        (Answer(AttendanceAnswer.PROXY, "花子", "アドレスなし"), "proxy_email"),
        (Answer(AttendanceAnswer.PROXY, "花子", "MEMBER@example.com"), "proxy_email"),
    ],
)
def test_a_proxy_has_a_name_and_an_address_of_their_own(
    world: World, given: Answer, field: str
) -> None:
    meeting = world.plan()
    with pytest.raises(ProductError) as caught:
        say(world, meeting, "member", given)
    assert caught.value.field == field


def test_a_proxy_gets_the_notice_with_the_link_once(world: World) -> None:
    meeting = world.plan()
    say(world, meeting, "member", PROXY)
    say(world, meeting, "member", PROXY, NOW + SECOND)
    assert addresses() == ["hanako@example.org"]
    body = mails()[0].body
    assert LINK in body
    assert "memberさんの代理として" in body
    assert "代理 花子 様" in body


def test_a_proxy_who_is_not_sent_any_more_is_told_without_the_link(world: World) -> None:
    meeting = world.plan()
    say(world, meeting, "member", PROXY)
    forget_mail()
    say(world, meeting, "member", ON_SITE, NOW + SECOND)
    (mail,) = mails()
    assert mail.address == "hanako@example.org"
    assert LINK not in mail.body
    assert str(Calendar.from_ical(mail.calendar or "")["METHOD"]) == "CANCEL"


def test_whoever_has_left_the_group_gets_no_mail_that_still_waits(world: World) -> None:
    meeting = world.plan()
    user_id = world.users["member"]
    db.session.commit()
    assert can_still_receive("meetings:meeting", user_id, meeting.id)
    query = select(GroupMember).where(GroupMember.user_id == user_id)
    member = db.session.scalars(query).one()
    member.ends_on = member.starts_on
    db.session.commit()
    assert not can_still_receive("meetings:meeting", user_id, meeting.id)


def remind(now: datetime) -> list[str]:
    """Addresses that a run of the job at ``now`` adds."""
    forget_mail()
    db.session.commit()
    jobs.remind_to_answer(now)
    return addresses()


def test_the_silent_are_reminded_seven_and_two_days_before_the_deadline_at_midnight(
    world: World,
) -> None:
    meeting = world.plan()
    say(world, meeting, "chair", ON_SITE)
    silent = ["expert@example.com", "member@example.com", "observer@example.com"]
    assert remind(at("2026-11-20", "00:00") - SECOND) == []
    assert remind(at("2026-11-20", "00:00")) == silent
    assert remind(at("2026-11-25", "00:00") - SECOND) == silent, "made up for when missed"
    assert remind(at("2026-11-25", "00:00")) == silent
    assert remind(at("2026-11-27", "17:00")) == []


def test_a_reminder_goes_out_once(world: World) -> None:
    world.plan()
    db.session.commit()
    assert jobs.remind_to_answer(at("2026-11-20", "07:00")) == 4
    assert jobs.remind_to_answer(at("2026-11-20", "07:01")) == 0
    assert jobs.remind_to_answer(at("2026-11-21", "07:00")) == 0
    assert jobs.remind_to_answer(at("2026-11-25", "07:00")) == 4
    assert len(mails()) == 8


def test_a_moved_meeting_reminds_again(world: World) -> None:
    meeting = world.plan()
    db.session.commit()
    assert jobs.remind_to_answer(at("2026-11-20", "07:00")) == 4
    later = details(
        starts_at=at("2026-12-15"), ends_at=at("2026-12-15", "16:00"),
        answers_until=at("2026-12-11", "17:00"),
    )  # fmt: skip
    service.change_meeting(meeting, later, SYSTEM, at("2026-11-21"))
    db.session.commit()
    assert jobs.remind_to_answer(at("2026-11-25", "07:00")) == 0
    assert jobs.remind_to_answer(at("2026-12-04", "07:00")) == 4


def test_no_reminder_follows_at_the_heels_of_the_notice(world: World) -> None:
    meeting = world.plan(announced=False)
    moved(meeting, MeetingMove.ANNOUNCE, now=at("2026-11-22", "12:00"))
    assert remind(at("2026-11-23", "07:00")) == []
    assert len(remind(at("2026-11-25", "07:00"))) == 4


def test_nobody_is_reminded_of_a_cancelled_meeting(world: World) -> None:
    meeting = world.plan()
    moved(meeting, MeetingMove.CANCEL, "中止")
    assert remind(at("2026-11-20", "07:00")) == []


def test_those_who_come_are_reminded_on_the_day_before(world: World) -> None:
    meeting = world.plan()
    say(world, meeting, "chair", ON_SITE)
    say(world, meeting, "expert", ONLINE)
    say(world, meeting, "member", PROXY)
    say(world, meeting, "observer", ABSENT)
    forget_mail()
    db.session.commit()
    assert jobs.remind_of_tomorrow(at("2026-11-30", "00:00") - SECOND) == 0
    assert jobs.remind_of_tomorrow(at("2026-11-30", "00:00")) == 3
    assert jobs.remind_of_tomorrow(at("2026-11-30", "12:00")) == 0
    assert addresses() == ["chair@example.com", "expert@example.com", "hanako@example.org"]
    assert "あなたの回答：会場で出席" in mails()[0].body


def test_a_meeting_moved_by_hours_reminds_of_the_new_time(world: World) -> None:
    meeting = world.plan()
    say(world, meeting, "chair", ON_SITE)
    db.session.commit()
    assert jobs.remind_of_tomorrow(at("2026-11-30", "07:00")) == 1
    later = details(starts_at=at("2026-12-01", "18:00"), ends_at=at("2026-12-01", "19:00"))
    service.change_meeting(meeting, later, SYSTEM, at("2026-11-30", "08:00"))
    db.session.commit()
    assert jobs.remind_of_tomorrow(at("2026-11-30", "09:00")) == 1
