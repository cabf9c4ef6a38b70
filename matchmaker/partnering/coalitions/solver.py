"""Finds the best groups exactly: HiGHS (through scipy) within a time limit, with a stated gap.

The smallest and the cheapest group are one mixed-integer programme each. For the most even one
the candidates are sorted by quantity (the middle of a range): a group with the smallest spread lies
in a shortest window of that order which holds an allowed group, and windows can be walked with two
ends that only move on.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import numpy.typing as npt
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_matrix, vstack

from matchmaker.partnering.coalitions.grouping import (
    FEWEST,
    KG,
    Aim,
    Basis,
    Flags,
    Grouping,
    GroupingProblem,
    Numbers,
    Search,
)

SECONDS: Final = 0.4
"""Time for one aim; what is not proven by then is told with its gap."""
_TIMED_OUT: Final = 1
_ROUNDS: Final = 20
_HALF: Final = 0.5


@dataclass(frozen=True, slots=True)
class _Found:
    """A group (None: there is none, or none was found in time) and a bound of the objective."""

    group: tuple[int, ...] | None
    bound: float
    is_proven: bool


def solve(problem: GroupingProblem, aim: Aim, seconds: float = SECONDS) -> Search:
    """The best group for an aim.

    Args:
        problem: candidates and rules.
        aim: what the group should be; ties go to the one that is cheaper to transport.
        seconds: time limit.

    Returns:
        A group with its gap, or none; the search says whether that is known for certain.
    """
    ends = time.monotonic() + seconds
    useful = problem.useful
    if not useful.any() or not _can_reach(problem, useful):
        return Search(None, is_complete=True)
    if aim is Aim.EVENEST:
        return _evenest(problem, ends)
    found = _programme(problem, _costs(problem, aim), useful, ends)
    if found.group is None and not found.is_proven:
        found = _Found(_quick_group(problem, useful), -np.inf, is_proven=False)
    if found.group is None:
        return Search(None, found.is_proven)
    value = problem.value_of(found.group, aim)
    bound = _bound(problem, aim, found, value)
    return Search(Grouping(aim, problem.basis, found.group, value, bound), is_complete=True)


def solve_best(problem: GroupingProblem, aim: Aim, seconds: float = SECONDS) -> Search:
    """The best group that surely reaches the lot; if there is none, that possibly does."""
    certain = solve(replace(problem, basis=Basis.LOW), aim, seconds)
    if certain.best is not None:
        return certain
    possible = solve(replace(problem, basis=Basis.HIGH), aim, seconds)
    return Search(possible.best, certain.is_complete and possible.is_complete)


def nearest_miss(
    problem: GroupingProblem, seconds: float = SECONDS
) -> tuple[tuple[int, ...], bool]:
    """The group that comes closest to a lot that no group reaches; of one or none at the worst.

    Returns:
        The group, and whether it is proven that none comes closer.
    """
    if not problem.candidates:
        return (), True
    ends = time.monotonic() + seconds
    found = _programme(problem, -problem.counted, None, ends, reaches_lot=False)
    return found.group or (), found.is_proven


def _costs(problem: GroupingProblem, aim: Aim) -> Numbers:
    """Objective of one member. For the smallest group the kilometres of all possible members stay
    below one member, so that they only break ties."""
    if aim is Aim.CHEAPEST:
        return problem.transport
    most = np.sort(problem.transport)[::-1][: problem.most].sum()
    costs: Numbers = 1.0 + problem.transport / (most + 1.0)
    return costs


def _bound(problem: GroupingProblem, aim: Aim, found: _Found, value: float) -> float:
    if found.is_proven:
        return value
    if aim is Aim.SMALLEST:
        # The part behind the point is the tie-break.
        return float(max(FEWEST, np.floor(found.bound + 1e-9)))
    return max(0.0, found.bound)


def _programme(
    problem: GroupingProblem,
    costs: Numbers,
    window: Flags | None,
    ends: float,
    *,
    reaches_lot: bool = True,
) -> _Found:
    """Minimise ``costs`` over the allowed groups among ``window``.

    What comes back is checked in whole kilogrammes; a group that only the tolerances of the solver
    let through is cut off and the search goes on.
    """
    scale = max(float(np.abs(costs).max(initial=0.0)), 1e-9)
    cuts: list[tuple[int, ...]] = []
    fewest = FEWEST if reaches_lot else max(1, len(problem.required))
    for _ in range(_ROUNDS):
        left = ends - time.monotonic()
        if left <= 0:
            break
        result = milp(
            costs / scale,
            integrality=np.ones(len(costs)),
            bounds=_bounds(problem, window),
            constraints=_constraints(problem, cuts, fewest, reaches_lot=reaches_lot),
            options={"time_limit": left, "mip_rel_gap": 0.0},
        )
        if result.x is None:
            return _Found(None, -np.inf, result.status != _TIMED_OUT)
        group = tuple(int(i) for i in np.flatnonzero(result.x > _HALF))
        if not reaches_lot or problem.is_allowed(group):
            bound = float(result.mip_dual_bound) * scale if result.status else 0.0
            return _Found(group, bound, result.status == 0)
        cuts.append(group)
    return _Found(None, -np.inf, is_proven=False)


def _bounds(problem: GroupingProblem, window: Flags | None) -> Bounds:
    upper = np.ones(len(problem.candidates))
    if window is not None:
        upper[~window] = 0.0
    upper[problem.upper > problem.capacity_kg] = 0.0
    lower = np.zeros(len(problem.candidates))
    lower[sorted(problem.required)] = 1.0
    return Bounds(lower, np.maximum(lower, upper))


def _constraints(
    problem: GroupingProblem, cuts: Sequence[tuple[int, ...]], fewest: int, *, reaches_lot: bool
) -> list[LinearConstraint]:
    size = len(problem.candidates)
    rows = [LinearConstraint(np.ones((1, size)), fewest, problem.most)]
    if reaches_lot:
        # What is more than a lot counts as a lot; that keeps numbers near one.
        shares = np.minimum(problem.counted, problem.lot_kg) / problem.lot_kg
        rows.append(LinearConstraint(shares[None, :], 1.0, np.inf))
    if np.isfinite(problem.capacity_kg):
        taken = problem.upper / max(problem.capacity_kg, 1.0)
        rows.append(LinearConstraint(taken[None, :], -np.inf, 1.0))
    if cuts:
        rows.append(_without(cuts, size))
    return rows


def _without(cuts: Sequence[tuple[int, ...]], size: int) -> LinearConstraint:
    """Exactly these groups are no answer again."""
    rows = []
    for group in cuts:
        row = -np.ones(size)
        row[list(group)] = 1.0
        rows.append(csr_matrix(row[None, :]))
    return LinearConstraint(vstack(rows), -np.inf, np.array([len(g) - 1.0 for g in cuts]))


def _can_reach(problem: GroupingProblem, window: Flags) -> bool:
    """Whether sums alone leave room for a group; a quick no for most windows that hold none.

    For some number of members the largest quantities have to reach the lot while the smallest stay
    within the capacity.
    """
    required = sorted(problem.required)
    inside = window & (problem.upper <= problem.capacity_kg)
    if len(required) > problem.most or not inside[required].all():
        return False
    largest = np.cumsum(np.sort(problem.counted[inside])[::-1][: problem.most])
    smallest = np.cumsum(np.sort(problem.upper[inside])[: problem.most])
    fits = (largest >= problem.lot_kg) & (smallest <= problem.capacity_kg)
    return bool(fits[FEWEST - 1 :].any())


def _quick_group(problem: GroupingProblem, window: Flags) -> tuple[int, ...] | None:
    """An allowed group of the window, grown greedily; None when that finds none.

    The largest are taken first, once of all and once of those with narrow ranges, and before each
    step it is looked whether one or two more towns would do.
    """
    ranges = problem.upper / np.maximum(problem.counted, 1.0)
    required = sorted(problem.required)
    for order in (np.lexsort((-problem.counted,)), np.lexsort((-problem.counted, ranges))):
        places = [int(place) for place in order if window[place]]
        free = np.array([place for place in places if place not in problem.required], dtype=int)
        group = list(required)
        while len(group) <= problem.most and len(free):
            found = _finished(problem, group, free)
            if found is not None:
                return found
            room = problem.capacity_kg - float(problem.upper[group].sum())
            free = free[problem.upper[free] <= room]
            group, free = [*group, *map(int, free[:1])], free[1:]
    return tuple(required) if problem.is_allowed(required) else None


def _finished(
    problem: GroupingProblem, group: list[int], free: npt.NDArray[np.int_]
) -> tuple[int, ...] | None:
    """The group as it is, or with one or two of those that are free, when that is allowed."""
    if problem.is_allowed(group):
        return tuple(sorted(group))
    missing = problem.lot_kg - float(problem.counted[group].sum())
    room = problem.capacity_kg - float(problem.upper[group].sum())
    counted, upper = problem.counted[free], problem.upper[free]
    ones = np.flatnonzero((counted >= missing) & (upper <= room))
    for place in ones[:1]:
        grown = [*group, int(free[place])]
        if problem.is_allowed(grown):
            return tuple(sorted(grown))
    if len(group) + 2 > problem.most:
        return None
    fits = (counted[:, None] + counted >= missing) & (upper[:, None] + upper <= room)
    np.fill_diagonal(fits, val=False)
    first, second = np.unravel_index(int(np.argmax(fits)), fits.shape)
    grown = [*group, int(free[first]), int(free[second])]
    return tuple(sorted(grown)) if fits[first, second] and problem.is_allowed(grown) else None


def _evenest(problem: GroupingProblem, ends: float) -> Search:
    walk = _Walk(problem, ends)
    walk.run()
    if walk.best is None:
        return Search(None, not walk.is_stopped)
    # Among groups of the same spread the one that is cheaper to transport.
    found = _programme(problem, problem.transport, walk.best_window, ends)
    group = found.group or walk.best
    value = problem.value_of(group, Aim.EVENEST)
    bound = min(value, walk.bound / KG)
    return Search(Grouping(Aim.EVENEST, problem.basis, group, value, bound), is_complete=True)


class _Walk:
    """Walks windows of the candidates in the order of their quantities.

    Attributes:
        best: the group with the smallest spread so far.
        best_window: candidates whose quantities lie between those of its members.
        bound: kilogrammes; no group is more even than this.
        is_stopped: the time was over before all windows were looked at.
    """

    def __init__(self, problem: GroupingProblem, ends: float) -> None:
        self._problem, self._ends = problem, ends
        self._order = np.argsort(problem.middle, kind="stable")
        self._kg = problem.middle[self._order]
        self._spread = np.inf
        self.best: tuple[int, ...] | None = None
        self.best_window: Flags = np.zeros(len(self._order), dtype=np.bool_)
        self.bound = np.inf
        self.is_stopped = False

    def run(self) -> None:
        """Move the two ends on until nothing more even can come."""
        places = np.argsort(self._order)[sorted(self._problem.required)]
        last = int(places.max(initial=FEWEST - 1))
        for first in range(int(places.min(initial=len(self._kg) - 1)) + 1):
            last = max(last, first + FEWEST - 1)
            while last < len(self._kg) and self._kg[last] - self._kg[first] < self._spread:
                found = self._look(first, last)
                if found.group is not None:
                    break
                if not found.is_proven:
                    self._stop(first, last)
                    return
                last += 1
            if last >= len(self._kg):
                return

    def _look(self, first: int, last: int) -> _Found:
        """Whether a window holds an allowed group; the first found there is kept."""
        window = np.zeros(len(self._order), dtype=np.bool_)
        window[self._order[first : last + 1]] = True
        if not _can_reach(self._problem, window):
            return _Found(None, 0.0, is_proven=True)
        group = _quick_group(self._problem, window)
        if group is None:
            found = _programme(self._problem, np.zeros(len(self._order)), window, self._ends)
        else:
            found = _Found(group, 0.0, is_proven=True)
        if found.group is not None:
            self._keep(found.group)
        return found

    def _keep(self, group: tuple[int, ...]) -> None:
        spread = self._problem.value_of(group, Aim.EVENEST) * KG
        if spread < self._spread:
            kg = self._problem.middle
            least, most = kg[list(group)].min(), kg[list(group)].max()
            window = (kg >= least) & (kg <= most)
            self._spread, self.best, self.best_window = spread, group, window

    def _stop(self, first: int, last: int) -> None:
        """Out of time: what was not looked at has windows of at least this length."""
        starts = range(first, len(self._kg) - FEWEST + 1)
        lengths = [self._kg[max(last, start + 1)] - self._kg[start] for start in starts]
        self.bound, self.is_stopped = float(min(lengths, default=np.inf)), True
