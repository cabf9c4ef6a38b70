"""What the search promises: area, distance, ranges, parts, the best of what is shown, gaps."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matchmaker.core.actor import SYSTEM
from matchmaker.core.db import db
from matchmaker.matching.jobs import process_index_queue
from matchmaker.needs.types import NEED
from matchmaker.offerings.types import OFFERING
from matchmaker.partnering.coalitions.answers import best_groups, obstacle_of, repair, shortage_of
from matchmaker.partnering.coalitions.domain import Standing, Tonnes
from matchmaker.partnering.coalitions.gathering import Gathered, Gatherer, Town
from matchmaker.partnering.coalitions.geometry import great_circle_km, road_km
from matchmaker.partnering.coalitions.grouping import Aim, Basis, Candidate, GroupingProblem
from matchmaker.partnering.coalitions.solver import solve, solve_best
from matchmaker.posts import queries as posts
from matchmaker.posts.content import content_of
from matchmaker.posts.service import save
from tests.partnering.coalitions.problems import problems
from tests.partnering.coalitions.test_solver import LONG, MANY
from tests.partnering.coalitions.world import PLANT, World


def town(name: str, low: float, high: float | None = None, km: float = 10.0) -> Town:
    """A town with a range."""
    tonnes = Tonnes(Decimal(str(low)), Decimal(str(low if high is None else high)))
    return Town(f"town:{name}", name, name, None, None, tonnes, km, (35.0, 137.0))


def gathered(lot: int, *towns: Town, capacity: int | None = None) -> Gathered:
    """These towns around a plant."""
    room = None if capacity is None else Decimal(capacity)
    return Gathered(Decimal(lot), room, (35.0, 137.0), towns, (), (), None, len(towns))


def change(world: World, post: str, **values: object) -> None:
    """Change fields of a post and bring the index into step; commits."""
    post_type = OFFERING if post == PLANT else NEED
    found = posts.get(post_type, world.posts[post])
    save(post_type, found, {**content_of(post_type, found), **values}, SYSTEM, world.now)
    db.session.commit()
    process_index_queue(world.now)


def test_neither_posts_nor_estimates_come_from_out_of_area(world: World) -> None:
    change(world, PLANT, service_area=["長崎県"])
    found = Gatherer(world.wish(need=None, with_estimates=True, max_km=500)).gather()
    assert (list(found.towns), list(found.beyond)) == ([], [])
    assert {why for _, why in found.left_out} == {"対応できる地域の外"}


def test_no_hint_lies_farther_than_twice_the_wished_distance(world: World) -> None:
    found = Gatherer(world.wish(need=None, with_estimates=True, max_km=5)).gather()
    assert list(found.towns) == []
    assert all(each.road_km <= 10 for each in found.beyond)
    near = Gatherer(world.wish(need=None, with_estimates=True, max_km=12)).gather()
    assert all(each.road_km <= 12 for each in near.towns)


def test_the_own_town_bounds_the_neighbourhood(world: World) -> None:
    found = Gatherer(world.wish(around_km=10)).gather()
    assert [each.name for each in found.towns] == ["東町"]


def test_roads_are_great_circles_times_the_factor() -> None:
    tokyo, osaka = (35.6895, 139.6917), (34.6937, 135.5022)
    assert great_circle_km(tokyo, osaka) == pytest.approx(397, abs=3)
    assert road_km(tokyo, osaka) == pytest.approx(great_circle_km(tokyo, osaka) * 1.3)


def test_ranges_count_as_ranges() -> None:
    low, high = town("a", 100, 200), town("b", 100, 200)
    surely = best_groups(gathered(200, low, high), 8).groups[0]
    possibly = best_groups(gathered(201, low, high), 8).groups[0]
    assert (surely.standing, possibly.standing) == (Standing.CERTAIN, Standing.POSSIBLE)
    assert surely.total == Tonnes(Decimal(200), Decimal(400))
    assert best_groups(gathered(200, low, high, capacity=399), 8).groups == []


def test_parts_make_the_whole() -> None:
    group = best_groups(gathered(300, town("a", 50, 150), town("b", 250), town("c", 9)), 2).groups[
        0
    ]
    shares = [group.share_of(each) for each in group.towns]
    assert sum(shares) == pytest.approx(1)
    assert shares[0] == pytest.approx(500 / 700)


@MANY
@given(problem=problems(8))
def test_each_shown_group_is_best_at_what_it_says(problem: GroupingProblem) -> None:
    towns = [town(each.key, each.low, each.high, each.road_km) for each in problem.candidates]
    found = best_groups(replace(gathered(1, *towns), lot=Decimal(problem.lot)), problem.most, LONG)
    figures = {
        Aim.SMALLEST: [Decimal(len(each.towns)) for each in found.groups],
        Aim.CHEAPEST: [each.transport for each in found.groups],
        Aim.EVENEST: [each.spread for each in found.groups],
    }
    for place, group in enumerate(found.groups):
        assert group.gap == 0
        for aim in group.aims:
            assert figures[aim][place] <= min(figures[aim]) + Decimal("0.1")


@MANY
@given(problem=problems(7), aim=st.sampled_from(Aim), low=st.integers(1, 400), wide=st.booleans())
def test_one_more_town_never_makes_the_answer_worse(
    problem: GroupingProblem, aim: Aim, low: int, wide: bool
) -> None:
    """A sure answer never becomes an unsure one, and among equally sure ones the value holds."""
    more = Candidate("more", float(low), low * (2.0 if wide else 1.0), 20.0)
    before = solve_best(problem, aim, LONG)
    after = solve_best(replace(problem, candidates=[*problem.candidates, more]), aim, LONG)
    assert before.is_complete and after.is_complete
    if before.best is not None:
        assert after.best is not None
        sure = before.best.basis is Basis.LOW
        assert not sure or after.best.basis is Basis.LOW
        if after.best.basis is before.best.basis:
            assert after.best.value <= before.best.value + 1e-6


def test_who_closes_the_gap_is_told_with_what_is_missing() -> None:
    around = gathered(1_000, town("a", 300), town("b", 380), town("c", 100))
    beyond = [town("far", 320, km=90), town("near", 330, km=50), town("small", 5, km=20)]
    found = shortage_of(replace(around, beyond=beyond), 2)
    assert (found.missing, found.is_proven) == (Decimal(320), True)
    assert [each.name for each in found.closers] == ["near", "far"]


def test_twenty_towns_are_not_told_to_ask_one_more() -> None:
    many = [town(str(number), 1) for number in range(20)]
    found = shortage_of(replace(gathered(100, *many), beyond=[town("large", 500)]), 20)
    assert (len(found.towns), list(found.closers)) == (20, [])


def test_a_plant_that_is_full_is_the_obstacle() -> None:
    assert "空いている能力" in obstacle_of(gathered(300, town("a", 200), capacity=299))
    assert obstacle_of(gathered(300, town("a", 200), capacity=300)) == ""


@pytest.mark.parametrize("aim", [Aim.SMALLEST, Aim.CHEAPEST])
def test_without_time_the_gap_is_told(aim: Aim) -> None:
    candidates = [Candidate(str(n), 100.0 + n, 100.0 + n, 5.0 + n) for n in range(30)]
    found = solve(GroupingProblem(candidates, 350.0, None, 8), aim, 0)
    assert found.best is not None
    assert 0 < found.best.gap <= 1


def test_without_time_no_is_never_said_for_perhaps() -> None:
    towns = (town("a", 120), town("b", 110), town("c", 130))
    tight = gathered(232, *towns, capacity=238)
    assert best_groups(tight, 8, LONG).is_complete
    late = best_groups(tight, 8, 0)
    assert (late.groups, late.is_complete) == ([], False)
    assert not shortage_of(tight, 8, 0).is_proven
    assert not repair(tight, towns[:1], (), 8, 0).is_complete
    assert repair(tight, towns[:1], (), 8, LONG).is_complete
