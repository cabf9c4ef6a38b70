"""Reads for the reception of a meeting: everybody who may come, and who is there."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from matchmaker.accounts.models import User
from matchmaker.core.db import db
from matchmaker.core.text import fold
from matchmaker.organizations.models import Organization
from matchmaker.working_groups.groups.domain import ROLE_LABELS, GroupRole
from matchmaker.working_groups.groups.queries import present_members
from matchmaker.working_groups.meetings.domain import AttendanceAnswer
from matchmaker.working_groups.meetings.models import Attendance

MOST_PEOPLE = 1000
COMING = (AttendanceAnswer.ON_SITE, AttendanceAnswer.ONLINE, AttendanceAnswer.PROXY)


@dataclass(frozen=True, slots=True)
class Guest:
    """One line of the reception list.

    Args:
        user: the person.
        organization: in whose name, if any.
        roles: what the person is in the group, in words.
        attendance: answer and presence, or None for a walk-in who is not there yet.
    """

    user: User
    organization: Organization | None
    roles: str
    attendance: Attendance | None

    @property
    def is_there(self) -> bool:
        """Whether the person was ticked or came by QR."""
        return self.attendance is not None and self.attendance.attended_at is not None

    @property
    def is_expected(self) -> bool:
        """Whether the person said they would come (or send somebody)."""
        return self.attendance is not None and self.attendance.answer in COMING


@dataclass(frozen=True, slots=True)
class Presence:
    """How many are there, of how many who said they would come."""

    there: int
    expected: int


def attendance_of(meeting_id: uuid.UUID, user_id: uuid.UUID | None) -> Attendance | None:
    """What is known of one person."""
    query = select(Attendance).where(
        Attendance.meeting_id == meeting_id, Attendance.user_id == user_id
    )
    return db.session.scalar(query.execution_options(populate_existing=True))


def presence_of(meeting_id: uuid.UUID) -> Presence:
    """Count those who are there and those who said they would come."""
    query = select(
        func.count(Attendance.attended_at),
        func.count(Attendance.id).filter(Attendance.answer.in_(COMING)),
    ).where(Attendance.meeting_id == meeting_id)
    there, expected = db.session.execute(query).one()
    return Presence(there, expected)


def guests_of(
    meeting_id: uuid.UUID, group_id: uuid.UUID, day: date, text: str = ""
) -> Sequence[Guest]:
    """Everybody who may come: those expected first, then the others of the group, by reading.

    Args:
        meeting_id: the meeting.
        group_id: its group; all its present people may walk in.
        day: whose members count.
        text: part of a name, reading or organisation.
    """
    guests = _people_of_group(group_id, day)
    for attendance in _attendances(meeting_id):
        known = guests.get(attendance.user_id)
        guests[attendance.user_id] = Guest(
            attendance.user,
            attendance.organization or (known.organization if known else None),
            known.roles if known else "",
            attendance,
        )
    wanted = fold(text)
    found = [guest for guest in guests.values() if wanted in _searched(guest)]
    return sorted(found, key=lambda g: (not g.is_expected, g.user.kana or g.user.name, g.user.id))


def _people_of_group(group_id: uuid.UUID, day: date) -> dict[uuid.UUID, Guest]:
    roles: dict[uuid.UUID, list[GroupRole]] = {}
    people: dict[uuid.UUID, Guest] = {}
    for member in present_members(group_id, day):
        roles.setdefault(member.user_id, []).append(member.role)
        words = "・".join(ROLE_LABELS[role] for role in roles[member.user_id])
        people[member.user_id] = Guest(member.user, member.organization, words, None)
    return people


def _attendances(meeting_id: uuid.UUID) -> Sequence[Attendance]:
    query = (
        select(Attendance)
        .options(joinedload(Attendance.user), joinedload(Attendance.organization))
        .where(Attendance.meeting_id == meeting_id)
        .order_by(Attendance.id)
        .limit(MOST_PEOPLE)
    )
    return db.session.scalars(query).all()


def _searched(guest: Guest) -> str:
    organization = guest.organization.name if guest.organization else ""
    return fold(f"{guest.user.name} {guest.user.kana} {organization}")


def attended_ids(meeting_id: uuid.UUID) -> list[uuid.UUID]:
    """Those who were there."""
    query = (
        select(Attendance.user_id)
        .where(Attendance.meeting_id == meeting_id, Attendance.attended_at.is_not(None))
        .order_by(Attendance.id)
        .limit(MOST_PEOPLE)
    )
    return list(db.session.scalars(query))


def users_with(ids: Collection[uuid.UUID]) -> Sequence[User]:
    """People by their ids, by reading."""
    query = select(User).where(User.id.in_(ids)).order_by(User.kana, User.id).limit(MOST_PEOPLE)
    return db.session.scalars(query).all()
