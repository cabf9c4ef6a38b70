"""Free capacity is shared among needs, each tonne once."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Mapping, Sequence
from math import floor, log2

import numpy as np
import pytest
from scipy.optimize import linprog

from matchmaker.core.prefectures import PREFECTURES
from matchmaker.partnering.blank_map import filling
from matchmaker.partnering.blank_map.domain import (
    LICENCES_FOR,
    Grouping,
    Waste,
    has_licence,
    places_of,
)
from matchmaker.partnering.blank_map.sources import Taker, UnmetNeed
from tests.partnering.blank_map.builders import need, taker

CODES = ("bamboo", "metals", "paper")
PLACES = ("北海道", "長野県", "沖縄県")


def covered(
    needs: Sequence[UnmetNeed], takers: Sequence[Taker], *, needs_licence: bool = False
) -> float:
    """Tonnes of all needs that free capacity covers."""
    codes = sorted({code for each in needs for code in each.materials})
    demand = filling.demand_of(needs, codes)
    supply = filling.supply_of(takers, codes)
    return float(filling.answered(demand, supply, needs_licence=needs_licence).sum())


def test_no_tonne_of_capacity_is_counted_twice() -> None:
    """One plant for the whole country does not answer two prefectures in full."""
    needs = [need(100), need(100, prefecture="沖縄県")]
    everywhere = taker(120, area=frozenset(PREFECTURES))
    assert covered(needs, [everywhere]) == pytest.approx(120)


def test_capacity_does_not_cross_borders_or_materials() -> None:
    """What is elsewhere, or for something else, answers nothing."""
    assert covered([need(100)], [taker(500, area=frozenset({"沖縄県"}))]) == 0
    assert covered([need(100)], [taker(500, materials=("metals",))]) == 0


def test_a_need_is_never_covered_above_its_amount() -> None:
    """What is left over goes to others."""
    needs = [need(10), need(90, prefecture="沖縄県")]
    takers = [taker(100), taker(50, area=frozenset({"長野県", "沖縄県"}))]
    assert covered(needs, takers) == pytest.approx(60, abs=0.5)


def test_unknown_amounts_cover_nothing_and_disturb_nothing() -> None:
    """Where nothing is told, nothing is made up."""
    assert covered([need(100), need(None)], [taker(None), taker(30)]) == pytest.approx(30)


def test_a_need_of_two_materials_counts_once() -> None:
    """Its amount is divided among them."""
    both = need(100, materials=("bamboo", "metals"))
    assert covered([both], [taker(1000, materials=("bamboo", "metals"))]) == pytest.approx(100)
    assert covered([both], [taker(1000)]) == pytest.approx(50)


def test_with_licences_asked_for_only_those_named_count() -> None:
    """General waste asks for the licence to treat it; goods ask for none."""
    without, holder = taker(40), taker(30, licences=frozenset({"general_waste_treatment"}))
    assert covered([need(100)], [without, holder], needs_licence=True) == pytest.approx(30)
    goods = need(100, waste=Waste.OTHER)
    assert covered([goods], [without, holder], needs_licence=True) == pytest.approx(70)


def most_possible(needs: Sequence[UnmetNeed], takers: Sequence[Taker]) -> float:
    """The true maximum, by a linear programme over every pair of need and offering."""
    pairs = [
        (n, t)
        for n, each in enumerate(needs)
        for t, other in enumerate(takers)
        if each.materials[0] in other.materials and each.prefecture in other.area
    ]
    if not pairs:
        return 0.0
    rows = np.zeros((len(needs) + len(takers), len(pairs)))
    for column, (n, t) in enumerate(pairs):
        rows[n, column] = rows[len(needs) + t, column] = 1
    bounds = [each.tonnes or 0 for each in needs] + [each.tonnes or 0 for each in takers]
    return float(-linprog(-np.ones(len(pairs)), A_ub=rows, b_ub=bounds).fun)


def market(seed: int) -> tuple[list[UnmetNeed], list[Taker]]:
    """A few needs and offerings of three materials in three prefectures."""
    chance = random.Random(seed)  # noqa: S311 - repeatable, not secret
    needs = [
        need(
            chance.randint(1, 300),
            materials=(chance.choice(CODES),),
            prefecture=chance.choice(PLACES),
        )
        for _ in range(chance.randint(2, 12))
    ]
    takers = [
        taker(
            chance.randint(1, 500),
            materials=tuple(chance.sample(CODES, chance.randint(1, 3))),
            area=frozenset(chance.sample(PLACES, chance.randint(1, 3))),
        )
        for _ in range(chance.randint(1, 8))
    ]
    return needs, takers


def test_sharing_comes_close_to_the_most_possible_and_never_above() -> None:
    """Compared with the exact optimum on random markets: 98% on average, 80% at the worst."""
    shares = []
    for seed in range(60):
        needs, takers = market(seed)
        found, best = covered(needs, takers), most_possible(needs, takers)
        assert found <= best + 1e-6
        shares.append(found / best if best else 1.0)
    assert min(shares) >= 0.8
    assert sum(shares) / len(shares) >= 0.98


def test_an_offering_counts_once_in_a_region() -> None:
    """Serving three prefectures of a region makes no three offerings of it."""
    supply = filling.supply_of([taker(area=frozenset({"長野県", "愛知県", "静岡県"}))], ["bamboo"])
    places = places_of(Grouping.REGION)
    counts = filling.counts_of(supply, places)
    names = [place.name for place in places]
    assert counts.takers[0, names.index("中部")] == 1
    assert counts.takers.sum() == 1


def plainly_covered(
    needs: Sequence[UnmetNeed], takers: Sequence[Taker], *, needs_licence: bool
) -> dict[tuple[str, str], float]:
    """The sharing of ADR 0068 written out offering by offering: tonnes by material and place."""
    lacking: dict[tuple[Waste, str, str], float] = defaultdict(float)
    for each in needs:
        for code in each.materials if each.prefecture in PREFECTURES else ():
            lacking[each.waste, code, each.prefecture] += (each.tonnes or 0) / len(each.materials)
    wanted = {at: tonnes for at, tonnes in lacking.items() if tonnes}
    lacking = dict(wanted)
    reach = {
        number: [
            (waste, code, place)
            for waste, code, place in wanted
            if code in each.materials
            and place in each.area
            and (has_licence(waste, each.licences) or not needs_licence)
        ]
        for number, each in enumerate(takers)
        if each.tonnes
    }
    left = {number: takers[number].tonnes or 0.0 for number, at in reach.items() if at}
    for step in sorted({floor(log2(len(reach[number]))) for number in left}):
        alike = [number for number in left if floor(log2(len(reach[number]))) == step]
        least = filling.LEAST_MOVED * max(sum(lacking.values()), 1)
        for _ in range(filling.ROUNDS):
            if _one_plain_round(alike, reach, left, lacking) <= least:
                break
    covered: dict[tuple[str, str], float] = defaultdict(float)
    for (waste, code, place), tonnes in wanted.items():
        covered[code, place] += tonnes - lacking[waste, code, place]
    return covered


def _one_plain_round(
    alike: Sequence[int],
    reach: Mapping[int, Sequence[tuple[Waste, str, str]]],
    left: dict[int, float],
    lacking: dict[tuple[Waste, str, str], float],
) -> float:
    """Each offers in proportion to what is lacking; what comes too much is cut for all alike."""
    sums = {n: sum(lacking[at] for at in reach[n]) for n in alike}
    rates = {n: min(left[n] / sums[n], 1.0) if sums[n] else 0.0 for n in alike}
    offered: dict[tuple[Waste, str, str], float] = defaultdict(float)
    for n in alike:
        for at in reach[n]:
            offered[at] += lacking[at] * rates[n]
    kept = {at: min(lacking[at] / offered[at], 1.0) if offered[at] else 1.0 for at in offered}
    for n in alike:
        left[n] -= min(left[n], rates[n] * sum(lacking[at] * kept[at] for at in reach[n]))
    for at, tonnes in offered.items():
        lacking[at] = max(0.0, lacking[at] - tonnes * kept[at])
    return sum(offered[at] * kept[at] for at in offered)


@pytest.mark.parametrize("needs_licence", [True, False])
def test_offerings_of_one_sort_are_shared_as_if_each_stood_alone(needs_licence: bool) -> None:
    """Thousands are counted as sorts: the same tonnes as offering by offering, cell by cell."""
    for seed in range(20):
        needs, takers = crowd(seed)
        codes = sorted({code for each in needs for code in each.materials})
        supply = filling.supply_of(takers, codes)
        assert len(supply.takes) < len(takers)
        found = filling.answered(
            filling.demand_of(needs, codes), supply, needs_licence=needs_licence
        ).sum(axis=0)
        plain = plainly_covered(needs, takers, needs_licence=needs_licence)
        cells = {
            (code, place): float(found[row, column])
            for row, code in enumerate(codes)
            for column, place in enumerate(PREFECTURES)
            if found[row, column]
        }
        assert cells == pytest.approx({at: t for at, t in plain.items() if t > 0}, rel=1e-6)


def crowd(seed: int) -> tuple[list[UnmetNeed], list[Taker]]:
    """More offerings than sorts of them; of all classes of waste, with and without licences."""
    chance = random.Random(seed)  # noqa: S311 - repeatable, not secret
    licences = [frozenset[str](), *LICENCES_FOR.values()]
    needs = [
        need(
            chance.choice([None, chance.randint(1, 300)]),
            materials=tuple(chance.sample(CODES, chance.randint(1, 2))),
            prefecture=chance.choice((*PLACES, "")),
            waste=chance.choice(list(Waste)),
        )
        for _ in range(40)
    ]
    takers = [
        taker(
            chance.choice([None, 0.0, chance.randint(1, 200)]),
            materials=(chance.choice(CODES),),
            area=frozenset(chance.sample(PLACES, chance.randint(1, 2))),
            licences=chance.choice(licences),
            lot=float(chance.choice([0, 5, 50])),
        )
        for _ in range(120)
    ]
    return needs, takers


def test_counts_of_sorts_are_those_of_their_offerings() -> None:
    """Takers, those that tell no capacity, and the least lot, by material and region."""
    places = places_of(Grouping.REGION)
    for seed in range(5):
        _, takers = crowd(seed)
        counts = filling.counts_of(filling.supply_of(takers, CODES), places)
        for row, code in enumerate(CODES):
            for column, place in enumerate(places):
                near = [t for t in takers if code in t.materials and t.area & {*place.prefectures}]
                assert counts.takers[row, column] == len(near)
                assert counts.unknown[row, column] == sum(t.tonnes is None for t in near)
                least = min((t.lot for t in near), default=np.inf)
                assert counts.smallest_lot[row, column] == least
