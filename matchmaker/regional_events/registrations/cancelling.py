"""Commands that take people out, and back in: cancel, restore."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime

from matchmaker.core.actor import Actor
from matchmaker.core.db import db
from matchmaker.core.domain_events import record
from matchmaker.core.errors import Conflict, ProductError
from matchmaker.regional_events.planning.domain import EventState
from matchmaker.regional_events.registrations.domain import (
    LIVE_STATES,
    REASON_LENGTH,
    AttendeeState,
    HistoryKind,
    WaitingState,
)
from matchmaker.regional_events.registrations.events import AttendeeCancelled, AttendeeRestored
from matchmaker.regional_events.registrations.models import Attendee, WaitingEntry
from matchmaker.regional_events.registrations.placing import (
    counted,
    end_entry,
    held_seats,
    note,
    offer_seats,
    unseat,
)
from matchmaker.regional_events.registrations.records import (
    Step,
    begin,
    entry_of,
    open_entry_of,
    people_where,
    registration_of,
    reload_person,
    with_companions,
)
from matchmaker.regional_events.registrations.seating import seat_all
from matchmaker.regional_events.registrations.seats import move_seats
from matchmaker.regional_events.registrations.waiting import fill_tracks

REGISTERED_ANEW = "この人は、そのあとあらためて登録されています。"
GONE = frozenset({AttendeeState.CANCELLED, AttendeeState.EXPIRED})


def cancel_attendee(attendee: Attendee, reason: str, actor: Actor, now: datetime) -> None:
    """A person does not come; those who come along do not come either. The seats go on to those
    who wait in the same transaction. Cancelling twice changes nothing.

    Whether people may still cancel themselves is for the policy to say.

    Args:
        attendee: the person.
        reason: words of whoever cancels; may be empty.
    """
    step = begin(attendee.event_id, actor, now, reason.strip()[:REASON_LENGTH])
    person = reload_person(attendee.id)
    if person.state not in LIVE_STATES:
        return
    people = with_companions(person)
    freed = take_out(people, step)
    for each in people:
        former = each.track_id
        unseat(each, AttendeeState.CANCELLED, step.reason, step)
        record(
            AttendeeCancelled(
                actor=actor, now=now, subject_id=each.id, event_id=each.event_id,
                organization_id=each.organization_id, reason=step.reason, track_id=former,
                details={"track_id": str(former) if former else None},
            )
        )  # fmt: skip
    fill_tracks(freed, step)


def take_out(people: Sequence[Attendee], step: Step) -> list[uuid.UUID]:
    """Give back the seats of people and take them out of line; their states follow.

    Returns:
        The tracks where something may be free now.
    """
    freed = [person.track_id for person in people if person.track_id is not None]
    freed += leave_line_with(people, step)
    move_seats({}, held_seats(people))
    return freed


def leave_line_with(people: Sequence[Attendee], step: Step) -> list[uuid.UUID]:
    """Take people out of the line they stand in; the rest of their group keeps the place.

    Seats that are held for them are given back. Gives the tracks concerned.
    """
    entries: dict[uuid.UUID, WaitingEntry] = {
        entry.id: entry for person in people if (entry := open_entry_of(person)) is not None
    }
    for entry in entries.values():
        leaving = [person for person in people if person.waiting_entry_id == entry.id]
        if entry.state is WaitingState.OFFERED:
            move_seats({}, offer_seats(leaving, entry.track_id))
        shrink(entry, leaving, step)
    return [entry.track_id for entry in entries.values()]


def shrink(entry: WaitingEntry, leaving: Sequence[Attendee], step: Step) -> None:
    """Make a place in line smaller by those who leave it; an empty one ends."""
    if len(leaving) >= entry.size:
        end_entry(entry, WaitingState.WITHDRAWN, step)
        return
    for person in leaving:
        person.waiting_entry_id = None  # the place belongs to those who stay in it
    entry.size -= len(leaving)
    entry.people -= counted(leaving)
    db.session.flush()


def restore_attendee(attendee: Attendee, reason: str, actor: Actor, now: datetime) -> None:
    """The staff undo a cancellation or an expiry: the person takes a free seat, or waits at the
    place there was before. Those cancelled along with the person come back as well.

    Raises:
        ProductError: no reason is given.
        Conflict: the person has registered anew, or the event is not published.
    """
    if not reason.strip():
        raise ProductError("理由を入れてください。", "reason")
    step = begin(attendee.event_id, actor, now, reason.strip()[:REASON_LENGTH])
    person = reload_person(attendee.id)
    if person.state not in GONE:
        return
    if step.event.state is not EventState.PUBLISHED:
        raise Conflict("公開中のイベントではないため、元に戻せません。")
    people = [person, *_cancelled_along(person)]
    _require_unregistered(people)
    _wake(people, step)
    seat_all(registration_of(person), people, step, joined_at=_old_place(person))


def _cancelled_along(person: Attendee) -> Sequence[Attendee]:
    return people_where(
        Attendee.companion_of_id == person.id,
        Attendee.state == person.state,
        Attendee.cancelled_at == person.cancelled_at,
    )


def _require_unregistered(people: Sequence[Attendee]) -> None:
    keys = [person.person_key for person in people]
    if people_where(
        Attendee.event_id == people[0].event_id,
        Attendee.state.in_(LIVE_STATES),
        Attendee.person_key.in_(keys),
    ):
        raise Conflict(REGISTERED_ANEW)


def _wake(people: Sequence[Attendee], step: Step) -> None:
    for person in people:
        person.state, person.state_reason = AttendeeState.WAITING, ""
        person.cancelled_at, person.updated_at = None, step.now
        note(person, HistoryKind.RESTORED, step)
    db.session.flush()
    for person in people:
        record(
            AttendeeRestored(
                actor=step.actor, now=step.now, subject_id=person.id, event_id=person.event_id,
                organization_id=person.organization_id, reason=step.reason,
            )
        )  # fmt: skip


def _old_place(person: Attendee) -> datetime:
    """The place in line from before; whoever had a seat has been there since it was confirmed."""
    entry = entry_of(person)
    if entry is not None:
        return entry.joined_at
    return registration_of(person).confirmed_at or person.created_at
