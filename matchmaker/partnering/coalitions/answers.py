"""From gathered towns to answers: the three groups, what is missing, and how to mend a group."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from decimal import Decimal

from matchmaker.partnering.coalitions.domain import (
    MEMBERS_MOST,
    NOTHING,
    Standing,
    Tonnes,
    standing_of,
)
from matchmaker.partnering.coalitions.gathering import Gathered, Town
from matchmaker.partnering.coalitions.grouping import (
    Aim,
    Basis,
    Candidate,
    Grouping,
    GroupingProblem,
)
from matchmaker.partnering.coalitions.solver import nearest_miss, solve_best

MOST_HINTS = 3


@dataclass(frozen=True)
class Group:
    """One answer.

    Args:
        aims: what it is best at; the same group may be the answer to several.
        towns: its members, large ones first.
        standing: whether it surely or possibly reaches the lot.
        gap: how much could still be saved at most, 0 when proven best.
    """

    aims: tuple[Aim, ...]
    towns: Sequence[Town]
    standing: Standing
    gap: float

    @property
    def total(self) -> Tonnes:
        """What comes together, tonnes a year."""
        return sum((town.tonnes for town in self.towns), NOTHING)

    @property
    def transport(self) -> Decimal:
        """Tonne-kilometres a year; the middle of a range is taken."""
        return sum(
            ((t.tonnes.low + t.tonnes.high) / 2 * Decimal(t.road_km) for t in self.towns),
            Decimal(0),
        )

    @property
    def spread(self) -> Decimal:
        """Tonnes between the largest and the smallest part; the middle of a range is taken."""
        parts = [(t.tonnes.low + t.tonnes.high) / 2 for t in self.towns]
        return max(parts) - min(parts)

    def share_of(self, town: Town) -> float:
        """A member's part of the whole, 0 to 1."""
        return float((town.tonnes.low + town.tonnes.high) / (self.total.low + self.total.high))


@dataclass(frozen=True)
class Shortage:
    """No group reaches the lot.

    Args:
        towns: the group that comes closest.
        missing: tonnes that it lacks.
        closers: single towns with which it would be reached, nearest first.
        largest: when no single town does, those that would bring most.
    """

    towns: Sequence[Town]
    missing: Decimal
    closers: Sequence[Town]
    largest: Sequence[Town]


def best_groups(gathered: Gathered, most: int) -> list[Group]:
    """The smallest, the cheapest and the most even group; equal ones once.

    Args:
        gathered: the towns.
        most: towns at most.
    """
    problem = problem_of(gathered, gathered.towns, most, _start(gathered))
    found = [(aim, solve_best(problem, aim)) for aim in Aim]
    groups: dict[tuple[int, ...], list[Grouping]] = {}
    for _, grouping in found:
        if grouping is not None:
            groups.setdefault(grouping.group, []).append(grouping)
    return [_group(gathered, places, each) for places, each in groups.items()]


def _start(gathered: Gathered) -> frozenset[int]:
    return frozenset(
        place for place, town in enumerate(gathered.towns) if town.key == gathered.start
    )


def problem_of(
    gathered: Gathered, towns: Sequence[Town], most: int, required: frozenset[int] = frozenset()
) -> GroupingProblem:
    """The problem for these towns; positions are theirs."""
    candidates = [
        Candidate(t.key, float(t.tonnes.low), float(t.tonnes.high), t.road_km) for t in towns
    ]
    capacity = None if gathered.capacity is None else float(gathered.capacity)
    return GroupingProblem(candidates, float(gathered.lot), capacity, most, Basis.LOW, required)


def _group(gathered: Gathered, places: tuple[int, ...], found: Sequence[Grouping]) -> Group:
    towns = sorted(
        (gathered.towns[place] for place in places), key=lambda t: (-t.tonnes.high, t.name)
    )
    total = sum((town.tonnes for town in towns), NOTHING)
    standing = standing_of(total, gathered.lot)
    return Group(tuple(g.aim for g in found), towns, standing, max(g.gap for g in found))


def shortage_of(gathered: Gathered, most: int) -> Shortage:
    """What is missing when no group reaches the lot, and who could close the gap alone.

    Args:
        gathered: the towns; upper ends of ranges are counted.
        most: towns at most; the town that closes the gap may be one more.
    """
    base = problem_of(gathered, gathered.towns, most, _start(gathered))
    problem = GroupingProblem(
        base.candidates, base.lot, base.capacity, base.most, Basis.HIGH, base.required
    )
    towns = [gathered.towns[place] for place in nearest_miss(problem)]
    total = sum((town.tonnes for town in towns), NOTHING)
    missing = max(Decimal(0), gathered.lot - total.high)
    room = None if gathered.capacity is None else gathered.capacity - total.high
    inside = {town.key for town in towns}
    others = [
        town
        for town in (*gathered.towns, *gathered.beyond)
        if town.key not in inside and (room is None or town.tonnes.high <= room)
    ]
    closers = sorted(
        (t for t in others if towns and t.tonnes.high >= missing), key=lambda t: t.road_km
    )
    largest = sorted(others, key=lambda t: -t.tonnes.high)
    return Shortage(towns, missing, closers[:MOST_HINTS], largest[:MOST_HINTS])


def repair(
    gathered: Gathered, kept: Sequence[Town], refused: Collection[str], most: int
) -> Sequence[Town] | None:
    """The fewest towns to ask so that those who stay reach the lot again.

    Args:
        gathered: the towns.
        kept: those who agreed or have not answered, with what they bring in.
        refused: keys of towns that said no.
        most: towns at most.

    Returns:
        The towns to ask besides, none when nothing is missing; None when no group reaches the lot.
    """
    total = sum((town.tonnes for town in kept), NOTHING)
    if len(kept) > 1 and standing_of(total, gathered.lot) is not Standing.SHORT:
        return ()
    taken = {town.key for town in kept} | set(refused)
    codes = {town.code for town in kept if town.code}
    fresh = [
        town
        for town in (*gathered.towns, *gathered.beyond)
        if town.key not in taken and town.code not in codes
    ]
    towns = [*kept, *fresh]
    required = frozenset(range(len(kept)))
    limit = min(MEMBERS_MOST, max(most, len(kept) + 1))
    found = solve_best(problem_of(gathered, towns, limit, required), Aim.SMALLEST)
    if found is None:
        return None
    return [towns[place] for place in found.group if place not in required]
