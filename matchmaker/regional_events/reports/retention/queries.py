"""Which events hold data of guests, and until when."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, exists, func, or_, select
from sqlalchemy.orm import selectinload

from matchmaker.accounts.models import User
from matchmaker.core.audit import AuditEntry
from matchmaker.core.db import db
from matchmaker.regional_events.planning.domain import Duty, EventState
from matchmaker.regional_events.planning.models import EventStaff, RegionalEvent
from matchmaker.regional_events.registrations.models import Attendee, Registration
from matchmaker.regional_events.reports.domain import (
    MEMBERS_KEPT_FOR,
    TOLD_BEFORE,
    deletion_due_at,
)

MOST_EVENTS, MOST_STAFF = 1000, 200
AT_ONCE = 100
"""Registrations erased in one transaction: others wait for the database no longer than that."""


@dataclass(frozen=True, slots=True)
class GuestCounts:
    """How much data of guests an event still holds.

    Args:
        registrations: without an account, not yet erased.
        people: in them.
    """

    registrations: int = 0
    people: int = 0


def _is_guests() -> ColumnElement[bool]:
    return and_(Registration.user_id.is_(None), Registration.anonymised_at.is_(None))


def guest_counts(event_id: uuid.UUID) -> GuestCounts:
    """Count the guests of an event whose data is still there (two statements)."""
    where = Registration.event_id == event_id, _is_guests()
    registrations = db.session.scalar(select(func.count(Registration.id)).where(*where)) or 0
    people = (
        select(func.count(Attendee.id))
        .join(Registration, Registration.id == Attendee.registration_id)
        .where(*where)
    )
    return GuestCounts(registrations, db.session.scalar(people) or 0)


def registration_with_number(event_id: uuid.UUID, number: int) -> Registration | None:
    """The registration of that number with its people."""
    query = (
        select(Registration)
        .where(Registration.event_id == event_id, Registration.number == number)
        .options(selectinload(Registration.attendees))
    )
    return db.session.scalar(query)


def next_guests(event_id: uuid.UUID, limit: int = AT_ONCE) -> Sequence[uuid.UUID]:
    """Ids of some registrations of guests that are not erased yet."""
    return _next(Registration.event_id == event_id, _is_guests(), limit=limit)


def next_of_members(now: datetime, limit: int = AT_ONCE) -> Sequence[uuid.UUID]:
    """Ids of some registrations, of one event, that people with an account made long ago."""
    old = (
        select(Registration.event_id)
        .join(RegionalEvent, RegionalEvent.id == Registration.event_id)
        .where(RegionalEvent.ends_at <= now - MEMBERS_KEPT_FOR)
        .where(Registration.anonymised_at.is_(None))
        .order_by(RegionalEvent.ends_at, RegionalEvent.id)
        .limit(1)
    )
    event_id = db.session.scalar(old)
    if event_id is None:
        return []
    return _next(
        Registration.event_id == event_id, Registration.anonymised_at.is_(None), limit=limit
    )


def _next(*where: ColumnElement[bool], limit: int) -> Sequence[uuid.UUID]:
    query = select(Registration.id).where(*where).order_by(Registration.id).limit(limit)
    return db.session.scalars(query).all()


def events_due(now: datetime) -> list[RegionalEvent]:
    """Events whose guests are to be erased now: never yet, or some came to light since.

    A postponed event keeps its guests: they wait for the new date.
    """
    remaining = exists().where(Registration.event_id == RegionalEvent.id, _is_guests())
    return [
        event
        for event in _ended(now, or_(RegionalEvent.guests_deleted_at.is_(None), remaining))
        if due_at(event) <= now
    ]


def events_due_soon(now: datetime, within: timedelta) -> list[RegionalEvent]:
    """Events with guests that will be erased within that time."""
    remaining = exists().where(Registration.event_id == RegionalEvent.id, _is_guests())
    return [event for event in _ended(now, remaining) if now < due_at(event) <= now + within]


def due_at(event: RegionalEvent) -> datetime:
    """From when on the guests of an event are erased."""
    return deletion_due_at(event.ends_at, event.guest_retention_days)


def _ended(now: datetime, condition: ColumnElement[bool]) -> Sequence[RegionalEvent]:
    query = (
        select(RegionalEvent)
        .where(
            RegionalEvent.ends_at <= now,
            RegionalEvent.state != EventState.POSTPONED,
            condition,
        )
        .order_by(RegionalEvent.ends_at, RegionalEvent.id)
        .limit(MOST_EVENTS)
    )
    return db.session.scalars(query).all()


def was_told(event: RegionalEvent, tag: str) -> bool:
    """Whether the staff was told of this deletion: an entry of that tag since it came near."""
    told = exists().where(
        AuditEntry.subject_id == event.id,
        AuditEntry.tag == tag,
        AuditEntry.at >= due_at(event) - TOLD_BEFORE,
    )
    return bool(db.session.scalar(select(told)))


def planners_of(event_id: uuid.UUID) -> Sequence[User]:
    """People outside the secretariat who run the event."""
    query = (
        select(User)
        .join(EventStaff, EventStaff.user_id == User.id)
        .where(EventStaff.event_id == event_id, EventStaff.duty == Duty.PLANNING)
        .order_by(User.id)
        .limit(MOST_STAFF)
    )
    return db.session.scalars(query).all()
