"""Compares the counters of seats with the people who hold them: they must always agree."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, func, select, update

from matchmaker.core.actor import Actor
from matchmaker.core.db import db
from matchmaker.core.domain_events import record
from matchmaker.core.errors import ProductError
from matchmaker.regional_events.planning.models import Track
from matchmaker.regional_events.registrations.domain import (
    AttendeeState,
    SeatScope,
    WaitingState,
)
from matchmaker.regional_events.registrations.events import SeatCountersRepaired
from matchmaker.regional_events.registrations.models import Attendee, SeatCounter, WaitingEntry
from matchmaker.regional_events.registrations.placing import offer_seats
from matchmaker.regional_events.registrations.records import lock_event, people_in
from matchmaker.regional_events.registrations.seats import (
    CounterKey,
    ensure_counters,
    limit_tracks,
    move_seats,
    seats_for,
)


@dataclass(frozen=True, slots=True)
class Difference:
    """A counter that says something else than the people.

    Args:
        counted: what the counter says.
        held: seats of confirmed people and of offers that are held.
    """

    track_id: uuid.UUID
    scope: SeatScope
    key: str
    counted: int
    held: int


def seat_report(event_id: uuid.UUID) -> list[Difference]:
    """Where counters and people of an event differ; empty as it should be."""
    held, counted = _held(event_id), _counted(event_id)
    return [
        Difference(*key, counted=counted.get(key, 0), held=held.get(key, 0))
        for key in sorted({*held, *counted}, key=lambda key: (key[0], str(key[1]), key[2]))
        if counted.get(key, 0) != held.get(key, 0)
    ]


def _counted(event_id: uuid.UUID) -> dict[CounterKey, int]:
    rows = db.session.execute(
        select(SeatCounter.track_id, SeatCounter.scope, SeatCounter.key, SeatCounter.taken)
        .join(Track, Track.id == SeatCounter.track_id)
        .where(Track.event_id == event_id)
    )
    return {(row.track_id, row.scope, row.key): row.taken for row in rows}


def _held(event_id: uuid.UUID) -> Counter[CounterKey]:
    """Seats by counter as the people say."""
    held: Counter[CounterKey] = Counter()
    rows = db.session.execute(
        select(
            Attendee.track_id, Attendee.reserve_id, Attendee.role, Attendee.organization_id,
            Attendee.organization_name, Attendee.category,
        ).where(Attendee.event_id == event_id, Attendee.state == AttendeeState.CONFIRMED)
    )  # fmt: skip
    limits = limit_tracks(
        db.session.scalars(select(Track.id).where(Track.event_id == event_id)).all()
    )
    for row in rows:
        held.update(seats_for([row], row.track_id, row.reserve_id, limits[row.track_id]))
    offered = db.session.scalars(
        select(WaitingEntry)
        .join(Track, Track.id == WaitingEntry.track_id)
        .where(Track.event_id == event_id, WaitingEntry.state == WaitingState.OFFERED)
    ).all()
    for entry in offered:
        held.update(offer_seats(people_in(entry), entry.track_id))
    return held


def line_report(event_id: uuid.UUID) -> Sequence[uuid.UUID]:
    """Open places in line whose size is not the number of their people; empty as it should be."""
    people = func.count(Attendee.id)
    rows = db.session.scalars(
        select(WaitingEntry.id)
        .join(Track, Track.id == WaitingEntry.track_id)
        .outerjoin(
            Attendee,
            and_(
                Attendee.waiting_entry_id == WaitingEntry.id,
                Attendee.state.in_((AttendeeState.WAITING, AttendeeState.CONFIRMED)),
            ),
        )
        .where(
            Track.event_id == event_id,
            WaitingEntry.state.in_((WaitingState.WAITING, WaitingState.OFFERED)),
        )
        .group_by(WaitingEntry.id, WaitingEntry.size)
        .having(people != WaitingEntry.size)
        .order_by(WaitingEntry.id)
    )
    return rows.all()


def repair_counters(
    event_id: uuid.UUID, reason: str, actor: Actor, now: datetime
) -> list[Difference]:
    """Set the counters to what people hold; nobody loses a seat, even where too many were given.

    Args:
        reason: why they differed, as far as known; kept in the log.

    Returns:
        What differed.

    Raises:
        ProductError: no reason is given.
    """
    if not reason.strip():
        raise ProductError("理由を入れてください。", "reason")
    lock_event(event_id)
    differences = seat_report(event_id)
    move_seats({(each.track_id, each.scope, each.key): 0 for each in differences})
    for each in differences:
        _set(each)
    for track_id in sorted({each.track_id for each in differences}):
        ensure_counters(track_id)
    if differences:
        record(
            SeatCountersRepaired(
                actor=actor, now=now, subject_id=event_id, event_id=event_id,
                reason=reason.strip(), details={"counters": len(differences)},
            )
        )  # fmt: skip
    return differences


def _set(difference: Difference) -> None:
    """The bound is left aside; :func:`.seats.ensure_counters` states it anew."""
    db.session.execute(
        update(SeatCounter)
        .where(
            SeatCounter.track_id == difference.track_id,
            SeatCounter.scope == difference.scope,
            SeatCounter.key == difference.key,
        )
        .values(taken=difference.held, stated=None, capacity=None)
        .execution_options(synchronize_session=False)
    )
