"""How far free capacity covers needs, each tonne counted once. Pure arithmetic on arrays.

Offerings that may go to few places come first, those for the whole country last, so that wide ones
are left for what nobody else answers. Those alike share their free capacity in proportion to what
is still lacking, in rounds until hardly anything moves. The result is close to the most that could
be covered (a maximum flow), never above it, and depends on no order of posts (ADR 0068).
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
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

    Attributes:
        takes: (O, M); serves: (O, P); licensed: (O, W).
        free: (O,) tonnes a year, NaN where unknown.
        lots: (O,) tonnes a year, 0 without a bound.
    """

    takes: Flags
    serves: Flags
    licensed: Flags
    free: Array
    lots: Array

    def licensed_for(self, wastes: Collection[Waste]) -> Supply:
        """Those that name a licence for one of ``wastes``."""
        columns = [index for index, each in enumerate(CLASSES) if each in wastes]
        chosen = self.licensed[:, columns].any(axis=1)
        return Supply(
            self.takes[chosen],
            self.serves[chosen],
            self.licensed[chosen],
            self.free[chosen],
            self.lots[chosen],
        )


def supply_of(takers: Sequence[Taker], materials: Sequence[str]) -> Supply:
    """Offerings as arrays.

    Args:
        takers: the offerings.
        materials: codes in the order of the second axis of ``takes``.
    """
    places = {name: index for index, name in enumerate(PREFECTURES)}
    columns = {code: index for index, code in enumerate(materials)}
    takes = np.zeros((len(takers), len(materials)), dtype=bool)
    serves = np.zeros((len(takers), len(PREFECTURES)), dtype=bool)
    licensed = np.zeros((len(takers), len(CLASSES)), dtype=bool)
    for row, taker in enumerate(takers):
        takes[row, [columns[code] for code in taker.materials if code in columns]] = True
        serves[row, [places[name] for name in taker.area if name in places]] = True
        licensed[row] = [has_licence(each, taker.licences) for each in CLASSES]
    free = [np.nan if taker.tonnes is None else taker.tonnes for taker in takers]
    lots = [taker.lot for taker in takers]
    return Supply(takes, serves, licensed, np.array(free, float), np.array(lots, float))


def demand_of(needs: Sequence[UnmetNeed], materials: Sequence[str]) -> Array:
    """Tonnes a year by class, material and prefecture (W, M, P); several materials share."""
    columns = {code: index for index, code in enumerate(materials)}
    places = {name: index for index, name in enumerate(PREFECTURES)}
    found = np.zeros((len(CLASSES), len(materials), len(PREFECTURES)))
    for need in needs:
        place = places.get(need.prefecture)
        if need.tonnes is None or place is None:
            continue
        for code in need.materials:
            share = need.tonnes / len(need.materials)
            found[CLASSES.index(need.waste), columns[code], place] += share
    return found


def answered(demand: Array, supply: Supply, *, needs_licence: bool) -> Array:
    """How much of the demand is covered (W, M, P).

    Args:
        demand: tonnes (W, M, P).
        supply: the offerings.
        needs_licence: only offerings that name a licence count where the class asks for one.
    """
    known = ~np.isnan(supply.free) & (supply.free > 0)
    takes, serves = supply.takes[known].astype(float), supply.serves[known].astype(float)
    left = supply.free[known].copy()
    asked = supply.licensed[known] | (not needs_licence)
    classes = asked.astype(float)
    lacking = demand.copy()
    choices = _reachable((demand > 0).astype(float), takes, serves, classes)
    steps = np.floor(np.log2(np.maximum(choices, 1))).astype(int)
    for step in np.unique(steps[choices > 0]):
        chosen = (steps == step) & (choices > 0)
        own = left[chosen]
        _share(lacking, own, takes[chosen], serves[chosen], classes[chosen])
    return demand - lacking


def _reachable(demand: Array, takes: Array, serves: Array, classes: Array) -> Array:
    """Sum of what each offering could take (O,)."""
    parts = [
        classes[:, w] * ((takes @ demand[w]) * serves).sum(axis=1) for w in range(len(CLASSES))
    ]
    found: Array = np.sum(parts, axis=0)
    return found


def _share(lacking: Array, left: Array, takes: Array, serves: Array, classes: Array) -> None:
    """Cover what is lacking, in place, by offerings of about the same reach."""
    least = LEAST_MOVED * max(float(lacking.sum()), 1.0)
    for _ in range(ROUNDS):
        given = _one_round(lacking, left, takes, serves, classes)
        np.maximum(lacking - given, 0.0, out=lacking)
        if given.sum() <= least:
            return


def _one_round(lacking: Array, left: Array, takes: Array, serves: Array, classes: Array) -> Array:
    """Share what offerings have left, cut what comes too much, and take it off ``left``."""
    wanted = _reachable(lacking, takes, serves, classes)
    rate = np.divide(left, wanted, out=np.zeros_like(left), where=wanted > 0)
    rate = np.minimum(rate, 1.0)
    parts = [
        lacking[w] * (takes.T @ (serves * (classes[:, w] * rate)[:, None]))
        for w in range(len(CLASSES))
    ]
    offered: Array = np.stack(parts)
    kept = np.divide(lacking, offered, out=np.ones_like(offered), where=offered > lacking)
    used = rate * _reachable(lacking * kept, takes, serves, classes)
    left -= np.minimum(used, left)
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
    silent = np.isnan(supply.free)
    number = takes.T @ near
    unknown = takes[silent].T @ near[silent]
    lots = np.full(number.shape, np.inf)
    for column in range(takes.shape[1]):
        chosen = supply.takes[:, column]
        if chosen.any():
            own = np.where(near[chosen], supply.lots[chosen][:, None], np.inf)
            lots[column] = own.min(axis=0)
    return Counts(number.astype(np.int64), unknown.astype(np.int64), lots)
