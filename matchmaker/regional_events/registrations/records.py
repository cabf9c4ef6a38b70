"""Rows that a command of the seat engine works on, read anew once the event is its own.

Every command begins with :func:`lock_event`: on PostgreSQL commands on one event run one after the
other, so that the order of the waiting list holds; on SQLite a writer is alone anyway (ADR 0043).
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, func, select

from matchmaker.core.actor import Actor
from matchmaker.core.db import db
from matchmaker.core.errors import NotFound
from matchmaker.regional_events.planning.models import RegionalEvent, Track
from matchmaker.regional_events.registrations.domain import LIVE_STATES, OPEN_WAITING
from matchmaker.regional_events.registrations.models import (
    Attendee,
    Registration,
    RegistrationHistory,
    WaitingEntry,
)

EVENT_COLUMNS = (
    "state", "starts_at", "ends_at", "opens_at", "closes_at", "change_until", "hold_hours",
    "waiting_rule",
)  # fmt: skip

WAITED_MOST = timedelta(minutes=1)
"""No request waits longer for its turn on an event."""


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
    db.session.flush()  # a refresh would overwrite what the caller changed
    db.session.refresh(event, EVENT_COLUMNS, with_for_update={"key_share": True})
    return event


def begin(event_id: uuid.UUID, actor: Actor, now: datetime, reason: str = "") -> Step:
    """Begin a command on an event: locked, and with the moment at which its turn came.

    Requests wait for one another here. One that came a little earlier but got its turn later must
    not count as the earlier one: nobody knew of it when the other was answered.

    Raises:
        NotFound: there is no such event.
    """
    event = lock_event(event_id)
    return Step(event, actor, in_turn(event, now), reason)


def in_turn(event: RegionalEvent, now: datetime) -> datetime:
    """The moment of a command on a locked event: not before what was done last.

    Only as far as a request may have waited (:data:`WAITED_MOST`); beyond that a clock was wrong.
    """
    latest = db.session.scalar(
        select(func.max(RegistrationHistory.at)).where(RegistrationHistory.event_id == event.id)
    )
    if latest is None or latest - now > WAITED_MOST:
        return now
    return max(now, latest)


def people_where(*conditions: ColumnElement[bool]) -> Sequence[Attendee]:
    """People in the order of their registrations, nothing further loaded.

    Commands follow ids (:func:`registration_of`, :func:`entry_of`) instead of relationships: what
    others read while they hear of an event may load the same rows in another way.
    """
    query = (
        select(Attendee)
        .where(*conditions)
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


def registration_of(person: Attendee) -> Registration:
    """The registration that a person belongs to."""
    return db.session.get_one(Registration, person.registration_id)


def entry_of(person: Attendee) -> WaitingEntry | None:
    """The present (or last) place in line of a person."""
    if person.waiting_entry_id is None:
        return None
    return db.session.get(WaitingEntry, person.waiting_entry_id)


def open_entry_of(person: Attendee) -> WaitingEntry | None:
    """Where the person waits now, perhaps while sitting elsewhere."""
    entry = entry_of(person)
    return entry if entry is not None and entry.state in OPEN_WAITING else None


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
