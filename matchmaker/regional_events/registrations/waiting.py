"""The waiting list: free seats go to those who wait, in the order of the rule (ADR 0044)."""

from __future__ import annotations

import uuid
from collections import defaultdict, deque
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import select, update

from matchmaker.core.actor import SYSTEM
from matchmaker.core.db import db, new_id
from matchmaker.core.domain_events import record
from matchmaker.regional_events.planning.models import RegionalEvent, Track
from matchmaker.regional_events.registrations.domain import (
    LIVE_STATES,
    AttendeeRole,
    HistoryKind,
    SeatScope,
    WaitingState,
    is_short_notice,
    may_offer,
    organization_key,
)
from matchmaker.regional_events.registrations.events import OfferEnd, SeatOffered
from matchmaker.regional_events.registrations.line import (
    GENERAL,
    Candidate,
    Choice,
    Room,
    in_order,
    next_in_line,
)
from matchmaker.regional_events.registrations.models import Attendee, WaitingEntry
from matchmaker.regional_events.registrations.placing import (
    Sitting,
    counted,
    end_entry,
    give_seat,
    held_seats,
    note,
    offer_seats,
    tell_offer_ended,
)
from matchmaker.regional_events.registrations.records import Step, in_turn, people_in, reload_entry
from matchmaker.regional_events.registrations.seats import (
    SeatCountersOff,
    limit_tracks,
    move_seats,
    room_of,
    seats_for,
    tracks_counted_together,
)


def line_of(track_id: uuid.UUID) -> list[Candidate]:
    """All who wait for a track, offered ones left out; in no particular order."""
    rows = db.session.execute(
        select(
            WaitingEntry.id, WaitingEntry.size, WaitingEntry.people, WaitingEntry.passes,
            WaitingEntry.joined_at, WaitingEntry.is_at_once,
            Attendee.organization_id, Attendee.organization_name, Attendee.category,
            Attendee.role, Attendee.track_id, Attendee.reserve_id,
        )
        .join(Attendee, Attendee.waiting_entry_id == WaitingEntry.id)
        .where(
            WaitingEntry.track_id == track_id,
            WaitingEntry.state == WaitingState.WAITING,
            Attendee.state.in_(LIVE_STATES),
        )
        .order_by(Attendee.role == AttendeeRole.COMPANION, Attendee.position)
    ).all()  # fmt: skip
    seated = defaultdict[uuid.UUID, list[Sitting]](list)
    for row in rows:
        if row.track_id is not None:
            seated[row.id].append(row)
    line: dict[uuid.UUID, Candidate] = {}
    for row in rows:  # people of one entry are of one organisation: its first person says which
        if row.id not in line:
            line[row.id] = Candidate(
                row.id, row.size, row.people,
                organization_key(row.organization_id, row.organization_name), row.category,
                row.joined_at, row.is_at_once, row.passes,
                _given_back(seated[row.id], track_id) if row.id in seated else 0,
            )  # fmt: skip
    return list(line.values())


def fill_free_seats(event: RegionalEvent, now: datetime) -> int:
    """Give what is free to those who wait, on every track; gives how many entries got seats.

    Args:
        event: locked by :func:`.records.lock_event`.
    """
    waits = select(WaitingEntry.id).where(
        WaitingEntry.track_id == Track.id, WaitingEntry.state == WaitingState.WAITING
    )
    tracks = db.session.scalars(
        select(Track.id)
        .where(Track.event_id == event.id, waits.exists())
        .order_by(Track.position, Track.id)
    ).all()
    return fill_tracks(tracks, Step(event, SYSTEM, in_turn(event, now)))


def fill_tracks(track_ids: Iterable[uuid.UUID | None], step: Step) -> int:
    """Give free seats of these tracks to those who wait, and what becomes free by that as well.

    Returns:
        How many entries got seats or an offer.
    """
    if not may_offer(step.event, step.now):
        return 0
    found = 0
    queue = deque(tracks_counted_together(each for each in track_ids if each is not None))
    while queue:
        served, freed = _fill(queue.popleft(), step)
        found += served
        queue.extend(tracks_counted_together(freed))
    return found


def _fill(track_id: uuid.UUID, step: Step) -> tuple[int, list[uuid.UUID]]:
    """Walk the line of one track until nobody fits; gives the number served and tracks freed."""
    room = room_of(track_id)
    if not room.has(GENERAL, 1):
        return 0, []
    served, freed = 0, list[uuid.UUID]()
    line = {candidate.id: candidate for candidate in line_of(track_id)}
    while line:
        choice = _choose(line.values(), room, step)
        if choice.candidate is None:
            break
        freed += _serve(choice.candidate, step)
        room.take(choice.candidate)
        served += 1
        line.update({passed.id: passed for passed in _count_passes(choice)})
        del line[choice.candidate.id]
    return served, freed


def _choose(line: Iterable[Candidate], room: Room, step: Step) -> Choice:
    ordered = in_order(step.event.waiting_rule, line, room)
    return next_in_line(ordered, room, short_notice=is_short_notice(step.event, step.now))


def _count_passes(choice: Choice) -> list[Candidate]:
    """Note that groups were passed because they were too large for what was free."""
    ids = [passed.id for passed in choice.passed]
    if ids:
        db.session.execute(
            update(WaitingEntry)
            .where(WaitingEntry.id.in_(ids))
            .values(passes=WaitingEntry.passes + 1)
            .execution_options(synchronize_session=False)
        )
    return [replace(passed, passes=passed.passes + 1) for passed in choice.passed]


def _serve(candidate: Candidate, step: Step) -> list[uuid.UUID]:
    """Offer seats to an entry, or give them at once where the event holds none for an answer.

    Returns:
        The tracks where seats became free by that.
    """
    entry = reload_entry(candidate.id)
    people = people_in(entry)
    if step.event.hold_hours > 0:
        _offer(entry, people, step)
        return []
    wanted = seats_for(people, entry.track_id)
    freed = held_seats(people)
    if not move_seats(wanted, freed):
        raise SeatCountersOff
    _seat(entry, people, step)
    return [key[0] for key in freed]


def _offer(entry: WaitingEntry, people: Sequence[Attendee], step: Step) -> None:
    if not move_seats(offer_seats(people, entry.track_id)):
        raise SeatCountersOff
    hold = timedelta(hours=step.event.hold_hours)
    entry.state = WaitingState.OFFERED
    entry.offered_at = step.now
    entry.offer_until = min(step.now + hold, step.event.starts_at)
    entry.offers += 1
    for person in people:
        note(person, HistoryKind.OFFERED, step, entry.track_id)
    db.session.flush()
    record(
        SeatOffered(
            actor=step.actor, now=step.now, subject_id=entry.id, event_id=step.event.id,
            organization_id=people[0].organization_id, track_id=entry.track_id,
            offers=entry.offers,
            details={"track_id": str(entry.track_id), "until": entry.offer_until.isoformat()},
        )
    )  # fmt: skip


def _seat(entry: WaitingEntry, people: Sequence[Attendee], step: Step) -> None:
    end_entry(entry, WaitingState.ACCEPTED, step)
    for person in people:
        give_seat(person, entry.track_id, step, has_waited=True)


def seat_offered(entry: WaitingEntry, people: Sequence[Attendee], step: Step) -> list[uuid.UUID]:
    """Put people on the seats held for them; gives the tracks where others became free."""
    freed = held_seats(people)
    if freed:
        held = offer_seats(people, entry.track_id)
        move_seats(seats_for(people, entry.track_id), freed + held)
    _seat(entry, people, step)
    return [key[0] for key in freed]


def take_offer_back(entry: WaitingEntry, step: Step) -> None:
    """Let an offer end whose people keep their place in line."""
    move_seats({}, offer_seats(people_in(entry), entry.track_id))
    entry.state, entry.offer_until = WaitingState.WAITING, None
    db.session.flush()
    tell_offer_ended(entry, OfferEnd.FROZEN, step)


def take_as_newcomer(
    people: Sequence[Attendee], track_id: uuid.UUID, step: Step, joined_at: datetime | None = None
) -> bool:
    """Take seats for people who come new (or change over), unless somebody in line could take them.

    What they hold elsewhere is given back in the same moment. A newcomer that a group lets pass
    counts like one in line (rule 3 of :mod:`.line`).

    Args:
        joined_at: the place in line they have already, if any.

    Returns:
        Whether the seats were taken.
    """
    choice = _choice_for(people, track_id, step, joined_at)
    if choice is None:
        return False
    if not move_seats(seats_for(people, track_id), held_seats(people)):
        return False
    _count_passes(choice)
    return True


def _choice_for(
    people: Sequence[Attendee], track_id: uuid.UUID, step: Step, joined_at: datetime | None
) -> Choice | None:
    if step.now >= step.event.starts_at:
        return Choice(None)  # the line has ended; whoever comes in takes what is free
    room = room_of(track_id)
    if not room.has(GENERAL, len(people)):
        return None
    newcomer = candidate_of(people, joined_at or step.now, _given_back(people, track_id))
    choice = _choose([*line_of(track_id), newcomer], room, step)
    is_next = choice.candidate is not None and choice.candidate.id == newcomer.id
    return choice if is_next else None


def _given_back(people: Sequence[Sitting], track_id: uuid.UUID) -> int:
    """Seats of their organisation that people free where those of ``track_id`` are counted."""
    counted_at = limit_tracks([track_id])[track_id]
    return sum(
        seats
        for (at, scope, _key), seats in held_seats(people).items()
        if scope is SeatScope.ORGANIZATION and at == counted_at
    )


def candidate_of(people: Sequence[Attendee], joined_at: datetime, given_back: int = 0) -> Candidate:
    """People who come new, as if they stood in line; they can come, or they would not ask now."""
    first = people[0]
    return Candidate(
        new_id(), len(people), counted(people),
        organization_key(first.organization_id, first.organization_name), first.category,
        joined_at, is_at_once=True, given_back=given_back,
    )  # fmt: skip
