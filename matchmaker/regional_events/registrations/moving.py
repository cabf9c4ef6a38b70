"""Commands that move people: to another track, onto a kept seat, into the line; and fewer seats."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import select

from matchmaker.core.actor import Actor
from matchmaker.core.db import db
from matchmaker.core.domain_events import record
from matchmaker.core.errors import Conflict, NotFound, ProductError
from matchmaker.regional_events.planning.domain import EventState
from matchmaker.regional_events.planning.models import SeatReserve, Track
from matchmaker.regional_events.registrations.cancelling import leave_line_with, take_out
from matchmaker.regional_events.registrations.domain import (
    LIVE_STATES,
    REASON_LENGTH,
    AttendeeRole,
    AttendeeState,
    CapacityTooLow,
    HistoryKind,
    NoSeat,
    WaitingState,
)
from matchmaker.regional_events.registrations.events import CapacityLowered, TrackMoved
from matchmaker.regional_events.registrations.line import GENERAL
from matchmaker.regional_events.registrations.models import Attendee, WaitingEntry
from matchmaker.regional_events.registrations.placing import (
    give_seat,
    held_seats,
    note,
    put_in_line,
)
from matchmaker.regional_events.registrations.records import (
    Step,
    begin,
    open_entry_of,
    reload_person,
    with_companions,
)
from matchmaker.regional_events.registrations.seating import RESERVE_FULL, tracks_of
from matchmaker.regional_events.registrations.seats import (
    bounds_of,
    ensure_counters,
    kept_seats,
    move_seats,
    room_of,
    seats_for,
)
from matchmaker.regional_events.registrations.waiting import fill_tracks, line_of, take_as_newcomer

TRACK_FULL = (
    "この参加方法は、いま空いている席がないか、先に待っている方がいます。"
    "キャンセル待ちに入るか、ほかの参加方法を選んでください。"
)
NOT_LIVE = "この人の登録は、取り消されたか期限が切れています。"
OFFER_IS_OPEN = "席をご案内中です。先に、受け取るか辞退するかを選んでください。"
KEPT_IN_ROOM = (
    "取り置きの席が{:,}席あるため、それより少なくできません。"
    "先に、取り置きを減らすか、そこに座る方の席を移してください。"
)
OTHER_EVENT = "このイベントの参加方法から選んでください。"


def change_track(
    attendee: Attendee, track: Track, actor: Actor, now: datetime, wait_if_full: bool = False
) -> WaitingEntry | None:
    """A person (with companions) takes part another way: the old seat is given up in the same
    moment as the new one is taken. Nobody who waits for the new track is overtaken.

    Args:
        attendee: the person.
        track: where to.
        wait_if_full: whether to keep the present seat and get in line otherwise. Another line is
            joined at its end; the place in the present line is given up.

    Returns:
        The place in line, when there is no seat yet.

    Raises:
        NoSeat: there is no seat and waiting was not asked for.
        Conflict: the person is not registered any more, an offer waits for an answer, or the event
            does not take place as planned.
    """
    step = _begin(attendee, track, actor, now)
    person = _live(attendee)
    if person.track_id == track.id and person.reserve_id is None:
        return None
    entry = _free_to_leave(person)
    people = with_companions(person)
    if person.state is AttendeeState.PENDING:
        _want(people, track.id)
        return None
    if entry is not None and entry.track_id == track.id and entry.size == len(people):
        return _stay_in_line(entry, wait_if_full=wait_if_full)
    freed = tracks_of(people)
    if take_as_newcomer(people, track.id, step):
        leave_line_with(people, step)
        for each in people:
            each.wanted_track_id = track.id
            give_seat(each, track.id, step)
        fill_tracks(freed, step)
        return None
    if not wait_if_full:
        raise NoSeat(TRACK_FULL)
    if entry is not None and entry.track_id == track.id:
        return entry
    leave_line_with(people, step)
    entry = put_in_line(people, track.id, step)
    fill_tracks([*freed, track.id], step)
    return entry


def _begin(attendee: Attendee, track: Track, actor: Actor, now: datetime, reason: str = "") -> Step:
    if track.event_id != attendee.event_id:
        raise NotFound(OTHER_EVENT)
    step = begin(attendee.event_id, actor, now, reason.strip()[:REASON_LENGTH])
    if step.event.state not in (EventState.PUBLISHED, EventState.POSTPONED):
        raise Conflict("公開中のイベントではないため、変えられません。")
    return step


def _live(attendee: Attendee) -> Attendee:
    person = reload_person(attendee.id)
    if person.state not in LIVE_STATES:
        raise Conflict(NOT_LIVE)
    if person.role is AttendeeRole.COMPANION and person.companion_of_id is not None:
        raise Conflict("付き添いの方は、付き添われる方と一緒に移ります。")
    return person


def _free_to_leave(person: Attendee) -> WaitingEntry | None:
    entry = open_entry_of(person)
    if entry is not None and entry.state is WaitingState.OFFERED:
        raise Conflict(OFFER_IS_OPEN)
    return entry


def _stay_in_line(entry: WaitingEntry, *, wait_if_full: bool) -> WaitingEntry:
    if not wait_if_full:
        raise NoSeat(TRACK_FULL)
    return entry


def _want(people: Sequence[Attendee], track_id: uuid.UUID) -> None:
    """Guests who have not confirmed their address yet only change what they ask for."""
    for person in people:
        person.wanted_track_id, person.fallback_track_id = track_id, None
    db.session.flush()


def seat_by_staff(
    attendee: Attendee,
    track: Track,
    reserve: SeatReserve | None,
    actor: Actor,
    now: datetime,
    reason: str = "",
) -> None:
    """The staff put a person (with companions) on a seat of a track or on a kept seat, within all
    bounds, whoever waits.

    Args:
        reserve: kept seats of ``track``; None for a general seat.
        reason: needed when somebody who waits for that seat is passed by.

    Raises:
        ProductError: a reason is needed (field ``reason``).
        NoSeat: no such seat is free.
        Conflict: the person is not registered any more.
    """
    step = _begin(attendee, track, actor, now, reason)
    person = _live(attendee)
    if person.state is AttendeeState.PENDING:
        raise Conflict("メールアドレスの確認がまだの人です。確認のあとで席を決めてください。")
    if reserve is None and not step.reason and _passes_somebody(person, track.id):
        raise ProductError("待っている方より先に席を決めるには、理由を入れてください。", "reason")
    people = with_companions(person)
    freed = take_out_of_line(people, step)
    wanted = seats_for(people, track.id, reserve.id if reserve else None)
    if not move_seats(wanted, held_seats(people)):
        raise NoSeat(RESERVE_FULL if reserve else "この参加方法には、空いている席がありません。")
    for each in people:
        each.wanted_track_id = track.id
        _move(each, track.id, reserve.id if reserve else None, step)
    fill_tracks(freed, step)


def take_out_of_line(people: Sequence[Attendee], step: Step) -> list[uuid.UUID]:
    """End the waiting of people who are seated otherwise; gives the tracks that gain seats."""
    return [*(each.track_id for each in people if each.track_id), *leave_line_with(people, step)]


def _passes_somebody(person: Attendee, track_id: uuid.UUID) -> bool:
    return any(candidate.id != person.waiting_entry_id for candidate in line_of(track_id))


def _move(person: Attendee, track_id: uuid.UUID, reserve_id: uuid.UUID | None, step: Step) -> None:
    """Seat a person and tell it as a move by the staff."""
    former = person.track_id
    give_seat(person, track_id, step, reserve_id=reserve_id, tells=False)
    _tell(person, former, track_id, None, step)


def _tell(
    person: Attendee,
    former: uuid.UUID | None,
    track_id: uuid.UUID | None,
    entry: WaitingEntry | None,
    step: Step,
) -> None:
    record(
        TrackMoved(
            actor=step.actor, now=step.now, subject_id=person.id, event_id=person.event_id,
            organization_id=person.organization_id, reason=step.reason, from_track_id=former,
            track_id=track_id, waiting_entry_id=entry.id if entry else None,
            details={
                "from_track_id": str(former) if former else None,
                "track_id": str(track_id) if track_id else None,
            },
        )
    )  # fmt: skip


def check_capacity(track: Track, capacity: int | None) -> None:
    """Ask whether a track could have so many seats without anybody losing one.

    Args:
        track: with its present capacity.
        capacity: seats of the room as wanted; None is no bound.

    Raises:
        CapacityTooLow: with how many seats have to become free, and who sits there.
    """
    if capacity is None or (track.capacity is not None and capacity >= track.capacity):
        return
    bound = bounds_of(track.id, capacity=capacity).general
    room = room_of(track.id)
    taken = room.taken(GENERAL)
    if bound is None or taken <= bound:
        return
    seated = db.session.scalars(
        select(Attendee.id)
        .where(
            Attendee.track_id == track.id,
            Attendee.reserve_id.is_(None),
            Attendee.state == AttendeeState.CONFIRMED,
            Attendee.companion_of_id.is_(None),
        )
        .order_by(Attendee.seated_at.desc(), Attendee.id.desc())
    ).all()
    held = db.session.scalars(
        select(WaitingEntry.size).where(
            WaitingEntry.track_id == track.id, WaitingEntry.state == WaitingState.OFFERED
        )
    )
    raise CapacityTooLow(taken - bound, sum(held), seated)


def lower_capacity(
    track: Track,
    capacity: int,
    moves: Mapping[uuid.UUID, uuid.UUID | None],
    actor: Actor,
    now: datetime,
    reason: str = "",
) -> None:
    """Give a track fewer seats. Exactly those named are moved, each is told; nobody else moves.

    Args:
        track: whose capacity changes.
        capacity: seats of the room from now on.
        moves: attendee id → id of another track, or None for the waiting list, where people keep
            the moment of their seat as their place. Companions move along.

    Raises:
        CapacityTooLow: more has to be moved, with the list of those who sit there.
        ProductError: more seats are kept than there would be (field ``capacity``).
        NoSeat: another track has no seat for somebody who is to move there.
        Conflict: somebody named does not sit there any more.
    """
    step = begin(track.event_id, actor, now, reason.strip()[:REASON_LENGTH])
    people = [_seated_on(track, attendee_id) for attendee_id in moves]
    for person in people:
        _move_away(with_companions(person), moves[person.id], step)
    db.session.flush()
    _require_kept(track, capacity)
    check_capacity(track, capacity)
    former, track.capacity = track.capacity, capacity
    db.session.flush()
    ensure_counters(track.id)
    record(
        CapacityLowered(
            actor=actor, now=now, subject_id=track.id, event_id=step.event.id, reason=step.reason,
            details={"capacity": [former, capacity], "moved": len(people)},
        )
    )  # fmt: skip
    fill_tracks([track.id, *moves.values()], step)


def _require_kept(track: Track, capacity: int) -> None:
    """Kept seats are in the room: they are made fewer before it shrinks below them."""
    kept = sum(each.in_use for each in kept_seats(track.id))
    if capacity < kept:
        raise ProductError(KEPT_IN_ROOM.format(kept), "capacity")


def _seated_on(track: Track, attendee_id: uuid.UUID) -> Attendee:
    person = reload_person(attendee_id)
    if person.track_id != track.id or person.reserve_id is not None:
        raise Conflict("選んだ人の中に、この席にもう座っていない人がいます。選び直してください。")
    return person


def _move_away(people: Sequence[Attendee], track_id: uuid.UUID | None, step: Step) -> None:
    if track_id is None:
        _move_into_line(people, step)
        return
    if not move_seats(seats_for(people, track_id), held_seats(people)):
        raise NoSeat(f"{people[0].name}さんの移る先に、空いている席がありません。")
    leave_line_with(people, step)
    for person in people:
        person.wanted_track_id = track_id
        _move(person, track_id, None, step)


def _move_into_line(people: Sequence[Attendee], step: Step) -> None:
    former, place = people[0].track_id, people[0].seated_at
    if former is None:
        return
    take_out(people, step)
    for person in people:
        person.track_id, person.state = None, AttendeeState.WAITING
        note(person, HistoryKind.MOVED, step, from_track_id=former)
    db.session.flush()
    entry = put_in_line(people, former, step, joined_at=place, tells=False)
    for person in people:
        _tell(person, former, None, entry, step)
