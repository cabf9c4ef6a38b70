"""Chains 回収 → 再生 → 利用 and how many tonnes fit through them. Pure.

A chain joins three offerings: what the first collects is taken in by the second, and what the
second makes is taken in by the third. The tonnes are the largest sum over all chains that no
business' capacity forbids (a linear programme); they are a bound, not a promise.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import csr_matrix

from embeddings.geography import Geography

MOST_CHAINS: Final = 2_000
MOST_SHOWN: Final = 40
COLLECTING: Final = "回収・運搬"
MOVING: Final = frozenset({COLLECTING, "選別", "計画・調査・しくみづくり"})
LEAST_TONNES: Final = 0.05


@dataclass(frozen=True, slots=True)
class Business:
    """One offering as a link of chains.

    Args:
        key: id of the offering.
        name, title: the organisation and the offering.
        prefecture: where it is; None when unknown.
        takes, makes: materials.
        area: prefectures, regions or 全国 that it serves.
        collects: whether it fetches.
        processes: whether it does something to what it takes, besides fetching and sorting.
        capacity: tonnes a year; None when nobody said.
        owner: id of the organisation.
    """

    key: str
    name: str
    title: str
    prefecture: str | None
    takes: tuple[str, ...]
    makes: tuple[str, ...]
    area: tuple[str, ...]
    collects: bool
    processes: bool
    capacity: float | None
    owner: str

    @property
    def passes_on(self) -> tuple[str, ...]:
        """What a collector brings: what it makes of it, else what it takes."""
        return self.makes or self.takes


@dataclass(frozen=True, slots=True)
class Chain:
    """Three businesses in a row.

    Args:
        collector, recycler, user: the three.
        material, product: what is collected, and what comes out of recycling.
        tonnes: tonnes a year through this chain; None while no capacity of the three is known.
    """

    collector: Business
    recycler: Business
    user: Business
    material: str
    product: str
    tonnes: float | None = None

    @property
    def businesses(self) -> tuple[Business, Business, Business]:
        """The three in order."""
        return (self.collector, self.recycler, self.user)

    @property
    def bottleneck(self) -> float | None:
        """The least capacity that is known."""
        known = [b.capacity for b in self.businesses if b.capacity is not None]
        return min(known, default=None)


def chains_of(
    businesses: Sequence[Business], geography: Geography, material: str = "", prefecture: str = ""
) -> list[Chain]:
    """All chains, at most :data:`MOST_CHAINS`.

    Args:
        businesses: offerings in a fixed order.
        geography: says whether one serves where the other is.
        material: only chains that collect it; empty for any.
        prefecture: only chains with a business there; empty for any.
    """
    takers: dict[str, list[Business]] = defaultdict(list)
    for business in businesses:
        for taken in business.takes:
            takers[taken].append(business)
    recyclers = [b for b in businesses if b.takes and b.makes and b.processes]
    found: list[Chain] = []
    for recycler in recyclers:
        for chain in _through(recycler, businesses, takers, geography):
            is_wanted = not material or chain.material == material
            is_there = not prefecture or any(b.prefecture == prefecture for b in chain.businesses)
            if is_wanted and is_there:
                found.append(chain)
                if len(found) == MOST_CHAINS:
                    return found
    return found


def _through(
    recycler: Business,
    businesses: Sequence[Business],
    takers: dict[str, list[Business]],
    geography: Geography,
) -> list[Chain]:
    before = [
        (other, material)
        for other in businesses
        if other.collects and _may_meet(other, recycler, geography)
        for material in other.passes_on
        if material in recycler.takes
    ]
    after = [
        (other, product)
        for product in recycler.makes
        for other in takers[product]
        if other.processes and _may_meet(recycler, other, geography)
    ]
    return [
        Chain(collector, recycler, user, material, product)
        for collector, material in before
        for user, product in after
        if collector.owner != user.owner
    ]


def _may_meet(giver: Business, taker: Business, geography: Geography) -> bool:
    """Two organisations, and the taker does not say that it takes nothing from where the giver is.

    The giver's own area tells from where it takes, not how far it brings what comes out.
    """
    if giver.owner == taker.owner:
        return False
    serves = giver.prefecture is None or geography.covers(taker.area, giver.prefecture)
    return serves is not False


def with_tonnes(chains: Sequence[Chain]) -> list[Chain]:
    """The chains with the tonnes that together fit through all of them, large ones first.

    Chains through which nothing more fits are left out; those of which nobody knows a capacity
    come last, without tonnes.
    """
    known = [chain for chain in chains if chain.bottleneck is not None]
    unknown = [chain for chain in chains if chain.bottleneck is None]
    flows = _flows(known)
    filled = [
        Chain(c.collector, c.recycler, c.user, c.material, c.product, float(flow))
        for c, flow in zip(known, flows, strict=True)
        if flow >= LEAST_TONNES
    ]
    filled.sort(key=lambda chain: -(chain.tonnes or 0))
    return [*filled, *unknown]


def _flows(chains: Sequence[Chain]) -> Sequence[float]:
    if not chains:
        return []
    users: dict[str, list[int]] = defaultdict(list)
    capacity: dict[str, float] = {}
    for place, chain in enumerate(chains):
        for business in chain.businesses:
            if business.capacity is not None:
                users[business.key].append(place)
                capacity[business.key] = business.capacity
    keys = sorted(users)
    rows = [row for row, key in enumerate(keys) for _ in users[key]]
    columns = [place for key in keys for place in users[key]]
    matrix = csr_matrix((np.ones(len(rows)), (rows, columns)), (len(keys), len(chains)))
    result = linprog(
        -np.ones(len(chains)), A_ub=matrix, b_ub=[capacity[key] for key in keys],
        bounds=[(0.0, chain.bottleneck) for chain in chains],
    )  # fmt: skip
    return [] if result.x is None else [float(flow) for flow in result.x]
