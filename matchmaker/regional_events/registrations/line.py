"""The rule of the waiting list: who is next. Pure; see ADR 0044.

1. The order is that of the event's :class:`WaitingRule`.
2. Whom the bounds of the own organisation or category keep out is passed over, keeps the place, and
   it costs nobody anything.
3. A group for which too few seats are free may be passed by others :data:`PASSES_MOST` times; then
   seats are gathered for it: nobody behind it gets one, until there are enough.
4. Shortly before the start only those who can come at once are offered seats, and nothing is
   gathered any more.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from matchmaker.regional_events.planning.domain import WaitingRule
from matchmaker.regional_events.registrations.domain import PASSES_MOST, SeatScope

CounterName = tuple[SeatScope, str]
GENERAL: CounterName = (SeatScope.TRACK, "")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A place in line, or somebody who comes new.

    Args:
        id: of the entry.
        size: seats wanted.
        people: those of them that count for organisation and category.
        organization: key of the organisation; empty for people without one.
        passes: how often others passed because this one was too large.
        given_back: seats of the same organisation that become free by the change (another room
            that counts organisations together with this one).
    """

    id: uuid.UUID
    size: int
    people: int
    organization: str
    category: str
    joined_at: datetime
    is_at_once: bool = False
    passes: int = 0
    given_back: int = 0

    def own_needs(self) -> dict[CounterName, int]:
        """Seats within the bounds of the own category and organisation."""
        needs: dict[CounterName, int] = {(SeatScope.CATEGORY, self.category): self.people}
        if self.organization:
            needs[SeatScope.ORGANIZATION, self.organization] = self.people - self.given_back
        return needs


@dataclass(slots=True)
class Room:
    """What is taken of a track, and what may be: ``(taken, capacity)`` by counter."""

    counters: dict[CounterName, tuple[int, int | None]] = field(default_factory=dict)

    def taken(self, name: CounterName) -> int:
        """Seats taken within one bound."""
        return self.counters.get(name, (0, None))[0]

    def capacity(self, name: CounterName) -> int | None:
        """One bound."""
        return self.counters.get(name, (0, None))[1]

    def has(self, name: CounterName, seats: int) -> bool:
        """Whether so many seats are free within one bound."""
        taken, capacity = self.counters.get(name, (0, None))
        return seats == 0 or capacity is None or taken + seats <= capacity

    def take(self, candidate: Candidate) -> None:
        """Count the seats of ``candidate`` as taken."""
        for name, seats in {GENERAL: candidate.size, **candidate.own_needs()}.items():
            taken, capacity = self.counters.get(name, (0, None))
            self.counters[name] = (taken + seats, capacity)


class Fit(StrEnum):
    """Whether a candidate could be seated now, and if not, why."""

    FITS = "fits"
    TOO_LARGE = "too_large"
    ORGANIZATION_FULL = "organization_full"
    CATEGORY_FULL = "category_full"
    NEVER = "never"
    NOT_AT_ONCE = "not_at_once"


def fit(candidate: Candidate, room: Room, *, short_notice: bool) -> Fit:
    """How ``candidate`` stands to what is free."""
    if short_notice and not candidate.is_at_once:
        return Fit.NOT_AT_ONCE
    for (scope, key), seats in candidate.own_needs().items():
        if not room.has((scope, key), seats):
            is_own = scope is SeatScope.ORGANIZATION
            return Fit.ORGANIZATION_FULL if is_own else Fit.CATEGORY_FULL
    if room.has(GENERAL, candidate.size):
        return Fit.FITS
    bound = room.capacity(GENERAL)
    return Fit.NEVER if bound is not None and candidate.size > bound else Fit.TOO_LARGE


def in_order(rule: WaitingRule, line: Iterable[Candidate], room: Room) -> list[Candidate]:
    """The line as the rule of the event orders it."""

    def place(candidate: Candidate) -> tuple[int, datetime, uuid.UUID]:
        held = 0
        if rule is WaitingRule.FEWEST_SEATS and candidate.organization:
            held = room.taken((SeatScope.ORGANIZATION, candidate.organization))
        return held, candidate.joined_at, candidate.id

    return sorted(line, key=place)


@dataclass(frozen=True, slots=True)
class Choice:
    """Who is next (None is nobody), and the groups that are passed by that."""

    candidate: Candidate | None
    passed: Sequence[Candidate] = ()
    gathers_for: Candidate | None = None


def is_gathered_for(candidate: Candidate, *, short_notice: bool) -> bool:
    """Whether free seats are kept until there are enough for this group."""
    return candidate.passes >= PASSES_MOST and not short_notice


def next_in_line(ordered: Sequence[Candidate], room: Room, *, short_notice: bool) -> Choice:
    """Walk the line once."""
    passed: list[Candidate] = []
    for candidate in ordered:
        standing = fit(candidate, room, short_notice=short_notice)
        if standing is Fit.FITS:
            return Choice(candidate, passed)
        if standing is Fit.TOO_LARGE:
            if is_gathered_for(candidate, short_notice=short_notice):
                return Choice(None, gathers_for=candidate)
            passed.append(candidate)
    return Choice(None)
