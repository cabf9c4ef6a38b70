"""Prices keep bounds and nearly all expected matches, and give small members their floor."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pytest

from matchmaker.core import clock
from matchmaker.matching.exposure.domain import (
    KEEP_SHARE,
    LEAST_BOUND,
    PLACES,
    PolicyValues,
    Standing,
    answer_factor,
    gini,
    is_due,
    lower_bound,
    upper_bound,
)
from matchmaker.matching.exposure.pricing import NOBODY, Market, priced

NOW = clock.now()
OLD = NOW - timedelta(days=1000)


def market(needs: int = 60, organizations: int = 30, columns: int = 12, seed: int = 3) -> Market:
    """Needs for which the first organisations are a little better than all others."""
    rng = np.random.default_rng(seed)
    owners = np.stack(
        [rng.choice(organizations, size=columns, replace=False) for _ in range(needs)]
    ).astype(np.int64)
    owners[:, :2] = [0, 1]
    owners[:, 2:][owners[:, 2:] < 2] = NOBODY
    chances = rng.uniform(0.4, 0.5, size=owners.shape)
    chances[:, :2] += 0.05
    chances[owners == NOBODY] = 0
    return Market(chances, owners, organizations)


def test_upper_bounds_are_kept_and_little_is_lost() -> None:
    place = market()
    free, before = place.places_of(np.zeros(place.organizations))
    upper = np.full(place.organizations, 30, dtype=np.int64)
    lower = np.zeros(place.organizations, dtype=np.int64)
    found = priced(place, upper, lower)
    assert free[:2].min() > 45, "the two famous ones stand nearly everywhere"
    assert (found.places <= upper).all()
    assert found.places.sum() == free.sum()
    assert found.expected >= KEEP_SHARE * before
    assert (found.prices[:2] > 0).all()


def test_small_ones_get_their_floor_where_they_are_good_enough() -> None:
    place = market()
    free, _ = place.places_of(np.zeros(place.organizations))
    small = np.argsort(free, kind="stable")[:5]
    chances = np.bincount(place.owners[place.owners != NOBODY], minlength=place.organizations)
    lower = np.zeros(place.organizations, dtype=np.int64)
    lower[small] = np.minimum(free[small] + 4, chances[small])
    found = priced(place, np.full(place.organizations, 60, dtype=np.int64), lower)
    assert (found.places[small] >= lower[small]).all()
    assert (found.prices[small] <= 0).all()
    assert found.prices.min() >= -0.11, "a place of the floor is worth no more than a tenth"


def test_without_bounds_in_the_way_nothing_has_a_price() -> None:
    place = market()
    bounds = np.full(place.organizations, 10_000), np.zeros(place.organizations, dtype=np.int64)
    assert not priced(place, *bounds).prices.any()
    empty = Market(np.zeros((0, 0)), np.zeros((0, 0), dtype=np.int64), 0)
    assert priced(empty, np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64)).expected == 0


@pytest.mark.parametrize("seed", range(5))
def test_bounds_are_kept_in_random_markets(seed: int) -> None:
    place = market(needs=25, organizations=12, columns=8, seed=seed)
    upper = np.full(place.organizations, 15, dtype=np.int64)
    lower = np.zeros(place.organizations, dtype=np.int64)
    assert (priced(place, upper, lower).places <= upper).all()


def test_bounds_follow_capacity_and_answers_and_are_neutral_without() -> None:
    values, unknown = PolicyValues(), Standing("large", OLD)
    usual = upper_bound(unknown, values, mean_places=4, quantity=100)
    assert usual == 12
    assert upper_bound(Standing("large", OLD, useful=20), values, mean_places=4, quantity=100) > 12
    assert upper_bound(Standing("large", OLD, wrong=20), values, mean_places=4, quantity=100) < 12
    tight = Standing("large", OLD, free_capacity=100)
    assert upper_bound(tight, values, mean_places=4, quantity=100) == 5
    assert (
        upper_bound(Standing("large", OLD, free_capacity=0), values, mean_places=4, quantity=9) == 1
    )
    assert upper_bound(tight, values, mean_places=4, quantity=None) == usual
    assert upper_bound(unknown, values, mean_places=0.01, quantity=1) == LEAST_BOUND
    assert answer_factor(0, 0) == 1
    loose = upper_bound(unknown, values, mean_places=4, quantity=100, looseness=4)
    assert loose == 24


def test_floors_are_for_small_and_new_ones_with_chances() -> None:
    values = PolicyValues(floor=3)
    assert lower_bound(Standing("micro", OLD), values, NOW, chances=9) == 3
    assert lower_bound(Standing("large", NOW), values, NOW, chances=9) == 3
    assert lower_bound(Standing("large", OLD), values, NOW, chances=9) == 0
    assert lower_bound(Standing("micro", OLD), values, NOW, chances=1) == 1
    assert lower_bound(Standing("micro", OLD), values, NOW, chances=9, looseness=10) == 0


def test_prices_are_due_daily_and_after_a_change() -> None:
    hour = timedelta(hours=1)
    assert is_due(NOW, None, None)
    assert not is_due(NOW, NOW - hour, None)
    assert is_due(NOW, NOW - 24 * hour, None)
    assert is_due(NOW, NOW - hour, NOW - hour / 2)
    assert not is_due(NOW, NOW - hour, NOW - 2 * hour)


def test_unevenness_runs_from_none_to_all_with_one() -> None:
    assert gini([3, 3, 3]) == pytest.approx(0)
    assert gini([0] * 9 + [PLACES]) == pytest.approx(0.9)
    assert gini([]) == gini([4]) == gini([0, 0]) == 0
