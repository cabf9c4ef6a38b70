"""Reads of registrations, people and those who wait. Each says what it loads."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import Select, exists, func, or_, select
from sqlalchemy.orm import joinedload, selectinload
from sqlalchemy.orm.attributes import set_committed_value

from matchmaker.core.db import db
from matchmaker.core.errors import NotFound
from matchmaker.regional_events.planning.models import RegionalEvent, Track
from matchmaker.regional_events.registrations.domain import (
    LIVE_STATES,
    OPEN_WAITING,
    AttendeeState,
    SeatScope,
)
from matchmaker.regional_events.registrations.listing import (
    MOST_PEOPLE,
    WITH_PEOPLE,
    AttendeeFilter,
    all_attendees,
    list_attendees,
)
from matchmaker.regional_events.registrations.models import (
    Attendee,
    Registration,
    RegistrationHistory,
    SeatCounter,
    WaitingEntry,
)

__all__ = [
    "AttendeeFilter",
    "all_attendees",
    "list_attendees",
]

MOST_EVENTS = 50
MOST_HISTORY = 200


def get_attendee(attendee_id: uuid.UUID, event_id: uuid.UUID | None = None) -> Attendee:
    """One person with registration, track, kept seats and place in line.

    Raises:
        NotFound: there is none of that id (in that event).
    """
    query = (
        select(Attendee)
        .where(Attendee.id == attendee_id)
        .options(
            joinedload(Attendee.registration).joinedload(Registration.organization),
            joinedload(Attendee.track),
            joinedload(Attendee.wanted_track),
            joinedload(Attendee.reserve),
            joinedload(Attendee.organization),
            joinedload(Attendee.waiting_entry).joinedload(WaitingEntry.track),
        )
        .execution_options(populate_existing=True)
    )
    attendee = db.session.scalar(query)
    if attendee is None or (event_id is not None and attendee.event_id != event_id):
        raise NotFound
    return attendee


def get_registration(registration_id: uuid.UUID, event_id: uuid.UUID | None = None) -> Registration:
    """A registration with its people (tracks, kept seats, place in line) and organisation.

    Raises:
        NotFound: there is none of that id (in that event).
    """
    query = (
        select(Registration)
        .where(Registration.id == registration_id)
        .options(
            joinedload(Registration.organization),
            selectinload(Registration.attendees).options(
                joinedload(Attendee.organization),
                joinedload(Attendee.track),
                joinedload(Attendee.wanted_track),
                joinedload(Attendee.reserve),
                joinedload(Attendee.waiting_entry).joinedload(WaitingEntry.track),
            ),
        )
        .execution_options(populate_existing=True)
    )
    registration = db.session.scalar(query)
    if registration is None or (event_id is not None and registration.event_id != event_id):
        raise NotFound
    for person in registration.attendees:
        set_committed_value(person, "registration", registration)
    return registration


def registrations_of(user_id: uuid.UUID) -> Sequence[Attendee]:
    """The live registrations that a person made or takes part in: one row a person, with event
    and track; later events first."""
    mine = select(Registration.id).where(Registration.user_id == user_id)
    query = (
        select(Attendee)
        .join(Registration, Registration.id == Attendee.registration_id)
        .join(RegionalEvent, RegionalEvent.id == Attendee.event_id)
        .where(
            Attendee.state.in_(LIVE_STATES),
            or_(Attendee.user_id == user_id, Attendee.registration_id.in_(mine)),
        )
        .options(
            joinedload(Attendee.registration).joinedload(Registration.event),
            joinedload(Attendee.organization),
            joinedload(Attendee.track),
            joinedload(Attendee.wanted_track),
            joinedload(Attendee.waiting_entry),
        )
        .order_by(RegionalEvent.starts_at.desc(), Registration.number, Attendee.position)
        .limit(MOST_EVENTS)
    )
    return db.session.scalars(query).all()


def attendees_of(event_id: uuid.UUID, user_id: uuid.UUID | None) -> Sequence[Attendee]:
    """The people of one event whom a person registered, or as whom they come."""
    if user_id is None:
        return []
    query = (
        select(Attendee)
        .join(Registration, Registration.id == Attendee.registration_id)
        .where(
            Attendee.event_id == event_id,
            Attendee.state.in_(LIVE_STATES),
            or_(Attendee.user_id == user_id, Registration.user_id == user_id),
        )
        .options(*WITH_PEOPLE)
        .order_by(Registration.number, Attendee.position)
        .limit(MOST_EVENTS)
    )
    return db.session.scalars(query).all()


def is_registered(event_id: uuid.UUID, user_id: uuid.UUID) -> bool:
    """Whether the person comes, or registered somebody who does (or waits)."""
    live = (AttendeeState.WAITING, AttendeeState.CONFIRMED)
    query = select(
        exists().where(
            Attendee.event_id == event_id,
            Attendee.state.in_(live),
            Attendee.registration_id == Registration.id,
            or_(Attendee.user_id == user_id, Registration.user_id == user_id),
        )
    )
    return bool(db.session.scalar(query))


def find_by_code(event_id: uuid.UUID, code: str) -> Attendee | None:
    """The person whose QR code says that, with track and registration."""
    query = (
        select(Attendee)
        .where(Attendee.event_id == event_id, Attendee.code == code[:32])
        .options(*WITH_PEOPLE)
    )
    return db.session.scalar(query)


def person_with_key(event_id: uuid.UUID, key: str) -> Attendee | None:
    """The live person of that key, with registration."""
    query = (
        select(Attendee)
        .where(
            Attendee.event_id == event_id,
            Attendee.person_key == key,
            Attendee.state.in_(LIVE_STATES),
        )
        .options(joinedload(Attendee.registration), joinedload(Attendee.track))
    )
    return db.session.scalar(query)


@dataclass(frozen=True, slots=True)
class TrackCount:
    """How a track is taken.

    Args:
        confirmed: people with a seat.
        waiting: people in line.
        taken: general seats counted, offers included.
        capacity: general seats given out at present; None is no bound.
    """

    confirmed: int = 0
    waiting: int = 0
    taken: int = 0
    capacity: int | None = None

    @property
    def free(self) -> int | None:
        """Seats left; None is no bound."""
        return None if self.capacity is None else max(0, self.capacity - self.taken)


@dataclass(frozen=True, slots=True)
class EventCounts:
    """How many people an event has: by state, and by track."""

    states: Mapping[AttendeeState, int] = field(default_factory=dict)
    tracks: Mapping[uuid.UUID, TrackCount] = field(default_factory=dict)

    @property
    def confirmed(self) -> int:
        """People with a seat."""
        return self.states.get(AttendeeState.CONFIRMED, 0)

    @property
    def waiting(self) -> int:
        """People without a seat who wait for one."""
        return self.states.get(AttendeeState.WAITING, 0)

    @property
    def in_line(self) -> int:
        """Seats asked for in all lines; those who sit online and wait for the room are in it."""
        return sum(each.waiting for each in self.tracks.values())


def counts_of(event_id: uuid.UUID) -> EventCounts:
    """Count people by state and track, and read the counters of seats (four statements)."""
    states = select(Attendee.state, func.count()).where(Attendee.event_id == event_id)
    by_state = db.session.execute(states.group_by(Attendee.state)).tuples()
    seated = _by_track(
        select(Attendee.track_id, func.count())
        .where(Attendee.event_id == event_id, Attendee.track_id.is_not(None))
        .group_by(Attendee.track_id)
    )
    lined = _by_track(
        select(WaitingEntry.track_id, func.sum(WaitingEntry.size))
        .join(Track, Track.id == WaitingEntry.track_id)
        .where(Track.event_id == event_id, WaitingEntry.state.in_(OPEN_WAITING))
        .group_by(WaitingEntry.track_id)
    )
    counters = {
        row.track_id: row
        for row in db.session.scalars(
            select(SeatCounter)
            .join(Track, Track.id == SeatCounter.track_id)
            .where(Track.event_id == event_id, SeatCounter.scope == SeatScope.TRACK)
            .execution_options(populate_existing=True)
        )
    }
    tracks = {
        track_id: TrackCount(
            confirmed=seated.get(track_id, 0),
            waiting=lined.get(track_id, 0),
            taken=counters[track_id].taken if track_id in counters else 0,
            capacity=counters[track_id].capacity if track_id in counters else None,
        )
        for track_id in {*seated, *lined, *counters}
    }
    return EventCounts(dict(iter(by_state)), tracks)


def _by_track(
    query: Select[tuple[uuid.UUID, int]] | Select[tuple[uuid.UUID | None, int]],
) -> dict[uuid.UUID, int]:
    return {row[0]: int(row[1]) for row in db.session.execute(query) if row[0] is not None}


def lines_of(event_id: uuid.UUID) -> Sequence[WaitingEntry]:
    """All open places in line of an event with track, people and registration, by moment."""
    query = (
        select(WaitingEntry)
        .join(Track, Track.id == WaitingEntry.track_id)
        .where(Track.event_id == event_id, WaitingEntry.state.in_(OPEN_WAITING))
        .options(
            joinedload(WaitingEntry.track),
            joinedload(WaitingEntry.registration).joinedload(Registration.organization),
            selectinload(WaitingEntry.attendees),
        )
        .order_by(WaitingEntry.track_id, WaitingEntry.joined_at, WaitingEntry.id)
        .limit(MOST_PEOPLE)
    )
    return db.session.scalars(query).all()


def get_entry(entry_id: uuid.UUID) -> WaitingEntry:
    """A place in line with track, people and registration.

    Raises:
        NotFound: there is none of that id.
    """
    query = (
        select(WaitingEntry)
        .where(WaitingEntry.id == entry_id)
        .options(
            joinedload(WaitingEntry.track),
            joinedload(WaitingEntry.registration),
            selectinload(WaitingEntry.attendees),
        )
        .execution_options(populate_existing=True)
    )
    entry = db.session.scalar(query)
    if entry is None:
        raise NotFound
    return entry


def history_of(attendee_ids: Sequence[uuid.UUID]) -> Sequence[RegistrationHistory]:
    """What happened to these people, newest first."""
    query = (
        select(RegistrationHistory)
        .where(RegistrationHistory.attendee_id.in_(attendee_ids))
        .order_by(RegistrationHistory.at.desc(), RegistrationHistory.id.desc())
        .limit(MOST_HISTORY)
    )
    return db.session.scalars(query).all()


def seated_or_waiting(event_id: uuid.UUID) -> Sequence[Attendee]:
    """Everybody to be told of a change of the event, with registration, track, place in line."""
    live = (AttendeeState.WAITING, AttendeeState.CONFIRMED)
    query = (
        select(Attendee)
        .where(Attendee.event_id == event_id, Attendee.state.in_(live))
        .options(*WITH_PEOPLE)
        .order_by(Attendee.id)
        .limit(MOST_PEOPLE)
    )
    return db.session.scalars(query).all()


def seated_on(track_id: uuid.UUID) -> Sequence[Attendee]:
    """Those on general seats of a track, the latest first, with what the list shows."""
    query = (
        select(Attendee)
        .where(Attendee.track_id == track_id, Attendee.reserve_id.is_(None))
        .options(*WITH_PEOPLE)
        .order_by(Attendee.seated_at.desc(), Attendee.id.desc())
        .limit(MOST_PEOPLE)
    )
    return db.session.scalars(query).all()
