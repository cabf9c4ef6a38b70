"""The figures of events, counted from registrations and check-ins; no names are read.

They stay the same when guests are erased, since rows, categories and prefectures stay.
"""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from sqlalchemy import case, func, select

from matchmaker.core.db import db
from matchmaker.organizations.domain import CATEGORIES
from matchmaker.regional_events.planning.domain import CITIZEN, TrackKind
from matchmaker.regional_events.planning.models import Track
from matchmaker.regional_events.reception.models import CheckIn
from matchmaker.regional_events.registrations.domain import AttendeeState, WaitingState
from matchmaker.regional_events.registrations.models import Attendee, WaitingEntry
from matchmaker.regional_events.reports.domain import fill_rate, no_show_rate

CITIZEN_LABEL, UNKNOWN = "個人・その他", "不明"
CONFIRMED, CANCELLED = AttendeeState.CONFIRMED, AttendeeState.CANCELLED
REFUSED = frozenset({WaitingState.DECLINED, WaitingState.EXPIRED})


@dataclass(frozen=True, slots=True)
class Line:
    """Figures of one part of the people: a track, a category, a prefecture.

    Args:
        label: what it is called.
        registered: people who asked for a seat and hold one, wait, or cancelled.
        confirmed: people with a seat.
        present: people who were checked in.
        capacity: seats of a track; None without a bound.
    """

    label: str
    registered: int
    confirmed: int
    present: int
    capacity: int | None = None

    @property
    def fill_rate(self) -> float | None:
        """Share of the seats that were given out."""
        return fill_rate(self.confirmed, self.capacity)


@dataclass(frozen=True, slots=True)
class WaitingFigures:
    """What became of the waiting list.

    Args:
        entries: places in line there ever were.
        waiting: people still in line.
        offered: places to which seats were offered.
        accepted: places that led to seats.
        refused: offers declined or run out.
    """

    entries: int = 0
    waiting: int = 0
    offered: int = 0
    accepted: int = 0
    refused: int = 0

    @property
    def conversion_rate(self) -> float | None:
        """Share of the places in line that led to seats."""
        return self.accepted / self.entries if self.entries else None


@dataclass(frozen=True, slots=True)
class EventFigures:
    """All figures of one event.

    Args:
        expected: people with a seat on tracks where presence was taken.
        came: those of them who were there.
    """

    registered: int = 0
    confirmed: int = 0
    cancelled: int = 0
    present: int = 0
    capacity: int | None = None
    expected: int = 0
    came: int = 0
    tracks: tuple[Line, ...] = ()
    categories: tuple[Line, ...] = ()
    prefectures: tuple[Line, ...] = ()
    waiting: WaitingFigures = field(default_factory=WaitingFigures)

    @property
    def no_show_rate(self) -> float | None:
        """Share of those expected who did not come; None where presence was not taken."""
        return no_show_rate(self.expected, self.came)

    def while_running(self) -> EventFigures:
        """The same without those who did not come: until the end they may still come."""
        return replace(self, expected=0, came=0)

    @property
    def fill_rate(self) -> float | None:
        """Share of the bounded seats that were given out."""
        bounded = sum(line.confirmed for line in self.tracks if line.capacity)
        return fill_rate(bounded, self.capacity)


@dataclass(frozen=True, slots=True)
class Group:
    """People of one event who are alike in all that is counted."""

    track_id: uuid.UUID | None
    category: str
    prefecture: str
    state: AttendeeState
    people: int
    present: int


COUNTED = frozenset({CONFIRMED, CANCELLED, AttendeeState.WAITING})


def figures_of(event_id: uuid.UUID) -> EventFigures:
    """Count one event (three statements, however many people there are)."""
    return figures_of_many([event_id])[event_id]


def figures_of_many(event_ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, EventFigures]:
    """Count several events at once (three statements)."""
    groups, tracks, lines = _groups(event_ids), _tracks(event_ids), _waiting(event_ids)
    return {
        event_id: _figures(
            groups.get(event_id, []), tracks.get(event_id, []), lines.get(event_id, [])
        )
        for event_id in event_ids
    }


def _groups(event_ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, list[Group]]:
    track = func.coalesce(Attendee.track_id, Attendee.wanted_track_id)
    keys = (Attendee.event_id, track, Attendee.category, Attendee.prefecture, Attendee.state)
    query = (
        select(*keys, func.count(Attendee.id), func.count(CheckIn.id))
        .outerjoin(CheckIn, CheckIn.attendee_id == Attendee.id)
        .where(Attendee.event_id.in_(event_ids), Attendee.state.in_(COUNTED))
        .group_by(*keys)
    )
    found: dict[uuid.UUID, list[Group]] = {}
    for row in db.session.execute(query).tuples():
        found.setdefault(row[0], []).append(Group(*row[1:]))
    return found


def _tracks(event_ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, list[Track]]:
    query = (
        select(Track)
        .where(Track.event_id.in_(event_ids))
        .order_by(Track.event_id, Track.position, Track.id)
    )
    found: dict[uuid.UUID, list[Track]] = {}
    for track in db.session.scalars(query):
        found.setdefault(track.event_id, []).append(track)
    return found


Waited = tuple[WaitingState, int, int, int]


def _waiting(event_ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, list[Waited]]:
    offered = func.sum(case((WaitingEntry.offers > 0, 1), else_=0))
    query = (
        select(
            Track.event_id, WaitingEntry.state, func.count(WaitingEntry.id),
            func.sum(WaitingEntry.size), offered,
        )
        .join(Track, Track.id == WaitingEntry.track_id)
        .where(Track.event_id.in_(event_ids))
        .group_by(Track.event_id, WaitingEntry.state)
    )  # fmt: skip
    found: dict[uuid.UUID, list[Waited]] = {}
    for event_id, state, entries, size, offers in db.session.execute(query).tuples():
        found.setdefault(event_id, []).append((state, entries, int(size), int(offers)))
    return found


def _figures(
    groups: Sequence[Group], tracks: Sequence[Track], waited: Sequence[Waited]
) -> EventFigures:
    taken = {group.track_id for group in groups if group.present}
    archives = {track.id for track in tracks if track.kind is TrackKind.ARCHIVE}
    counted = [g for g in groups if g.track_id in taken and g.track_id not in archives]
    bounds = [track.capacity for track in tracks if track.capacity]
    return EventFigures(
        registered=sum(group.people for group in groups),
        confirmed=_people(groups, CONFIRMED),
        cancelled=_people(groups, CANCELLED),
        present=sum(group.present for group in groups),
        capacity=sum(bounds) if bounds else None,
        expected=_people(counted, CONFIRMED),
        came=sum(g.present for g in counted if g.state is CONFIRMED),
        tracks=_track_lines(groups, tracks),
        categories=_lines((category_label(group.category), group) for group in groups),
        prefectures=_lines((group.prefecture or UNKNOWN, group) for group in groups),
        waiting=_waiting_figures(waited),
    )


def category_label(category: str) -> str:
    """What a category of organisations (or citizens) is called."""
    if category == CITIZEN:
        return CITIZEN_LABEL
    return next((known.label for known in CATEGORIES if known.code == category), UNKNOWN)


def _people(groups: Iterable[Group], state: AttendeeState) -> int:
    return sum(group.people for group in groups if group.state is state)


def _track_lines(groups: Sequence[Group], tracks: Sequence[Track]) -> tuple[Line, ...]:
    return tuple(
        _line(track.name, [g for g in groups if g.track_id == track.id], track.capacity)
        for track in tracks
    )


def _lines(pairs: Iterable[tuple[str, Group]]) -> tuple[Line, ...]:
    """The largest first."""
    found: dict[str, list[Group]] = {}
    for label, group in pairs:
        found.setdefault(label, []).append(group)
    lines = [_line(label, groups) for label, groups in found.items()]
    return tuple(sorted(lines, key=lambda line: (-line.registered, line.label)))


def _line(label: str, groups: Sequence[Group], capacity: int | None = None) -> Line:
    return Line(
        label,
        sum(group.people for group in groups),
        _people(groups, CONFIRMED),
        sum(group.present for group in groups),
        capacity,
    )


def _waiting_figures(waited: Sequence[Waited]) -> WaitingFigures:
    entries: Counter[WaitingState] = Counter()
    for state, number, _size, _offered in waited:
        entries[state] += number
    return WaitingFigures(
        entries=sum(entries.values()),
        waiting=sum(size for state, _n, size, _o in waited if state is WaitingState.WAITING),
        offered=sum(offered for *_rest, offered in waited),
        accepted=entries[WaitingState.ACCEPTED],
        refused=sum(entries[state] for state in REFUSED),
    )


def as_data(figures: EventFigures) -> dict[str, Any]:
    """Figures as JSON, for a version of a report."""
    return asdict(figures)


def from_data(data: Mapping[str, Any]) -> EventFigures:
    """Figures as they were kept."""
    parts = {
        name: tuple(Line(**line) for line in data[name])
        for name in ("tracks", "categories", "prefectures")
    }
    waiting = WaitingFigures(**data["waiting"])
    return EventFigures(**{**data, **parts, "waiting": waiting})
