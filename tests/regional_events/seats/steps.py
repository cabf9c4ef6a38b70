"""Small steps that the tests of commands share."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import select

from matchmaker.core.actor import SYSTEM
from matchmaker.core.db import db
from matchmaker.regional_events.planning.domain import EventMove, EventState
from matchmaker.regional_events.planning.events import EventMoved
from matchmaker.regional_events.planning.models import RegionalEvent
from matchmaker.regional_events.registrations import following, service
from matchmaker.regional_events.registrations.models import (
    Attendee,
    Registration,
    WaitingEntry,
)
from tests.regional_events.builders import make_registration, make_track
from tests.regional_events.seats.conftest import NOW

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
SECOND = timedelta(seconds=1)


def people(registration: Registration) -> list[Attendee]:
    query = select(Attendee).where(Attendee.registration_id == registration.id)
    return list(db.session.scalars(query.order_by(Attendee.position)))


def person(registration: Registration) -> Attendee:
    return people(registration)[0]


def entry(registration: Registration) -> WaitingEntry:
    return db.session.get_one(WaitingEntry, person(registration).waiting_entry_id)


def state(*registrations: Registration) -> list[str]:
    return [each.state.value for made in registrations for each in people(made)]


def cancel(registration: Registration) -> None:
    service.cancel_attendee(person(registration), "", SYSTEM, NOW)


def move(event: RegionalEvent, to: EventState) -> None:
    old, event.state = event.state, to
    db.session.flush()
    following.follow_move(
        EventMoved(
            actor=SYSTEM, now=NOW, subject_id=event.id, move=EventMove.CANCEL, old_state=old
        )
    )  # fmt: skip


def full_house(event: RegionalEvent, waiting: int = 2) -> Sequence[Registration]:
    """One seat, taken; then as many who wait."""
    track = make_track(event, capacity=1)
    return [make_registration(event, track, now=NOW) for _ in range(1 + waiting)]
