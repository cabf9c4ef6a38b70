"""Goes through what happened to an event once more and asks of each seat who should have had it.

The rule is read from its words (ADR 0044), not from the engine: the history of people, the log and
the plan of the tracks are all that is looked at.
"""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby

from sqlalchemy import select

from matchmaker.core.audit import AuditEntry
from matchmaker.core.db import db
from matchmaker.regional_events.planning.domain import WaitingRule
from matchmaker.regional_events.planning.models import RegionalEvent, SeatWave, Track
from matchmaker.regional_events.registrations.domain import PASSES_MOST, HistoryKind
from matchmaker.regional_events.registrations.models import (
    Attendee,
    Registration,
    RegistrationHistory,
    WaitingEntry,
)

ENDED = ("registrations:seat:offer-ended", "registrations:line:left")
RELEASED = "registrations:wave:released"
GRANTS = frozenset({HistoryKind.CONFIRMED, HistoryKind.MOVED})
GONE = frozenset({HistoryKind.CANCELLED, HistoryKind.EXPIRED})


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that happened to people of one registration at one moment.

    Args:
        kind: a word of the history, or the tag of the log.
        subject: the track, or for the ends of places in line the entry.
    """

    at: datetime
    order: uuid.UUID
    kind: str
    subject: uuid.UUID | None
    people: tuple[uuid.UUID, ...] = ()


@dataclass(slots=True, eq=False)
class Place:
    """A place in line."""

    track: uuid.UUID
    registration: uuid.UUID
    organization: uuid.UUID | None
    joined: datetime
    number: int
    people: set[uuid.UUID]
    passes: int = 0
    is_offered: bool = False


@dataclass(slots=True)
class Bounds:
    """Seats of a track and of one organisation on it, now and after its wave."""

    seats: int | None
    limit: int | None
    later: tuple[int | None, int | None] | None = None


@dataclass(slots=True)
class Replay:
    """The state of an event while its history is gone through.

    Args:
        groups: by person: registration, organisation, whether the group stays together.
        entries: by id: registration, track and the moment they joined.
    """

    is_fair: bool
    bounds: dict[uuid.UUID, Bounds]
    groups: dict[uuid.UUID, tuple[uuid.UUID, uuid.UUID | None, bool]]
    entries: dict[uuid.UUID, tuple[uuid.UUID, uuid.UUID, datetime, set[uuid.UUID]]]
    seats: dict[uuid.UUID, uuid.UUID] = field(default_factory=dict)
    taken: Counter[tuple[uuid.UUID, uuid.UUID | None]] = field(default_factory=Counter)
    lines: list[Place] = field(default_factory=list)
    place_of: dict[uuid.UUID, Place] = field(default_factory=dict)
    joined: int = 0
    found: list[str] = field(default_factory=list)

    def do(self, step: Step) -> None:
        """Go one step on."""
        if step.kind == RELEASED:
            bounds = self.bounds[self._track(step)]
            bounds.seats, bounds.limit = bounds.later or (bounds.seats, bounds.limit)
        elif step.kind in ENDED:
            self._end(step)
        elif step.kind == HistoryKind.WAITING:
            self._wait(step)
        elif step.kind == HistoryKind.OFFERED:
            self._offer(step)
        elif step.kind in GRANTS:
            self._seat(step)
        elif step.kind in GONE:
            for person in step.people:
                self._leave(person)
                self._rise(person)

    def _track(self, step: Step) -> uuid.UUID:
        if step.subject is None:
            raise RuntimeError(f"{step.kind} without a track")
        return step.subject

    def _end(self, step: Step) -> None:
        entry = self.entries.get(self._track(step))
        if entry is None:
            return
        for place in [each for each in self.lines if self._is_of(each, entry)]:
            for person in list(place.people):
                self._leave(person)

    def _is_of(
        self, place: Place, entry: tuple[uuid.UUID, uuid.UUID, datetime, set[uuid.UUID]]
    ) -> bool:
        registration, track, joined, people = entry
        is_same = (place.registration, place.track, place.joined) == (registration, track, joined)
        return is_same and bool(place.people & people)

    def _wait(self, step: Step) -> None:
        for block in self._blocks(step.people):
            for person in block:
                self._leave(person)
            registration, organization, _ = self.groups[block[0]]
            self.joined += 1
            place = Place(
                self._track(step), registration, organization, step.at, self.joined, set(block)
            )
            self.lines.append(place)
            self.place_of.update(dict.fromkeys(block, place))

    def _blocks(self, people: Sequence[uuid.UUID]) -> list[Sequence[uuid.UUID]]:
        is_together = self.groups[people[0]][2]
        return [people] if is_together else [[person] for person in people]

    def _offer(self, step: Step) -> None:
        for place in {id(p): p for p in map(self.place_of.__getitem__, step.people)}.values():
            self._judge(place)
            place.is_offered = True
            for _ in place.people:
                self._count(place.track, place.organization, 1)

    def _seat(self, step: Step) -> None:
        track = self._track(step)
        waiting = {p: self.place_of[p] for p in step.people if p in self.place_of}
        own = {id(each): each for each in waiting.values() if each.track == track}
        for place in own.values():
            if not place.is_offered:
                self._judge(place)
            self._sit([p for p in step.people if waiting.get(p) is place], track, {}, step)
        others = [p for p in step.people if p not in waiting or waiting[p].track != track]
        for block in self._blocks(others) if others else ():
            self._judge(self._newcomer(block, track, step.at))
            self._sit(block, track, waiting, step)

    def _sit(
        self,
        people: Sequence[uuid.UUID],
        track: uuid.UUID,
        waiting: dict[uuid.UUID, Place],
        step: Step,
    ) -> None:
        for person in people:
            place = waiting.get(person)
            if place is None or place.joined != step.at:
                self._leave(person)  # otherwise: sits here while waiting there
            self._rise(person)
            self.seats[person] = track
            self._count(track, self.groups[person][1], 1)

    def _newcomer(self, people: Sequence[uuid.UUID], track: uuid.UUID, at: datetime) -> Place:
        registration, organization, _ = self.groups[people[0]]
        return Place(track, registration, organization, at, self.joined + 1, set(people))

    def _leave(self, person: uuid.UUID) -> None:
        place = self.place_of.pop(person, None)
        if place is None:
            return
        place.people.discard(person)
        if place.is_offered:
            self._count(place.track, place.organization, -1)
        if not place.people:
            self.lines.remove(place)

    def _rise(self, person: uuid.UUID) -> None:
        track = self.seats.pop(person, None)
        if track is not None:
            self._count(track, self.groups[person][1], -1)

    def _count(self, track: uuid.UUID, organization: uuid.UUID | None, seats: int) -> None:
        self.taken[track, None] += seats
        if organization is not None:
            self.taken[track, organization] += seats

    def _order(self, place: Place) -> tuple[int, datetime, int]:
        is_counted = self.is_fair and place.organization is not None
        held = self.taken[place.track, place.organization] if is_counted else 0
        return held, place.joined, place.number

    def _is_kept_out(self, place: Place) -> bool:
        limit = self.bounds[place.track].limit
        if limit is None or place.organization is None:
            return False
        return self.taken[place.track, place.organization] + len(place.people) > limit

    def _has_room(self, place: Place) -> bool:
        seats = self.bounds[place.track].seats
        return seats is None or self.taken[place.track, None] + len(place.people) <= seats

    def _is_never(self, place: Place) -> bool:
        seats = self.bounds[place.track].seats
        return seats is not None and len(place.people) > seats

    def _before(self, place: Place) -> Iterator[Place]:
        """Those who wait before ``place`` and are within the bound of their organisation."""
        for other in sorted(self.lines, key=self._order):
            is_before = other.track == place.track and self._order(other) < self._order(place)
            if is_before and not other.is_offered and not self._is_kept_out(other):
                yield other

    def _judge(self, place: Place) -> None:
        """Ask whether a seat that is given now should have gone to somebody else."""
        if self._is_kept_out(place) or not self._has_room(place):
            self.found.append("beyond a bound")
        for other in list(self._before(place)):
            if self._has_room(other):
                self.found.append("past somebody who fitted")
            elif not self._is_never(other) and other.passes >= PASSES_MOST:
                self.found.append("past a group seats were gathered for")
            elif not self._is_never(other):
                other.passes += 1

    def finish(self) -> list[str]:
        """At the end nobody may wait for whom there is a seat."""
        for track in self.bounds:
            for place in sorted(self.lines, key=self._order):
                if place.track != track or place.is_offered or self._is_kept_out(place):
                    continue
                if self._has_room(place):
                    self.found.append("a seat was free for somebody who waits")
                elif not self._is_never(place) and place.passes >= PASSES_MOST:
                    break
        return self.found


def order_violations(event_id: uuid.UUID) -> list[str]:
    """Seats of an event that were given past somebody, in words; empty as it should be."""
    event = db.session.get_one(RegionalEvent, event_id)
    replay = Replay(
        event.waiting_rule is WaitingRule.FEWEST_SEATS, _bounds(event_id), _groups(event_id),
        _entries(event_id),
    )  # fmt: skip
    for step in sorted(_steps(event_id, replay), key=lambda each: (each.at, each.order)):
        replay.do(step)
    return replay.finish()


def _bounds(event_id: uuid.UUID) -> dict[uuid.UUID, Bounds]:
    found: dict[uuid.UUID, Bounds] = {}
    for track in db.session.scalars(select(Track).where(Track.event_id == event_id)):
        wave = db.session.scalars(select(SeatWave).where(SeatWave.track_id == track.id)).first()
        seats = track.capacity if track.first_seats is None else track.first_seats
        bounds = found[track.id] = Bounds(seats, track.per_organization_limit)
        if wave is not None:
            later = track.capacity if wave.seats is None else wave.seats
            bounds.later = (later, wave.per_organization_limit)
    return found


def _groups(event_id: uuid.UUID) -> dict[uuid.UUID, tuple[uuid.UUID, uuid.UUID | None, bool]]:
    rows = db.session.execute(
        select(
            Attendee.id, Attendee.registration_id, Attendee.organization_id,
            Registration.is_together,
        )
        .join(Registration, Registration.id == Attendee.registration_id)
        .where(Attendee.event_id == event_id)
    )  # fmt: skip
    return {row[0]: (row[1], row[2], row[3]) for row in rows}


def _entries(
    event_id: uuid.UUID,
) -> dict[uuid.UUID, tuple[uuid.UUID, uuid.UUID, datetime, set[uuid.UUID]]]:
    """Places in line with those whose last place they are."""
    found: dict[uuid.UUID, tuple[uuid.UUID, uuid.UUID, datetime, set[uuid.UUID]]] = {}
    rows = db.session.execute(
        select(WaitingEntry, Attendee.id)
        .join(Attendee, Attendee.waiting_entry_id == WaitingEntry.id)
        .where(Attendee.event_id == event_id)
    )
    for entry, person in rows:
        empty = (entry.registration_id, entry.track_id, entry.joined_at, set[uuid.UUID]())
        found.setdefault(entry.id, empty)[3].add(person)
    return found


def _steps(event_id: uuid.UUID, replay: Replay) -> Iterator[Step]:
    rows = db.session.scalars(
        select(RegistrationHistory)
        .where(RegistrationHistory.event_id == event_id)
        .order_by(RegistrationHistory.at, RegistrationHistory.id)
    )
    told = [row for row in rows if row.attendee_id in replay.groups]

    def one_command(row: RegistrationHistory) -> tuple[object, ...]:
        person = row.attendee_id or row.id
        return row.at, replay.groups[person][0], row.kind, row.track_id

    for _, group in groupby(told, one_command):
        same = list(group)
        people = tuple(row.attendee_id for row in same if row.attendee_id is not None)
        yield Step(same[0].at, same[0].id, str(same[0].kind), same[0].track_id, people)
    subjects = [*replay.entries, *replay.bounds]
    for entry in db.session.scalars(
        select(AuditEntry).where(AuditEntry.tag.in_((*ENDED, RELEASED)))
    ):
        if entry.subject_id in subjects:
            yield Step(entry.at, entry.id, entry.tag, entry.subject_id)
