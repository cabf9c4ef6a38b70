"""How far free capacity covers needs, each tonne counted once. Pure arithmetic on arrays.

Offerings that may go to few places come first, those for the whole country last, so that wide ones
are left for what nobody else answers. Those alike share their free capacity in proportion to what
is still lacking, in rounds until hardly anything moves. The result is close to the most that could
be covered (a maximum flow), never above it, and depends on no order of posts (ADR 0068).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from matchmaker.core.prefectures import PREFECTURES
from matchmaker.partnering.blank_map.domain import Place, Waste, has_licence
from matchmaker.partnering.blank_map.sources import Taker, UnmetNeed

ROUNDS: Final = 12
LEAST_MOVED: Final = 0.001
CLASSES: Final = tuple(Waste)
Array = NDArray[np.float64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Supply:
    """Offerings as arrays; O offerings, M materials, P prefectures, W classes of waste.

    Those that take the same materials in the same places with the same licences are of one sort (S
    sorts): of thousands of offerings few hundred sorts have to be compared with places.

    Attributes:
        takes: (S, M); serves: (S, P); licensed: (S, W).
        sort: (O,) the row of each offering in these.
        free: (O,) tonnes a year, NaN where unknown.
        lots: (O,) tonnes a year, 0 without a bound.
    """

    takes: Flags
    serves: Flags
    licensed: Flags
    sort: NDArray[np.intp]
    free: Array
    lots: Array

    def licensed_for(self, wastes: Collection[Waste]) -> Supply:
        """Those that name a licence for one of ``wastes``."""
        columns = [index for index, each in enumerate(CLASSES) if each in wastes]
        holders: Flags = np.any(self.licensed[:, columns], axis=1)
        return self.only(holders[self.sort])

    def only(self, chosen: Flags) -> Supply:
        """Some of the offerings (O,)."""
        return replace(self, sort=self.sort[chosen], free=self.free[chosen], lots=self.lots[chosen])

    def sums(self, values: Array | Flags) -> Array:
        """Sums of the offerings' values (O,) by sort (S,)."""
        found = np.bincount(self.sort, weights=values, minlength=len(self.takes))
        return np.asarray(found, dtype=np.float64)


def supply_of(takers: Sequence[Taker], materials: Sequence[str]) -> Supply:
    """Offerings as arrays.

    Args:
        takers: the offerings.
        materials: codes in the order of the second axis of ``takes``.
    """
    sorts: dict[tuple[tuple[str, ...], frozenset[str], frozenset[str]], int] = {}
    rows = [
        sorts.setdefault((each.materials, each.area, each.licences), len(sorts)) for each in takers
    ]
    licensed = [[has_licence(waste, licences) for waste in CLASSES] for _, _, licences in sorts]
    free = [np.nan if taker.tonnes is None else taker.tonnes for taker in takers]
    lots = [taker.lot for taker in takers]
    return Supply(
        _flags([each for each, _, _ in sorts], materials),
        _flags([area for _, area, _ in sorts], PREFECTURES),
        np.array(licensed, bool).reshape(len(sorts), len(CLASSES)),
        np.array(rows, np.intp),
        np.array(free, float),
        np.array(lots, float),
    )


def _flags(groups: Sequence[Iterable[str]], names: Sequence[str]) -> Flags:
    """Which of the names are in each group, (groups, names)."""
    columns = {name: index for index, name in enumerate(names)}
    found = np.zeros((len(groups), len(columns)), dtype=bool)
    for row, group in enumerate(groups):
        found[row, [columns[name] for name in group if name in columns]] = True
    return found


def demand_of(needs: Sequence[UnmetNeed], materials: Sequence[str]) -> Array:
    """Tonnes a year by class, material and prefecture (W, M, P); several materials share."""
    tonnes: dict[tuple[Waste, str, str], float] = defaultdict(float)
    for need in needs:
        if need.tonnes is not None:
            for code in need.materials:
                tonnes[need.waste, code, need.prefecture] += need.tonnes / len(need.materials)
    classes = {each: index for index, each in enumerate(CLASSES)}
    columns = {code: index for index, code in enumerate(materials)}
    places = {name: index for index, name in enumerate(PREFECTURES)}
    found = np.zeros((len(classes), len(columns), len(places)))
    for (waste, code, prefecture), value in tonnes.items():
        if prefecture in places:
            found[classes[waste], columns[code], places[prefecture]] = value
    return found


def answered(demand: Array, supply: Supply, *, needs_licence: bool) -> Array:
    """How much of the demand is covered (W, M, P).

    Args:
        demand: tonnes (W, M, P).
        supply: the offerings.
        needs_licence: only offerings that name a licence count where the class asks for one.
    """
    with_demand = demand.any(axis=(1, 2))
    known = supply.only(~np.isnan(supply.free) & (supply.free > 0))
    takes, serves = known.takes.astype(float), known.serves.astype(float)
    classes = (known.licensed | (not needs_licence))[:, with_demand].astype(float)
    lacking = demand[with_demand]
    everybody = _Alike(takes, serves, classes, known.sort, known.free.copy())
    choices = everybody.reachable((lacking > 0).astype(float))
    steps = np.floor(np.log2(np.maximum(choices, 1))).astype(int)
    for step in np.unique(steps[choices > 0]):
        everybody.only((steps == step) & (choices > 0)).share(lacking)
    found = np.zeros_like(demand)
    found[with_demand] = demand[with_demand] - lacking
    return found


@dataclass(frozen=True, slots=True)
class _Alike:
    """Offerings of about the same reach.

    Attributes:
        takes, serves, classes: by sort, as in :class:`Supply`; classes with demand alone.
        sort: (O,) the sort of each offering.
        left: (O,) what is left of its free capacity; becomes less.
    """

    takes: Array
    serves: Array
    classes: Array
    sort: NDArray[np.intp]
    left: Array

    def only(self, sorts: Flags) -> _Alike:
        """Those of some sorts (S,)."""
        offerings = sorts[self.sort]
        numbers = np.cumsum(sorts) - 1
        return _Alike(
            self.takes[sorts],
            self.serves[sorts],
            self.classes[sorts],
            numbers[self.sort[offerings]],
            self.left[offerings],
        )

    def reachable(self, demand: Array) -> Array:
        """Sum of what an offering of each sort could take (S,)."""
        found = np.zeros(len(self.takes))
        for own, part in zip(self.classes.T, demand, strict=True):
            found += own * ((self.takes @ part) * self.serves).sum(axis=1)
        return found

    def share(self, lacking: Array) -> None:
        """Cover what is lacking (W, M, P), in place."""
        least = LEAST_MOVED * max(float(lacking.sum()), 1.0)
        for _ in range(ROUNDS):
            given = self._one_round(lacking)
            np.maximum(lacking - given, 0.0, out=lacking)
            if given.sum() <= least:
                return

    def _one_round(self, lacking: Array) -> Array:
        """Share what offerings have left, cut what comes too much, and take it off ``left``."""
        wanted = self.reachable(lacking)[self.sort]
        rate = np.divide(self.left, wanted, out=np.zeros_like(self.left), where=wanted > 0)
        rate = np.minimum(rate, 1.0)
        together = np.bincount(self.sort, weights=rate, minlength=len(self.takes))
        parts = [
            part * (self.takes.T @ (self.serves * (own * together)[:, None]))
            for own, part in zip(self.classes.T, lacking, strict=True)
        ]
        offered: Array = np.stack(parts)
        kept = np.divide(lacking, offered, out=np.ones_like(offered), where=offered > lacking)
        used = rate * self.reachable(lacking * kept)[self.sort]
        np.subtract(self.left, np.minimum(used, self.left), out=self.left)
        taken: Array = offered * kept
        return taken


@dataclass(frozen=True, slots=True)
class Counts:
    """What is counted by material and place (M, K).

    Attributes:
        takers: offerings that take the material in the place.
        unknown: those of them that tell no capacity.
        smallest_lot: least of their minimum lots; inf where there is none.
    """

    takers: NDArray[np.int64]
    unknown: NDArray[np.int64]
    smallest_lot: Array


def inside(places: Sequence[Place]) -> Array:
    """Which prefecture lies in which place (P, K)."""
    rows = [[float(name in place.prefectures) for place in places] for name in PREFECTURES]
    return np.array(rows)


def counts_of(supply: Supply, places: Sequence[Place]) -> Counts:
    """How many offerings take each material in each place; each counts once a place."""
    near = (supply.serves.astype(float) @ inside(places)) > 0
    takes = supply.takes.astype(float)
    number = takes.T @ (near * supply.sums(np.ones(len(supply.sort)))[:, None])
    unknown = takes.T @ (near * supply.sums(np.isnan(supply.free))[:, None])
    least = np.full(len(supply.takes), np.inf)
    np.minimum.at(least, supply.sort, supply.lots)
    lots = np.full(number.shape, np.inf)
    for column in range(takes.shape[1]):
        chosen = supply.takes[:, column]
        if chosen.any():
            own = np.where(near[chosen], least[chosen][:, None], np.inf)
            lots[column] = own.min(axis=0)
    return Counts(number.astype(np.int64), unknown.astype(np.int64), lots)
