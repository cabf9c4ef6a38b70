"""The map as a whole: needs and offerings brought together, cell by cell."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from matchmaker.core.prefectures import PREFECTURES
from matchmaker.partnering.blank_map import filling, sources
from matchmaker.partnering.blank_map.domain import (
    LEAST_FOR_AMOUNT,
    SEVERITY,
    Amounts,
    BlankFilter,
    Cell,
    Place,
    Waste,
    band_of,
    coverage_by_amount,
    coverage_by_number,
    place_called,
    places_of,
)
from matchmaker.partnering.blank_map.filling import Array, Counts, Supply
from matchmaker.partnering.blank_map.sources import Taker, UnmetNeed
from matchmaker.partnering.blank_map.texts import Key
from matchmaker.posts.vocabularies import material_names


@dataclass(frozen=True, slots=True)
class Picture:
    """What the page shows.

    Attributes:
        cells: the worst first.
        needs: unmet needs in all wanted places; ``unplaced`` and ``unnamed`` of them could not be
            put on the map, since they tell no prefecture or no material.
        takers: offerings that take something in.
        without: needs by prefecture that stand in a blank.
    """

    cells: Sequence[Cell]
    needs: int
    unplaced: int
    unnamed: int
    takers: int
    without: Mapping[str, int]

    @property
    def blanks(self) -> Sequence[Cell]:
        """Cells without enough of an answer."""
        return [cell for cell in self.cells if cell.is_blank]


def picture_of(
    wanted: BlankFilter, now: datetime, *, is_member: bool, shows_amounts: bool
) -> Picture:
    """Compute the map (at most nine statements).

    Args:
        wanted: its conditions.
        now: the present moment.
        is_member: whether posts for members count.
        shows_amounts: whether amounts may be told.
    """
    needs = sources.unmet_needs(now, wanted.days, sees_members=is_member)
    takers = sources.open_takers(sees_members=is_member)
    return compose(needs, takers, material_names(), wanted, shows_amounts=shows_amounts)


@dataclass(frozen=True, slots=True)
class Gap:
    """One cell with the posts behind it.

    Attributes:
        cell: the figures; every need competes for capacity, as on the whole map.
        needs: the oldest first.
        takers: those with the most capacity first.
    """

    cell: Cell
    needs: Sequence[UnmetNeed]
    takers: Sequence[Taker]


def gap_of(
    material: str, place: str, now: datetime, *, is_member: bool, shows_amounts: bool
) -> Gap | None:
    """One cell (at most nine statements); None when there is no unmet need, or no such place."""
    called = place_called(place)
    if called is None:
        return None
    where, grouping = called
    needs = sources.unmet_needs(now, 0, sees_members=is_member)
    takers = sources.open_takers(sees_members=is_member)
    wanted = BlankFilter(materials=(material,), grouping=grouping, shows_all=True)
    picture = compose(needs, takers, material_names(), wanted, shows_amounts=shows_amounts)
    cell = next((each for each in picture.cells if each.place == place), None)
    if cell is None:
        return None
    inside = [n for n in needs if material in n.materials and n.prefecture in where.prefectures]
    near = [t for t in takers if material in t.materials and t.area & set(where.prefectures)]
    return Gap(cell, inside, sorted(near, key=lambda taker: -(taker.tonnes or 0)))


def compose(
    needs: Sequence[UnmetNeed],
    takers: Sequence[Taker],
    names: Mapping[str, str],
    wanted: BlankFilter,
    *,
    shows_amounts: bool,
) -> Picture:
    """Bring needs and offerings together; pure.

    All needs compete for capacity, whatever the map is narrowed to: a filter hides, it frees
    nothing.
    """
    codes = sorted({code for need in needs for code in need.materials})
    places = places_of(wanted.grouping)
    board = _Board(needs, filling.supply_of(takers, codes), codes, places, wanted)
    cells = [
        board.cell(code, index, names.get(code, code), shows_amounts=shows_amounts)
        for code, index in board.clusters
        if not wanted.materials or code in wanted.materials
    ]
    here = [need for need in needs if wanted.has_place(need.prefecture)]
    return Picture(
        cells=sorted(_shown(cells, wanted), key=_urgency),
        needs=len(here),
        unplaced=sum(need.prefecture not in PREFECTURES for need in needs),
        unnamed=sum(not need.materials for need in here),
        takers=len(takers),
        without=board.needs_without(cells),
    )


def _shown(cells: Iterable[Cell], wanted: BlankFilter) -> list[Cell]:
    return [cell for cell in cells if wanted.shows_all or cell.is_blank]


def _urgency(cell: Cell) -> tuple[int, float, int, int, str]:
    missing = cell.amounts.missing if cell.amounts else 0.0
    order = PREFECTURES.index(cell.place) if cell.place in PREFECTURES else 0
    return SEVERITY.index(cell.coverage), -missing, -cell.needs, order, cell.material


class _Board:
    """Arrays and clusters from which each cell is read."""

    def __init__(
        self,
        needs: Sequence[UnmetNeed],
        supply: Supply,
        codes: Sequence[str],
        places: Sequence[Place],
        wanted: BlankFilter,
    ) -> None:
        self._supply, self._places, self._wanted = supply, places, wanted
        self._columns = {code: index for index, code in enumerate(codes)}
        self._counts: dict[frozenset[Waste], Counts] = {}
        self.clusters = _clusters(needs, places, wanted)
        demand = filling.demand_of(needs, codes)
        covered = filling.answered(demand, supply, needs_licence=wanted.is_licensed)
        self._demand, self._covered = self._by_place(demand), self._by_place(covered)

    def _by_place(self, tonnes: Array) -> Array:
        """Sums over classes, by material and place, of the prefectures that are wanted."""
        seen = np.array([float(self._wanted.has_place(name)) for name in PREFECTURES])
        found: Array = (tonnes.sum(axis=0) * seen) @ filling.inside(self._places)
        return found

    def _counts_for(self, wastes: frozenset[Waste]) -> Counts:
        if wastes not in self._counts:
            supply = self._supply.licensed_for(wastes)
            self._counts[wastes] = filling.counts_of(supply, self._places)
        return self._counts[wastes]

    def cell(self, code: str, index: int, name: str, *, shows_amounts: bool) -> Cell:
        """One material in one place."""
        inside = self.clusters[code, index]
        at = self._columns[code], index
        everybody = self._counts_for(frozenset(Waste))
        licensed = self._counts_for(frozenset(need.waste for need in inside))
        counts = licensed if self._wanted.is_licensed else everybody
        amounts = self._amounts(inside, at, counts)
        told = len(inside) - amounts.unknown_needs
        takers = int(counts.takers[at])
        coverage = (
            coverage_by_amount(len(inside), takers, amounts)
            if shows_amounts
            else coverage_by_number(takers)
        )
        return Cell(
            material=code,
            name=name,
            place=self._places[index].name,
            needs=len(inside),
            municipalities=len({need.organization_id for need in inside}),
            takers=takers,
            licensed=int(licensed.takers[at]),
            coverage=coverage,
            amounts=amounts if shows_amounts else None,
            band="" if self._tells_the_rest(inside) else band_of(amounts.wanted, told),
        )

    def _tells_the_rest(self, inside: Sequence[UnmetNeed]) -> bool:
        """Whether a band taken from another one would leave the amount of a few needs.

        That is so between needs of any age and older ones, and between a region and those of its
        prefectures that have a band of their own.
        """
        if self._wanted.days:
            return True
        counts = Counter(need.prefecture for need in inside if need.tonnes is not None)
        rest = sum(count for count in counts.values() if count < LEAST_FOR_AMOUNT)
        return rest < sum(counts.values()) and 0 < rest < LEAST_FOR_AMOUNT

    def _amounts(self, inside: Sequence[UnmetNeed], at: tuple[int, int], counts: Counts) -> Amounts:
        lot = float(counts.smallest_lot[at])
        return Amounts(
            wanted=float(self._demand[at]),
            answered=float(self._covered[at]),
            unknown_needs=sum(need.tonnes is None for need in inside),
            unknown_takers=int(counts.unknown[at]),
            smallest_lot=lot if 0 < lot < np.inf else None,
            below_lot=sum(need.tonnes is not None and need.tonnes < lot for need in inside),
        )

    def needs_without(self, cells: Sequence[Cell]) -> dict[str, int]:
        """Needs of each prefecture that stand in a blank, each once."""
        order = {place.name: index for index, place in enumerate(self._places)}
        found: dict[Key, str] = {}
        for cell in cells:
            if cell.is_blank:
                inside = self.clusters[cell.material, order[cell.place]]
                found.update((need.id, need.prefecture) for need in inside)
        return dict(Counter(found.values()))


def _clusters(
    needs: Sequence[UnmetNeed], places: Sequence[Place], wanted: BlankFilter
) -> dict[tuple[str, int], list[UnmetNeed]]:
    index_of = {name: index for index, place in enumerate(places) for name in place.prefectures}
    found: dict[tuple[str, int], list[UnmetNeed]] = defaultdict(list)
    for need in needs:
        if need.prefecture in index_of and wanted.has_place(need.prefecture):
            for code in need.materials:
                found[code, index_of[need.prefecture]].append(need)
    return found
