"""Seats are taken and given back by counted updates, all or none (ADR 0043).

One counter bounds the general seats of a track, one each reserve, each category and each
organisation on it; several tracks may count organisations together, at one of them. Categories and
organisations are counted whether they have a bound or not, so that a bound set later knows what
they hold. Citizens have no organisation; companions count on the track alone, and whoever sits on a
kept seat counts there alone.
"""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from sqlalchemy import (
    ColumnElement,
    SQLColumnExpression,
    and_,
    case,
    insert,
    literal,
    null,
    or_,
    select,
    update,
)
from sqlalchemy.sql.dml import Update

from matchmaker.core.db import db, new_id
from matchmaker.core.dialect import insert_or_skip
from matchmaker.core.errors import Conflict
from matchmaker.regional_events.planning.domain import ReserveKind
from matchmaker.regional_events.planning.models import SeatReserve, SeatWave, Track, TrackQuota
from matchmaker.regional_events.planning.tracks.domain import general_seats
from matchmaker.regional_events.registrations.bounds import TrackBounds
from matchmaker.regional_events.registrations.domain import (
    AttendeeRole,
    SeatScope,
    organization_key,
)
from matchmaker.regional_events.registrations.line import Room
from matchmaker.regional_events.registrations.models import SeatCounter

CounterKey = tuple[uuid.UUID, SeatScope, str]
Deltas = Mapping[CounterKey, int]
"""Seats to take (positive) or to give back (negative) at each counter."""

ORDER = {scope: place for place, scope in enumerate(SeatScope)}
UNIQUE = ["track_id", "scope", "key"]


class SeatCountersOff(Conflict):
    """A counter knows of fewer seats than people hold; ``flask events check-seats`` tells more."""

    def __init__(self) -> None:
        super().__init__("席の数が合わないため、いまは変えられません。事務局に知らせてください。")


class Seated(Protocol):
    """What counts of a person."""

    role: AttendeeRole
    organization_id: uuid.UUID | None
    organization_name: str
    category: str


def limit_tracks(track_ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, uuid.UUID]:
    """For each track the one at which seats of organisations are counted: itself, or another."""
    query = select(Track.id, Track.limit_track_id).where(Track.id.in_(set(track_ids)))
    return {row.id: row.limit_track_id or row.id for row in db.session.execute(query)}


def tracks_counted_together(track_ids: Iterable[uuid.UUID]) -> list[uuid.UUID]:
    """These tracks, and all that count organisations together with one of them."""
    wanted = list(dict.fromkeys(track_ids))
    leading = set(limit_tracks(wanted).values())
    others = db.session.scalars(
        select(Track.id)
        .where(or_(Track.id.in_(leading), Track.limit_track_id.in_(leading)))
        .order_by(Track.position, Track.id)
    )
    return list(dict.fromkeys([*wanted, *others]))


def seats_for(
    people: Iterable[Seated],
    track_id: uuid.UUID,
    reserve_id: uuid.UUID | None = None,
    limit_track_id: uuid.UUID | None = None,
) -> Counter[CounterKey]:
    """The seats that people need on a track, by counter.

    Args:
        people: who sits there.
        track_id: the track.
        reserve_id: the kept seats they sit on, if any.
        limit_track_id: where organisations are counted; looked up when it is not given.
    """
    limit_track_id = limit_track_id or limit_tracks([track_id])[track_id]
    wanted: Counter[CounterKey] = Counter()
    for person in people:
        if reserve_id is not None:
            wanted[track_id, SeatScope.RESERVE, str(reserve_id)] += 1
            continue
        wanted[track_id, SeatScope.TRACK, ""] += 1
        if person.role is AttendeeRole.COMPANION:
            continue
        wanted[track_id, SeatScope.CATEGORY, person.category] += 1
        organization = organization_key(person.organization_id, person.organization_name)
        if organization:
            wanted[limit_track_id, SeatScope.ORGANIZATION, organization] += 1
    return wanted


def move_seats(taken: Deltas, given_back: Deltas | None = None) -> bool:
    """Take seats and give others back, all or nothing.

    The counters are visited in one order, whatever the command, so that two commands never wait for
    each other.

    Returns:
        Whether it was done; False when one of the counters has too few seats.

    Raises:
        SeatCountersOff: seats are given back that were never counted.
    """
    deltas = Counter(taken)
    deltas.subtract(given_back or {})
    _ensure(deltas)
    try:
        with db.session.begin_nested():
            for key in sorted(deltas, key=lambda key: (key[0], ORDER[key[1]], key[2])):
                _move_one(key, deltas[key])
    except _Full:
        return False
    for track_id in sorted({key[0] for key, seats in deltas.items() if _leaves_kept(key, seats)}):
        ensure_counters(track_id)  # a kept seat beyond the plan may be one for everybody now
    return True


def _leaves_kept(key: CounterKey, seats: int) -> bool:
    return key[1] is SeatScope.RESERVE and seats < 0


class _Full(Exception):
    """A counter has too few seats; the savepoint is rolled back."""


def _move_one(key: CounterKey, seats: int) -> None:
    if seats > 0:
        statement = _of(key).values(taken=SeatCounter.taken + seats)
        bound = SeatCounter.capacity
        if not _changes(statement.where(bound.is_(None) | (SeatCounter.taken + seats <= bound))):
            raise _Full
    elif seats < 0:
        left = SeatCounter.taken + seats
        statement = _of(key).values(taken=left, capacity=_capacity(SeatCounter.stated, left))
        if not _changes(statement.where(left >= 0)):
            raise SeatCountersOff


def _of(key: CounterKey) -> Update:
    track_id, scope, name = key
    return (
        update(SeatCounter)
        .where(
            SeatCounter.track_id == track_id, SeatCounter.scope == scope, SeatCounter.key == name
        )
        .execution_options(synchronize_session=False)
    )


def _changes(statement: Update) -> bool:
    return db.session.execute(statement).rowcount == 1  # type: ignore[attr-defined,no-any-return]


def _capacity(
    stated: SQLColumnExpression[Any], taken: SQLColumnExpression[int]
) -> ColumnElement[int | None]:
    """The bound that holds: nobody loses a seat because the stated one went down."""
    return case((stated.is_(None), null()), (stated > taken, stated), else_=taken)


def _ensure(keys: Iterable[CounterKey]) -> None:
    """Make the counters that are not there yet."""
    wanted = set(keys)
    tracks = {key[0] for key in wanted}
    names = {key[2] for key in wanted}
    there = db.session.execute(
        select(SeatCounter.track_id, SeatCounter.scope, SeatCounter.key).where(
            SeatCounter.track_id.in_(tracks), SeatCounter.key.in_(names)
        )
    )
    missing = wanted - {(row.track_id, row.scope, row.key) for row in there}
    bounds = {track_id: bounds_of(track_id) for track_id in {key[0] for key in missing}}
    for track_id, scope, name in sorted(missing, key=lambda key: (key[0], ORDER[key[1]], key[2])):
        bound = bounds[track_id].of(scope, name)
        row = insert(SeatCounter).values(
            id=new_id(), track_id=track_id, scope=scope, key=name, taken=0, stated=bound,
            capacity=bound,
        )  # fmt: skip
        insert_or_skip(db.session(), row, UNIQUE)


def bounds_of(track_id: uuid.UUID, *, capacity: int | None = None) -> TrackBounds:
    """What is planned for a track now: its own figures, and those of the last wave released.

    Args:
        capacity: to ask what would hold with another number of seats.
    """
    track = db.session.execute(
        select(
            Track.capacity, Track.overbooking_rate, Track.first_seats, Track.per_organization_limit
        ).where(Track.id == track_id)
    ).one()
    wave = db.session.execute(
        select(SeatWave.seats, SeatWave.per_organization_limit)
        .where(SeatWave.track_id == track_id, SeatWave.released_at.is_not(None))
        .order_by(SeatWave.release_at.desc(), SeatWave.id.desc())
        .limit(1)
    ).first()
    reserves = kept_seats(track_id)
    quotas = db.session.execute(
        select(TrackQuota.category, TrackQuota.seats).where(TrackQuota.track_id == track_id)
    ).all()
    given_out = track.first_seats if wave is None else wave.seats
    limit = track.per_organization_limit if wave is None else wave.per_organization_limit
    seats = track.capacity if capacity is None else capacity
    reserved = sum(kept.in_use for kept in reserves)
    return TrackBounds(
        general=general_seats(seats, track.overbooking_rate, reserved, given_out),
        per_organization=limit,
        quotas={row.category: row.seats for row in quotas},
        reserves={str(kept.id): kept.seats for kept in reserves},
    )


@dataclass(frozen=True, slots=True)
class KeptSeats:
    """Seats that a track keeps aside for one kind of people.

    Args:
        seats: as planned.
        taken: how many people sit on them.
    """

    id: uuid.UUID
    kind: ReserveKind
    seats: int
    taken: int

    @property
    def in_use(self) -> int:
        """Seats that nobody else can have: when fewer are planned, nobody loses one."""
        return max(self.seats, self.taken)


def kept_seats(track_id: uuid.UUID) -> list[KeptSeats]:
    """The seats that a track keeps aside, and how they are taken."""
    counters = db.session.execute(
        select(SeatCounter.key, SeatCounter.taken).where(
            SeatCounter.track_id == track_id, SeatCounter.scope == SeatScope.RESERVE
        )
    )
    taken = {row.key: row.taken for row in counters}
    rows = db.session.execute(
        select(SeatReserve.id, SeatReserve.kind, SeatReserve.seats)
        .where(SeatReserve.track_id == track_id)
        .order_by(SeatReserve.position, SeatReserve.id)
    )
    return [KeptSeats(row.id, row.kind, row.seats, taken.get(str(row.id), 0)) for row in rows]


def ensure_counters(track_id: uuid.UUID) -> None:
    """Bring the counters of a track into step with its bounds; those that are missing are made.

    A bound below what is taken stays at what is taken, and goes down as seats are given back.
    """
    bounds = bounds_of(track_id)
    keys: list[CounterKey] = [(track_id, SeatScope.TRACK, "")]
    keys += [(track_id, SeatScope.RESERVE, key) for key in bounds.reserves]
    keys += [(track_id, SeatScope.CATEGORY, key) for key in bounds.quotas]
    _ensure(keys)
    rows = db.session.execute(
        select(SeatCounter.scope, SeatCounter.key, SeatCounter.stated).where(
            SeatCounter.track_id == track_id
        )
    ).all()
    for scope, key, stated in rows:
        bound = bounds.of(scope, key)
        if bound != stated:
            _state(track_id, scope, key, bound)


def _state(track_id: uuid.UUID, scope: SeatScope, key: str, bound: int | None) -> None:
    capacity = null() if bound is None else _capacity(literal(bound), SeatCounter.taken)
    statement = _of((track_id, scope, key)).values(stated=bound, capacity=capacity)
    db.session.execute(statement)


@dataclass(frozen=True, slots=True)
class FullBound:
    """A bound that has too few seats left for somebody."""

    scope: SeatScope
    key: str
    taken: int
    capacity: int


def full_bounds(taken: Deltas, given_back: Deltas) -> list[FullBound]:
    """The bounds for which :func:`move_seats` would refuse a step, in the order of the scopes."""
    deltas = Counter(taken)
    deltas.subtract(given_back)
    rows = db.session.execute(
        select(
            SeatCounter.track_id, SeatCounter.scope, SeatCounter.key, SeatCounter.taken,
            SeatCounter.capacity,
        ).where(
            SeatCounter.track_id.in_({key[0] for key in deltas}), SeatCounter.capacity.is_not(None)
        )
    ).all()  # fmt: skip
    found = [
        FullBound(row.scope, row.key, row.taken, row.capacity)
        for row in rows
        if 0 < deltas[row.track_id, row.scope, row.key] > row.capacity - row.taken
    ]
    return sorted(found, key=lambda bound: (ORDER[bound.scope], bound.key))


def widen(taken: Deltas, given_back: Deltas | None = None) -> None:
    """Make room for a step beyond the bounds, which a person decided; as with a bound that went
    down, each narrows again when seats are given back."""
    deltas = Counter(taken)
    deltas.subtract(given_back or {})
    _ensure(deltas)
    for key, seats in sorted(deltas.items(), key=lambda each: (each[0][0], ORDER[each[0][1]])):
        wanted = SeatCounter.taken + seats
        if seats > 0:
            too_few = _of(key).where(SeatCounter.capacity < wanted)
            db.session.execute(too_few.values(capacity=wanted))


def room_of(track_id: uuid.UUID) -> Room:
    """What is taken of a track, and what may be."""
    rows = db.session.execute(
        select(SeatCounter.scope, SeatCounter.key, SeatCounter.taken, SeatCounter.capacity).where(
            or_(
                and_(
                    SeatCounter.track_id == track_id,
                    SeatCounter.scope.in_((SeatScope.TRACK, SeatScope.CATEGORY)),
                ),
                and_(
                    SeatCounter.track_id == limit_tracks([track_id])[track_id],
                    SeatCounter.scope == SeatScope.ORGANIZATION,
                ),
            )
        )
    )
    return Room({(row.scope, row.key): (row.taken, row.capacity) for row in rows})
