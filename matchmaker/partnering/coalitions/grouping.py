"""Which groups of towns reach a minimum lot: the problem, and what a group is worth. Pure.

Every member brings in all that it has. A group is allowed when it has at least two and at most so
many members, all required ones among them, the counted quantities reach the lot, and the upper ends
of the ranges stay within the capacity. Distances are the caller's: what is too far away is no
candidate.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from itertools import combinations

import numpy as np
import numpy.typing as npt

FEWEST = 2
KG = 1_000
"""Quantities are compared in whole kilogrammes, so that no sum is off by a rounding."""
Numbers = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]


class Aim(StrEnum):
    """What a group should be."""

    SMALLEST = "smallest"
    CHEAPEST = "cheapest"
    EVENEST = "evenest"


class Basis(StrEnum):
    """Which end of a range is counted towards the lot."""

    LOW = "low"
    HIGH = "high"


@dataclass(frozen=True, slots=True)
class Candidate:
    """A town that could be asked.

    Args:
        key: names it for the caller.
        low, high: its quantity, tonnes a year.
        road_km: to the plant.
    """

    key: str
    low: float
    high: float
    road_km: float


@dataclass(frozen=True)
class GroupingProblem:
    """Candidates and rules.

    Args:
        candidates: each within the wanted distance to the plant.
        lot: tonnes a year that have to come together.
        capacity: tonnes a year that the plant takes at most; None when nobody said.
        most: members at most.
        basis: which end of the ranges counts towards the lot.
        required: positions of candidates that are in every group.
    """

    candidates: Sequence[Candidate]
    lot: float
    capacity: float | None
    most: int
    basis: Basis = Basis.LOW
    required: frozenset[int] = field(default=frozenset())

    @cached_property
    def counted(self) -> Numbers:
        """What counts towards the lot, kilogrammes."""
        ends = [c.low if self.basis is Basis.LOW else c.high for c in self.candidates]
        return np.rint(np.array(ends, dtype=np.float64) * KG)

    @cached_property
    def upper(self) -> Numbers:
        """What counts against the capacity, kilogrammes."""
        return np.rint(np.array([c.high for c in self.candidates], dtype=np.float64) * KG)

    @cached_property
    def lot_kg(self) -> float:
        """The lot in kilogrammes."""
        return float(round(self.lot * KG))

    @cached_property
    def capacity_kg(self) -> float:
        """The capacity in kilogrammes; infinite when nobody said."""
        return float("inf") if self.capacity is None else float(round(self.capacity * KG))

    @cached_property
    def middle(self) -> Numbers:
        """The middle of each range, kilogrammes: what transport and evenness are told by."""
        middles = [(c.low + c.high) / 2 for c in self.candidates]
        return np.rint(np.array(middles, dtype=np.float64) * KG)

    @cached_property
    def transport(self) -> Numbers:
        """Tonne-kilometres of each candidate's quantity (the middle of its range)."""
        km = np.array([c.road_km for c in self.candidates], dtype=np.float64)
        return self.middle / KG * km

    @cached_property
    def useful(self) -> Flags:
        """Candidates that are not too large for the plant."""
        fits: Flags = self.upper <= self.capacity_kg
        return fits

    def is_allowed(self, group: Collection[int]) -> bool:
        """Whether these positions make a group by all rules."""
        chosen = sorted(group)
        return (
            self.required <= set(chosen)
            and FEWEST <= len(chosen) <= self.most
            and float(self.counted[chosen].sum()) >= self.lot_kg
            and float(self.upper[chosen].sum()) <= self.capacity_kg
        )

    def value_of(self, group: Collection[int], aim: Aim) -> float:
        """What the aim counts: members, tonne-kilometres, or tonnes between most and least."""
        chosen = sorted(group)
        if aim is Aim.SMALLEST:
            return float(len(chosen))
        if aim is Aim.CHEAPEST:
            return float(self.transport[chosen].sum())
        middle = self.middle[chosen]
        return float(middle.max() - middle.min()) / KG


@dataclass(frozen=True, slots=True)
class Grouping:
    """A group and how good it is.

    Args:
        aim: what was asked for.
        basis: which end of the ranges was counted.
        group: positions of the members.
        value: members, tonne-kilometres, or tonnes between the largest and the smallest part.
        bound: no allowed group is below this.
    """

    aim: Aim
    basis: Basis
    group: tuple[int, ...]
    value: float
    bound: float

    @property
    def gap(self) -> float:
        """How much of the value could still be saved at most, 0 to 1; 0 when proven best."""
        if self.value <= self.bound:
            return 0.0
        return (self.value - self.bound) / self.value


@dataclass(frozen=True, slots=True)
class Search:
    """What a search found before its time was over.

    Args:
        best: the best group found; None when none was.
        is_complete: no better standing was left open. Without a group it tells that there is none;
            with one that only possibly reaches the lot, that none surely does.
    """

    best: Grouping | None
    is_complete: bool


def by_brute_force(problem: GroupingProblem, aim: Aim) -> float | None:
    """The best value over all groups, by trying every one; None when there is none.

    For tests and the benchmark: it takes as long as there are subsets.
    """
    places = range(len(problem.candidates))
    values = [
        problem.value_of(group, aim)
        for size in range(FEWEST, problem.most + 1)
        for group in combinations(places, size)
        if problem.is_allowed(group)
    ]
    return min(values, default=None)
