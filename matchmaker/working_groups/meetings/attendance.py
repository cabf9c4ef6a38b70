"""Answers to the invitation: who comes, where, and who is sent instead."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import insert

from matchmaker.accounts.domain import email_is_plausible, email_key
from matchmaker.core import clock
from matchmaker.core.actor import Actor
from matchmaker.core.db import db, new_id
from matchmaker.core.dialect import insert_or_skip
from matchmaker.core.domain_events import record
from matchmaker.core.errors import ProductError
from matchmaker.core.text import clean_line
from matchmaker.working_groups.groups.models import GroupMember
from matchmaker.working_groups.meetings import policy, queries
from matchmaker.working_groups.meetings.domain import (
    AttendanceAnswer,
    MeetingState,
    possible_answers,
)
from matchmaker.working_groups.meetings.events import AttendanceAnswered
from matchmaker.working_groups.meetings.models import Attendance, Meeting
from matchmaker.working_groups.meetings.notices import has_online

NAME_LENGTH, EMAIL_LENGTH, NOTE_LENGTH = 100, 254, 500


@dataclass(frozen=True, slots=True)
class Answer:
    """What somebody says to an invitation.

    Args:
        answer: how they take part.
        proxy_name: who comes instead.
        proxy_email: where that person gets the notice.
        note: words for the organisers.
    """

    answer: AttendanceAnswer
    proxy_name: str = ""
    proxy_email: str = ""
    note: str = ""


def answer_invitation(meeting: Meeting, given: Answer, actor: Actor, now: datetime) -> Attendance:
    """Let a person answer for themselves, until the deadline. A later answer replaces an earlier.

    Raises:
        ProductError: the deadline is over, the person is not of the group, or the answer is not
            possible (with its field).
    """
    member = _invited(meeting, actor.user_id, now)
    if not policy.answers_are_open(meeting, now):
        raise ProductError(
            "回答の期限を過ぎました。変えたいときは、会合の主催者に知らせてください。"
        )
    return _store(meeting, member, given, actor, now)


def register_answer(
    meeting: Meeting, user_id: uuid.UUID, given: Answer, actor: Actor, now: datetime
) -> Attendance:
    """Write down an answer that came by telephone or too late (organisers).

    Raises:
        ProductError: the person is not of the group, the meeting was not announced, or the answer
            is not possible.
    """
    if meeting.state not in (MeetingState.ANNOUNCED, MeetingState.HELD):
        raise ProductError("出欠を記録できるのは、案内を送った会合だけです。")
    return _store(meeting, _invited(meeting, user_id, now), given, actor, now)


def _invited(meeting: Meeting, user_id: uuid.UUID | None, now: datetime) -> GroupMember:
    people = queries.invited_people(meeting.group_id, clock.today(now))
    member = next((each for each in people if each.user_id == user_id), None)
    if member is None:
        raise ProductError("この会合に招かれている人ではありません。")
    return member


def _store(
    meeting: Meeting, member: GroupMember, given: Answer, actor: Actor, now: datetime
) -> Attendance:
    given = _checked(meeting, member, given)
    attendance = _row(meeting.id, member)
    former = (attendance.proxy_name, attendance.proxy_email)
    attendance.organization_id = member.organization_id
    attendance.answer = given.answer
    attendance.proxy_name = given.proxy_name
    attendance.proxy_email = given.proxy_email
    attendance.note = given.note
    attendance.answered_at = now
    db.session.flush()
    replaced = former[1] != given.proxy_email
    _record(
        meeting, attendance, actor, now,
        former_proxy=former if replaced and former[1] else None,
        has_new_proxy=replaced and bool(given.proxy_email),
    )  # fmt: skip
    return attendance


def _row(meeting_id: uuid.UUID, member: GroupMember) -> Attendance:
    """The person's one row, made now if need be; two tabs at once meet in the same row."""
    statement = insert(Attendance).values(
        id=new_id(), meeting_id=meeting_id, user_id=member.user_id, proxy_name="", proxy_email="",
        note="",
    )  # fmt: skip
    insert_or_skip(db.session(), statement, ["meeting_id", "user_id"])
    attendance = queries.attendance_of(meeting_id, member.user_id)
    assert attendance is not None  # noqa: S101 - it was just made sure of
    return attendance


def _checked(meeting: Meeting, member: GroupMember, given: Answer) -> Answer:
    if given.answer not in possible_answers(meeting.place, has_online(meeting)):
        raise ProductError("この会合では選べない答えです。", "answer")
    note = clean_line(given.note)[:NOTE_LENGTH]
    if given.answer is not AttendanceAnswer.PROXY:
        return Answer(given.answer, note=note)
    name = clean_line(given.proxy_name)[:NAME_LENGTH]
    if not name:
        raise ProductError("代理の人の名前を入れてください。", "proxy_name")
    address = email_key(given.proxy_email)
    if len(address) > EMAIL_LENGTH or not email_is_plausible(address):
        raise ProductError("代理の人のメールアドレスを確かめてください。", "proxy_email")
    if address == member.user.email_key:
        raise ProductError("代理の人には、本人とは別のアドレスを入れてください。", "proxy_email")
    return Answer(given.answer, name, address, note)


def _record(
    meeting: Meeting,
    attendance: Attendance,
    actor: Actor,
    now: datetime,
    *,
    former_proxy: tuple[str, str] | None,
    has_new_proxy: bool,
) -> None:
    record(
        AttendanceAnswered(
            actor=actor, now=now, subject_id=meeting.id,
            organization_id=attendance.organization_id, user_id=attendance.user_id,
            former_proxy=former_proxy, has_new_proxy=has_new_proxy,
            details={"answer": str(attendance.answer), "user_id": str(attendance.user_id)},
        )
    )  # fmt: skip
