"""From gathered towns to answers: the three groups, what is missing, and how to mend a group."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
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
    GroupingProblem,
    Search,
)
from matchmaker.partnering.coalitions.solver import SECONDS, nearest_miss, solve_best

MOST_HINTS = 3


@dataclass(frozen=True)
class Group:
    """One answer.

    Args:
        aims: what it is best at; the same group may be the answer to several.
        towns: its members, large ones first.
        standing: whether it surely or possibly reaches the lot.
        gap: how much could still be saved at most, 0 when proven best.
        is_surest: no group that reaches the lot more surely was left open.
    """

    aims: tuple[Aim, ...]
    towns: Sequence[Town]
    standing: Standing
    gap: float
    is_surest: bool = True

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
class Answers:
    """All answers to a search.

    Args:
        groups: the best ones; none when none was found.
        is_complete: without groups it is known that no group reaches the lot.
    """

    groups: Sequence[Group]
    is_complete: bool


@dataclass(frozen=True)
class Shortage:
    """No group reaches the lot.

    Args:
        towns: the group that comes closest.
        missing: tonnes that it lacks.
        closers: single towns with which it would be reached, nearest first.
        largest: when no single town does, those that would bring most.
        is_proven: no other group comes closer.
    """

    towns: Sequence[Town]
    missing: Decimal
    closers: Sequence[Town]
    largest: Sequence[Town]
    is_proven: bool = True


def obstacle_of(gathered: Gathered) -> str:
    """What no group can mend: the own post, or the plant itself; empty when there is nothing."""
    if gathered.start_problem:
        return (
            "このニーズは、この事業者の連合に入れられません。"
            f"理由：{gathered.start_problem}。ニーズを直すか、ほかの事業者を選んでください。"
        )
    capacity = gathered.capacity
    if capacity is not None and capacity < gathered.lot:
        return (
            "空いている能力が最低の量より少ないため、いまはどの組み合わせも受け入れられません。"
            "空きが増えたら、もう一度さがしてください。"
        )
    own = next((town for town in gathered.towns if town.key == gathered.start), None)
    if own is not None and capacity is not None and own.tonnes.high > capacity:
        return "このニーズの量だけで、空いている能力をこえます。ほかの事業者を選んでください。"
    return ""


def best_groups(gathered: Gathered, most: int, seconds: float = SECONDS) -> Answers:
    """The smallest, the cheapest and the most even group; equal ones once.

    Args:
        gathered: the towns.
        most: towns at most.
        seconds: time limit for each aim.
    """
    problem = problem_of(gathered, gathered.towns, most, _start(gathered))
    searches = [solve_best(problem, aim, seconds) for aim in Aim]
    groups: dict[tuple[int, ...], list[Search]] = {}
    for search in searches:
        if search.best is not None:
            groups.setdefault(search.best.group, []).append(search)
    return Answers(
        [_group(gathered, places, each) for places, each in groups.items()],
        all(search.is_complete for search in searches),
    )


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


def _group(gathered: Gathered, places: tuple[int, ...], searches: Sequence[Search]) -> Group:
    towns = sorted(
        (gathered.towns[place] for place in places), key=lambda t: (-t.tonnes.high, t.name)
    )
    total = sum((town.tonnes for town in towns), NOTHING)
    standing = standing_of(total, gathered.lot)
    found = [search.best for search in searches if search.best is not None]
    return Group(
        aims=tuple(each.aim for each in found),
        towns=towns,
        standing=standing,
        gap=max(each.gap for each in found),
        is_surest=all(search.is_complete for search in searches),
    )


def shortage_of(gathered: Gathered, most: int, seconds: float = SECONDS) -> Shortage:
    """What is missing when no group reaches the lot, and who could close the gap alone.

    Args:
        gathered: the towns; upper ends of ranges are counted.
        most: towns at most; the town that closes the gap may be one more.
        seconds: time limit.
    """
    base = problem_of(gathered, gathered.towns, most, _start(gathered))
    places, is_proven = nearest_miss(replace(base, basis=Basis.HIGH), seconds)
    towns = [gathered.towns[place] for place in places]
    total = sum((town.tonnes for town in towns), NOTHING)
    missing = max(Decimal(0), gathered.lot - total.high)
    others = _with_room(gathered, towns, total)
    may_grow = 0 < len(towns) < MEMBERS_MOST
    closers = sorted(
        (t for t in others if may_grow and t.tonnes.high >= missing), key=lambda t: t.road_km
    )
    largest = sorted(others, key=lambda t: -t.tonnes.high)
    return Shortage(towns, missing, closers[:MOST_HINTS], largest[:MOST_HINTS], is_proven)


def _with_room(gathered: Gathered, inside: Sequence[Town], total: Tonnes) -> list[Town]:
    """Towns outside of a group that the plant still has room for, candidates or beyond."""
    room = None if gathered.capacity is None else gathered.capacity - total.high
    keys = {town.key for town in inside}
    return [
        town
        for town in (*gathered.towns, *gathered.beyond)
        if town.key not in keys and (room is None or town.tonnes.high <= room)
    ]


@dataclass(frozen=True)
class Mending:
    """How those who stay can reach the lot again.

    Args:
        towns: the fewest to ask besides; none when nothing is missing or no group was found.
        is_possible: those who stay reach the lot, alone or with these towns.
        is_complete: without towns it is known that none would do.
    """

    towns: Sequence[Town]
    is_possible: bool
    is_complete: bool


def repair(
    gathered: Gathered,
    kept: Sequence[Town],
    refused: Collection[str],
    most: int,
    seconds: float = SECONDS,
) -> Mending:
    """The fewest towns to ask so that those who stay reach the lot again.

    Args:
        gathered: the towns.
        kept: those who agreed or have not answered, with what they bring in.
        refused: keys of towns that said no.
        most: towns at most.
        seconds: time limit.
    """
    total = sum((town.tonnes for town in kept), NOTHING)
    if len(kept) > 1 and standing_of(total, gathered.lot) is not Standing.SHORT:
        return Mending((), is_possible=True, is_complete=True)
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
    problem = problem_of(gathered, towns, limit, required)
    search = solve_best(problem, Aim.SMALLEST, seconds)
    if search.best is None:
        return Mending((), is_possible=False, is_complete=search.is_complete)
    asked = [towns[place] for place in search.best.group if place not in required]
    return Mending(asked, is_possible=True, is_complete=True)
