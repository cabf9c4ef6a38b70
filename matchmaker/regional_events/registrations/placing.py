"""What changes in the rows when somebody gets a seat, a place in line, or loses one.

The seats themselves are counted before (:mod:`.seats`); here states, history and events follow.
"""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Protocol

from matchmaker.core.db import db
from matchmaker.core.domain_events import record
from matchmaker.regional_events.registrations.domain import (
    REASON_LENGTH,
    AttendeeRole,
    AttendeeState,
    HistoryKind,
    SeatScope,
    WaitingState,
)
from matchmaker.regional_events.registrations.events import (
    LineLeft,
    OfferEnd,
    OfferEnded,
    SeatConfirmed,
    SeatWaiting,
)
from matchmaker.regional_events.registrations.models import (
    Attendee,
    RegistrationHistory,
    WaitingEntry,
)
from matchmaker.regional_events.registrations.records import (
    Step,
    open_entry_of,
    registration_of,
)
from matchmaker.regional_events.registrations.seats import (
    CounterKey,
    Seated,
    seats_for,
)


def note(
    attendee: Attendee,
    kind: HistoryKind,
    step: Step,
    track_id: uuid.UUID | None = None,
    from_track_id: uuid.UUID | None = None,
    reason: str = "",
) -> None:
    """Write down what happened to one person; ``reason`` is one of our own words."""
    db.session.add(
        RegistrationHistory(
            event_id=attendee.event_id, attendee_id=attendee.id, kind=kind, track_id=track_id,
            from_track_id=from_track_id, category=attendee.category,
            prefecture=attendee.prefecture, reason=reason, at=step.now,
        )
    )  # fmt: skip


class Sitting(Seated, Protocol):
    """Somebody who may sit on a seat already."""

    track_id: uuid.UUID | None
    reserve_id: uuid.UUID | None


def held_seats(people: Iterable[Sitting]) -> Counter[CounterKey]:
    """The seats that people sit on now, by counter."""
    held: Counter[CounterKey] = Counter()
    for person in people:
        if person.track_id is not None:
            held += seats_for([person], person.track_id, person.reserve_id)
    return held


def offer_seats(people: Sequence[Sitting], track_id: uuid.UUID) -> Counter[CounterKey]:
    """The seats that an offer of a track holds for people, by counter.

    Whoever sits in a room that counts organisations together with this one has a place within the
    limit already: it goes along to the new seat, so that the offer needs no second one.
    """
    wanted, held = seats_for(people, track_id), held_seats(people)
    for key in wanted:
        if key[1] is SeatScope.ORGANIZATION:
            wanted[key] -= min(wanted[key], held[key])
    return +wanted


def give_seat(
    person: Attendee,
    track_id: uuid.UUID,
    step: Step,
    *,
    reserve_id: uuid.UUID | None = None,
    has_waited: bool = False,
    tells: bool = True,
) -> None:
    """Put a person on a seat that was counted before.

    Args:
        has_waited: whether the seat came from the waiting list.
        tells: whether the person is told that the seat is confirmed; otherwise the caller tells.
    """
    former = person.track_id
    person.state = AttendeeState.CONFIRMED
    person.state_reason = ""
    person.track_id, person.reserve_id = track_id, reserve_id
    person.seated_at = person.updated_at = step.now
    kind = HistoryKind.CONFIRMED if former is None else HistoryKind.MOVED
    note(person, kind, step, track_id, former)
    db.session.flush()
    if tells:
        record(
            SeatConfirmed(
                actor=step.actor, now=step.now, subject_id=person.id, event_id=person.event_id,
                organization_id=person.organization_id, reason=step.reason, track_id=track_id,
                from_track_id=former, has_waited=has_waited,
                is_waiting_on=open_entry_of(person) is not None,
                details={"track_id": str(track_id), "has_waited": has_waited},
            )
        )  # fmt: skip


def put_in_line(
    people: Sequence[Attendee],
    track_id: uuid.UUID,
    step: Step,
    *,
    joined_at: datetime | None = None,
    is_at_once: bool | None = None,
    passes: int = 0,
    tells: bool = True,
) -> WaitingEntry:
    """Let people wait together for seats of a track; whoever holds a seat elsewhere keeps it.

    Args:
        people: of one registration.
        joined_at: their place in line; now unless they had one.
        is_at_once: whether they can come at short notice; as the registration says unless given.
    """
    registration = registration_of(people[0])
    entry = WaitingEntry(
        registration_id=registration.id, track_id=track_id, size=len(people),
        people=counted(people), passes=passes,
        is_at_once=registration.is_at_once if is_at_once is None else is_at_once,
        joined_at=joined_at or step.now, state=WaitingState.WAITING, offers=0,
    )  # fmt: skip
    db.session.add(entry)
    db.session.flush()
    for person in people:
        _point_to(person, entry, step)
    db.session.flush()
    if tells:
        record(
            SeatWaiting(
                actor=step.actor, now=step.now, subject_id=entry.id, reason=step.reason,
                event_id=step.event.id, organization_id=people[0].organization_id,
                track_id=track_id, details={"track_id": str(track_id), "size": entry.size},
            )
        )  # fmt: skip
    return entry


def _point_to(person: Attendee, entry: WaitingEntry, step: Step) -> None:
    if person.track_id is None:
        person.state, person.state_reason = AttendeeState.WAITING, ""
    person.waiting_entry_id = entry.id
    person.wanted_track_id = entry.track_id
    person.updated_at = step.now
    note(person, HistoryKind.WAITING, step, entry.track_id)


def counted(people: Sequence[Attendee]) -> int:
    """How many of them count for their organisation and category."""
    return sum(person.role is not AttendeeRole.COMPANION for person in people)


def end_entry(entry: WaitingEntry, state: WaitingState, step: Step) -> None:
    """Close a place in line. What it held was given back, or is held by its people from now on."""
    entry.state = state
    entry.ended_at = step.now
    db.session.flush()


def tell_offer_ended(entry: WaitingEntry, end: OfferEnd, step: Step) -> None:
    """Record that offered seats are not held any more."""
    record(
        OfferEnded(
            actor=step.actor, now=step.now, subject_id=entry.id, event_id=step.event.id,
            reason=step.reason, track_id=entry.track_id, end=end,
            details={"track_id": str(entry.track_id), "end": str(end)},
        )
    )  # fmt: skip


def tell_line_left(entry: WaitingEntry, step: Step) -> None:
    """Record that a place in line was given up."""
    record(
        LineLeft(
            actor=step.actor, now=step.now, subject_id=entry.id, event_id=step.event.id,
            reason=step.reason, track_id=entry.track_id,
            details={"track_id": str(entry.track_id)},
        )
    )  # fmt: skip


def unseat(person: Attendee, state: AttendeeState, why: str, step: Step) -> None:
    """Take a person out: cancelled or expired. The seat was given back before.

    Args:
        why: shown to the staff.
    """
    former = person.track_id
    kind = HistoryKind.EXPIRED if state is AttendeeState.EXPIRED else HistoryKind.CANCELLED
    note(person, kind, step, from_track_id=former)
    person.state, person.state_reason = state, why.strip()[:REASON_LENGTH]
    person.track_id = person.reserve_id = None
    person.cancelled_at = person.updated_at = step.now
    db.session.flush()
