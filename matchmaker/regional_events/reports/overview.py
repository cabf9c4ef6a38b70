"""The coordinator's overview: events beside each other, and how one event filled over time."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import exists, func, or_, select
from sqlalchemy.orm import joinedload

from matchmaker.core.clock import JST, fiscal_year, today
from matchmaker.core.db import db
from matchmaker.regional_events.planning.domain import EventKind, EventState
from matchmaker.regional_events.planning.models import EventSeries, RegionalEvent, Track
from matchmaker.regional_events.registrations.domain import HistoryKind
from matchmaker.regional_events.registrations.models import Registration, RegistrationHistory
from matchmaker.regional_events.reports.costs import CostSum, sums_of
from matchmaker.regional_events.reports.figures import (
    UNKNOWN,
    EventFigures,
    category_label,
    figures_of_many,
)

MOST_EVENTS, MOST_SERIES, MOST_HISTORY = 60, 100, 200_000
MOST_POINTS, MOST_PARTS = 16, 8
REST = "ほか"
HELD_STATES = (EventState.PUBLISHED, EventState.ARCHIVED, EventState.CANCELLED)


@dataclass(frozen=True, slots=True)
class OverviewFilter:
    """What the overview is narrowed to; None narrows nothing."""

    fiscal_year: int | None = None
    series_id: uuid.UUID | None = None
    kind: EventKind | None = None
    prefecture: str = ""


@dataclass(frozen=True, slots=True)
class OverviewRow:
    """One event with its figures and costs."""

    event: RegionalEvent
    figures: EventFigures
    cancellations: int
    costs: CostSum

    @property
    def yen_per_participant(self) -> int | None:
        """Costs (paid, or else planned) for each person who came, or is expected."""
        people = self.figures.present or self.figures.confirmed
        known = self.costs.known_yen
        return round(known / people) if known is not None and people else None


def overview(wanted: OverviewFilter, now: datetime) -> list[OverviewRow]:
    """Events that fit, in the order of their days, with figures (six statements).

    Events that were loaded with their bare facts, and for which nobody registered here, say
    nothing about seats and are left out.
    """
    registered = exists().where(Registration.event_id == RegionalEvent.id)
    query = (
        select(RegionalEvent)
        .where(RegionalEvent.state.in_(HELD_STATES), or_(RegionalEvent.key.is_(None), registered))
        .options(joinedload(RegionalEvent.series))
        .order_by(RegionalEvent.starts_at.desc(), RegionalEvent.id.desc())
        .limit(MOST_EVENTS)
    )
    if wanted.fiscal_year is not None:
        begin, end = _bounds(wanted.fiscal_year)
        query = query.where(RegionalEvent.starts_at >= begin, RegionalEvent.starts_at < end)
    if wanted.series_id is not None:
        query = query.where(RegionalEvent.series_id == wanted.series_id)
    if wanted.kind is not None:
        query = query.where(RegionalEvent.kind == wanted.kind)
    if wanted.prefecture:
        query = query.where(RegionalEvent.prefecture == wanted.prefecture)
    return _rows(list(reversed(db.session.scalars(query).all())), now)


def _bounds(year: int) -> tuple[datetime, datetime]:
    first, last = date(year, 4, 1), date(year + 1, 4, 1)
    return tuple(datetime.combine(day, time(0), JST).astimezone(UTC) for day in (first, last))  # type: ignore[return-value]


def _rows(events: Sequence[RegionalEvent], now: datetime) -> list[OverviewRow]:
    ids = [event.id for event in events]
    if not ids:
        return []
    figures, costs, cancelled = figures_of_many(ids), sums_of(ids), _cancellations(ids)
    return [
        OverviewRow(
            event,
            figures[event.id] if event.ends_at <= now else figures[event.id].while_running(),
            cancelled.get(event.id, 0),
            costs.get(event.id, CostSum()),
        )
        for event in events
    ]


def _cancellations(event_ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, int]:
    """How often people cancelled, also those who registered again."""
    query = (
        select(RegistrationHistory.event_id, func.count(RegistrationHistory.id))
        .where(
            RegistrationHistory.event_id.in_(event_ids),
            RegistrationHistory.kind == HistoryKind.CANCELLED,
        )
        .group_by(RegistrationHistory.event_id)
    )
    return dict(iter(db.session.execute(query).tuples()))


def series_choices() -> Sequence[EventSeries]:
    """All series, by name."""
    return db.session.scalars(
        select(EventSeries).order_by(EventSeries.name).limit(MOST_SERIES)
    ).all()


def fiscal_years() -> list[int]:
    """Fiscal years in which there are events, the latest first."""
    ends = select(func.min(RegionalEvent.starts_at), func.max(RegionalEvent.starts_at)).where(
        RegionalEvent.state.in_(HELD_STATES)
    )
    first, last = db.session.execute(ends).tuples().one()
    if first is None or last is None:
        return []
    return list(range(fiscal_year(today(last)), fiscal_year(today(first)) - 1, -1))


@dataclass(frozen=True, slots=True)
class Curve:
    """How a number grew: one value at the end of each of some days.

    Args:
        label: of what.
        values: seats held at the end of each day of the timeline.
        capacity: bound of a track.
    """

    label: str
    values: tuple[int, ...]
    capacity: int | None = None


@dataclass(frozen=True, slots=True)
class Timeline:
    """How an event filled.

    Args:
        days: at most :data:`MOST_POINTS` days from the first registration on.
        seats: people with a seat.
        requested: people who asked for one, added up.
        cancelled: people who cancelled, added up.
        tracks, categories, prefectures: seats by part; the smallest parts together.
    """

    days: tuple[date, ...]
    seats: Curve
    requested: Curve
    cancelled: Curve
    tracks: tuple[Curve, ...]
    categories: tuple[Curve, ...]
    prefectures: tuple[Curve, ...]


@dataclass(frozen=True, slots=True)
class Happening:
    """One line of the history, reduced to what is counted."""

    kind: HistoryKind
    attendee: uuid.UUID | None
    track: uuid.UUID | None
    category: str
    prefecture: str
    day: date


def timeline_of(event: RegionalEvent) -> Timeline | None:
    """How the event filled, from the history alone; None while nothing happened.

    Args:
        event: with its tracks.
    """
    happened = _history(event.id)
    if not happened:
        return None
    days = _days(happened[0].day, happened[-1].day)
    parts = _parts(happened, {track.id: track for track in event.tracks})
    counts = {
        "requested": [h.day for h in happened if h.kind is HistoryKind.REQUESTED],
        "cancelled": [h.day for h in happened if h.kind is HistoryKind.CANCELLED],
    }
    total: Counter[date] = Counter()
    for changes in parts["tracks"].values():
        total.update(changes)
    capacities = {track.name: track.capacity for track in event.tracks}
    return Timeline(
        days=days,
        seats=Curve("席のある人", _sums(total, days)),
        requested=Curve("申し込んだ人（累計）", _sums(Counter(counts["requested"]), days)),
        cancelled=Curve("取り消した人（累計）", _sums(Counter(counts["cancelled"]), days)),
        tracks=_curves(parts["tracks"], days, capacities),
        categories=_curves(parts["categories"], days),
        prefectures=_curves(parts["prefectures"], days),
    )


def _history(event_id: uuid.UUID) -> list[Happening]:
    row = RegistrationHistory
    query = (
        select(
            row.kind, row.attendee_id, row.track_id, row.category, row.prefecture, row.at,
        )
        .where(row.event_id == event_id)
        .order_by(row.at, row.id)
        .limit(MOST_HISTORY)
    )  # fmt: skip
    return [Happening(*found[:5], today(found[5])) for found in db.session.execute(query).tuples()]


Parts = dict[str, dict[str, Counter[date]]]


def _parts(happened: Sequence[Happening], tracks: Mapping[uuid.UUID, Track]) -> Parts:
    """Seats won and lost by day, for each track, category and prefecture.

    A person sits on at most one track: what follows takes away what was before, so that moves,
    cancellations and restorations need no cases of their own.
    """
    parts: Parts = {"tracks": {}, "categories": {}, "prefectures": {}}
    seats: dict[uuid.UUID | None, tuple[str, str, str]] = {}
    for each in happened:
        if each.kind not in SEATING:
            continue
        old = seats.pop(each.attendee, None)
        if old is not None:
            _count(parts, old, each.day, -1)
        sits = tracks.get(each.track) if each.kind in SITTING and each.track else None
        if sits is not None:
            new = (sits.name, category_label(each.category), each.prefecture or UNKNOWN)
            seats[each.attendee] = new
            _count(parts, new, each.day, 1)
    return parts


SITTING = frozenset({HistoryKind.CONFIRMED, HistoryKind.MOVED})
SEATING = SITTING | {HistoryKind.CANCELLED, HistoryKind.EXPIRED}


def _count(parts: Parts, names: tuple[str, str, str], day: date, change: int) -> None:
    for part, name in zip(parts.values(), names, strict=True):
        part.setdefault(name, Counter())[day] += change


def _days(first: date, last: date) -> tuple[date, ...]:
    """Evenly spread days, the first and the last among them."""
    length = (last - first).days
    steps = min(length, MOST_POINTS - 1) or 1
    return tuple(
        dict.fromkeys(first + timedelta(days=round(length * n / steps)) for n in range(steps + 1))
    )


def _sums(changes: Counter[date], days: Sequence[date]) -> tuple[int, ...]:
    return tuple(sum(number for at, number in changes.items() if at <= day) for day in days)


def _curves(
    parts: Mapping[str, Counter[date]],
    days: Sequence[date],
    capacities: Mapping[str, int | None] | None = None,
) -> tuple[Curve, ...]:
    """The largest parts; the rest together."""
    known = capacities or {}
    curves = [Curve(label, _sums(part, days), known.get(label)) for label, part in parts.items()]
    curves.sort(key=lambda curve: (-curve.values[-1], curve.label))
    shown, rest = curves[:MOST_PARTS], curves[MOST_PARTS:]
    if rest:
        together = zip(*(curve.values for curve in rest), strict=True)
        shown.append(Curve(REST, tuple(sum(values) for values in together)))
    return tuple(shown)
