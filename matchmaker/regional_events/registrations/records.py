"""Rows that a command of the seat engine works on, read anew once the event is its own.

Every command begins with :func:`lock_event`: on PostgreSQL commands on one event run one after the
other, so that the order of the waiting list holds; on SQLite a writer is alone anyway (ADR 0043).
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import joinedload

from matchmaker.core.actor import Actor
from matchmaker.core.db import db
from matchmaker.core.errors import NotFound
from matchmaker.regional_events.planning.models import RegionalEvent, Track
from matchmaker.regional_events.registrations.domain import LIVE_STATES
from matchmaker.regional_events.registrations.models import Attendee, Registration, WaitingEntry

EVENT_COLUMNS = (
    "state", "starts_at", "ends_at", "opens_at", "closes_at", "change_until", "hold_hours",
    "waiting_rule",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Step:
    """One command: on which event, by whom, when, why."""

    event: RegionalEvent
    actor: Actor
    now: datetime
    reason: str = ""


def lock_event(event_id: uuid.UUID) -> RegionalEvent:
    """The event, as it is now; no other command on its seats runs until this one is committed.

    Raises:
        NotFound: there is none.
    """
    event = db.session.get(RegionalEvent, event_id)
    if event is None:
        raise NotFound
    db.session.refresh(event, EVENT_COLUMNS, with_for_update={"key_share": True})
    return event


def people_where(*conditions: ColumnElement[bool]) -> Sequence[Attendee]:
    """People with their registration and place in line, in the order of their registration."""
    query = (
        select(Attendee)
        .where(*conditions)
        .options(joinedload(Attendee.registration), joinedload(Attendee.waiting_entry))
        .order_by(Attendee.registration_id, Attendee.position)
        .execution_options(populate_existing=True)
    )
    return db.session.scalars(query).all()


def reload_person(attendee_id: uuid.UUID) -> Attendee:
    """One person, as it is now.

    Raises:
        NotFound: there is none.
    """
    found = people_where(Attendee.id == attendee_id)
    if not found:
        raise NotFound
    return found[0]


def with_companions(attendee: Attendee) -> list[Attendee]:
    """A person and those who come along, as far as they still do."""
    companions = people_where(
        Attendee.companion_of_id == attendee.id, Attendee.state.in_(LIVE_STATES)
    )
    return [attendee, *companions]


def reload_entry(entry_id: uuid.UUID) -> WaitingEntry:
    """A place in line, as it is now.

    Raises:
        NotFound: there is none.
    """
    entry = db.session.get(WaitingEntry, entry_id, populate_existing=True)
    if entry is None:
        raise NotFound
    return entry


def people_in(entry: WaitingEntry) -> list[Attendee]:
    """Those who stand in line there."""
    return list(
        people_where(Attendee.waiting_entry_id == entry.id, Attendee.state.in_(LIVE_STATES))
    )


def event_of_entry(entry: WaitingEntry) -> uuid.UUID:
    """The event that a place in line belongs to."""
    query = select(Registration.event_id).where(Registration.id == entry.registration_id)
    return db.session.scalars(query).one()


def event_of_track(track_id: uuid.UUID) -> uuid.UUID:
    """The event that a track belongs to.

    Raises:
        NotFound: there is no such track.
    """
    event_id = db.session.scalar(select(Track.event_id).where(Track.id == track_id))
    if event_id is None:
        raise NotFound
    return event_id
