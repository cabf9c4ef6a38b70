"""The solver: exact, never above the capacity, never worse with one more to choose from."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from matchmaker.partnering.coalitions.grouping import (
    Aim,
    Basis,
    Candidate,
    GroupingProblem,
    by_brute_force,
)
from matchmaker.partnering.coalitions.solver import nearest_miss, solve, solve_best
from tests.partnering.coalitions.problems import problems

MANY = settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])
LONG = 30.0
"""Seconds; a busy machine must not make an answer an unproven one here."""


def towns(*tonnes: float, km: float = 10.0) -> list[Candidate]:
    """Candidates with single numbers."""
    return [Candidate(str(place), each, each, km) for place, each in enumerate(tonnes)]


@MANY
@given(problem=problems(), aim=st.sampled_from(Aim))
def test_answers_equal_brute_force(problem: GroupingProblem, aim: Aim) -> None:
    found, expected = solve(problem, aim, LONG).best, by_brute_force(problem, aim)
    assert (found is None) == (expected is None)
    if found is not None and expected is not None:
        assert problem.is_allowed(found.group)
        assert found.value == pytest.approx(expected, rel=1e-6, abs=1e-6)
        assert found.gap == 0


@MANY
@given(
    problem=problems(8), aim=st.sampled_from(Aim), tonnes=st.integers(1, 400), km=st.integers(0, 99)
)
def test_one_more_candidate_never_makes_the_best_worse(
    problem: GroupingProblem, aim: Aim, tonnes: int, km: int
) -> None:
    before = solve(problem, aim, LONG).best
    more = Candidate("more", float(tonnes), float(tonnes), float(km))
    after = solve(replace(problem, candidates=[*problem.candidates, more]), aim, LONG).best
    if before is not None:
        assert after is not None
        assert after.value <= before.value + 1e-6


@pytest.mark.parametrize("aim", Aim)
def test_two_hundred_candidates_are_answered_in_time_with_a_gap(aim: Aim) -> None:
    chance = random.Random(7)  # noqa: S311  no secret
    candidates = [
        Candidate(str(n), t := round(chance.lognormvariate(4.5, 1), 1), t, chance.uniform(1, 100))
        for n in range(200)
    ]
    problem = GroupingProblem(candidates, 2_000.0, 2_400.0, 8)
    found = solve(problem, aim).best
    assert found is not None
    assert problem.is_allowed(found.group)
    assert 0 <= found.gap <= 1


def test_the_smallest_group_takes_the_nearer_of_equals() -> None:
    candidates = [*towns(100.0, 100.0, km=80.0), *towns(100.0, km=5.0)]
    found = solve(GroupingProblem(candidates, 150.0, None, 8), Aim.SMALLEST).best
    assert found is not None
    assert found.value == 2
    assert 2 in found.group


def test_upper_ends_stay_within_the_capacity() -> None:
    wide = [Candidate("a", 100.0, 300.0, 1.0), Candidate("b", 100.0, 300.0, 1.0)]
    assert solve(GroupingProblem(wide, 150.0, 500.0, 8), Aim.SMALLEST).best is None
    assert solve(GroupingProblem(wide, 150.0, 600.0, 8), Aim.SMALLEST).best is not None


def test_what_surely_reaches_comes_before_what_possibly_does() -> None:
    mixed = [Candidate("a", 50.0, 200.0, 1.0), *towns(60.0, 60.0)]
    certain = solve_best(GroupingProblem(mixed, 165.0, None, 3), Aim.SMALLEST).best
    possible = solve_best(GroupingProblem(mixed, 250.0, None, 3), Aim.SMALLEST).best
    assert certain is not None and (certain.basis, certain.value) == (Basis.LOW, 3)
    assert possible is not None and possible.basis is Basis.HIGH


def test_a_lot_is_reached_to_the_kilogramme() -> None:
    exact = GroupingProblem(towns(100_000.0, 0.001), 100_000.001, None, 2)
    assert solve(exact, Aim.CHEAPEST).best is not None
    assert solve(replace(exact, lot=100_000.002), Aim.CHEAPEST).best is None


def test_the_nearest_miss_takes_as_much_as_fits() -> None:
    problem = GroupingProblem(towns(50.0, 70.0, 60.0), 500.0, 135.0, 2)
    assert set(nearest_miss(problem)[0]) == {1, 2}
    assert nearest_miss(GroupingProblem([], 500.0, None, 2)) == ((), True)
