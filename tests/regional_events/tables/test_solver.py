"""Properties of the seating: rules are kept, what is impossible is told, the bound holds."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matchmaker.regional_events.tables import solver
from matchmaker.regional_events.tables.seating import (
    AWAY,
    SeatingPlan,
    SeatingProblem,
    changes_between,
    upper_bound,
    value_of,
    violations_of,
)

QUICK = 0.3


def problem(people: int, **changes: Any) -> SeatingProblem:
    """Everybody of an organisation of their own, all pairs worth 0.5, tables of four, two slots."""
    usual: dict[str, Any] = {
        "values": np.full((people, people), 0.5),
        "organizations": np.arange(people),
        "refused": np.zeros((people, people), dtype=bool),
        "secretariat": np.zeros(people, dtype=bool),
        "present": np.ones(people, dtype=bool),
        "tables": max(1, people // 3),
        "seats": 4,
        "slots": 2,
    }
    return SeatingProblem(**{**usual, **changes})


@st.composite
def rooms(draw: st.DrawFn) -> SeatingProblem:
    """Small rooms of any kind."""
    people = draw(st.integers(0, 9))
    lots = np.random.default_rng(draw(st.integers(0, 10_000)))
    values = np.triu(lots.random((people, people)) * (lots.random((people, people)) < 0.6), 1)
    refused = np.triu(lots.random((people, people)) < draw(st.sampled_from([0.0, 0.2, 1.0])), 1)
    return problem(
        people,
        values=values + values.T,
        organizations=lots.integers(0, draw(st.integers(1, 9)), people),
        refused=refused | refused.T,
        secretariat=lots.random(people) < draw(st.sampled_from([0.0, 0.3])),
        present=lots.random(people) < draw(st.sampled_from([0.5, 1.0])),
        tables=draw(st.integers(0, 4)),
        seats=draw(st.integers(2, 5)),
        slots=draw(st.integers(1, 4)),
    )


@given(rooms())
@settings(max_examples=60, deadline=None)
def test_no_rule_is_ever_broken(room: SeatingProblem) -> None:
    plan = solver.solve(room, QUICK)
    assert violations_of(room, plan.seating) == []
    assert plan.value == pytest.approx(value_of(room.worth(), plan.seating))
    assert plan.value <= plan.bound + 1e-6
    assert (plan.meetings <= room.slots).all()
    check_independently(room, plan)


def check_independently(room: SeatingProblem, plan: SeatingPlan) -> None:
    """The same rules in plain words, without the code under test."""
    met: set[tuple[int, int]] = set()
    for row in plan.seating.tolist():
        for table in set(row) - {AWAY}:
            people = [person for person, its in enumerate(row) if its == table]
            guests = [person for person in people if not room.secretariat[person]]
            assert 0 <= table < room.tables
            assert len(people) <= room.seats
            assert len(people) - len(guests) <= 1
            assert len({int(room.organizations[person]) for person in guests}) >= 2
            for one in people:
                assert room.present[one]
                assert not any(room.refused[one, other] for other in people)
            pairs = {(one, other) for one in guests for other in guests if one < other}
            assert not pairs & met
            met |= pairs


@given(rooms(), st.integers(0, 3), st.integers(0, 10_000))
@settings(max_examples=40, deadline=None)
def test_solving_again_keeps_what_has_begun(room: SeatingProblem, begun: int, seed: int) -> None:
    first = solver.solve(room, QUICK)
    there = room.present & (np.random.default_rng(seed).random(room.people) < 0.8)
    again = problem(
        room.people, values=room.values, organizations=room.organizations, refused=room.refused,
        secretariat=room.secretariat, present=there, tables=room.tables, seats=room.seats,
        slots=room.slots, fixed=first.seating[:begun], previous=first.seating,
    )  # fmt: skip
    plan = solver.solve(again, QUICK)
    assert not plan.violations
    kept = min(begun, room.slots)
    assert (plan.seating[:kept] == first.seating[:kept]).all()
    assert not (plan.seating[kept:] != AWAY)[:, ~there].any()
    assert plan.changes == changes_between(again, plan.seating)


def test_nothing_changes_when_everybody_came() -> None:
    room = problem(12, slots=3)
    first = solver.solve(room)
    again = solver.solve(problem(12, slots=3, previous=first.seating))
    assert again.changes == 0
    assert (again.seating == first.seating).all()


def test_few_seats_change_after_no_shows() -> None:
    lots = np.random.default_rng(3)
    values = np.triu(lots.random((40, 40)) * (lots.random((40, 40)) < 0.3), 1)
    room = problem(40, values=values + values.T, tables=10, slots=4)
    first = solver.solve(room)
    there = np.ones(40, dtype=bool)
    there[[3, 11, 27]] = False
    again = solver.solve(
        problem(40, values=room.values, tables=10, slots=4, present=there, previous=first.seating)
    )
    afresh = solver.solve(problem(40, values=room.values, tables=10, slots=4, present=there))
    fresh_changes = int(((afresh.seating != first.seating) & there).sum())
    assert again.changes < fresh_changes / 3
    assert (again.meetings[there] >= 2).all()


def test_the_same_seed_gives_the_same_plan() -> None:
    one, other = (solver.solve(problem(20, tables=5, slots=3)) for _ in range(2))
    assert (one.seating == other.seating).all()


@pytest.mark.parametrize(
    "changes",
    [
        {"organizations": np.zeros(8, dtype=np.int64)},
        {"refused": ~np.eye(8, dtype=bool)},
        {"tables": 0},
        {"values": np.zeros((8, 8))},
        {"present": np.zeros(8, dtype=bool)},
        {"secretariat": np.ones(8, dtype=bool)},
    ],
    ids=[
        "one organisation",
        "all refuse",
        "no table",
        "nothing in common",
        "nobody",
        "secretariat",
    ],
)
def test_the_impossible_is_told_and_not_forced(changes: dict[str, Any]) -> None:
    plan = solver.solve(problem(8, **changes))
    assert plan.seats_used == 0
    assert plan.value == 0
    assert (plan.meetings == 0).all()


@pytest.mark.parametrize("people", [0, 1])
def test_nobody_sits_alone(people: int) -> None:
    assert solver.solve(problem(people)).seats_used == 0


def test_everybody_meets_twice_where_there_is_room() -> None:
    plan = solver.solve(problem(24, tables=6, seats=4, slots=3))
    assert (plan.meetings >= 2).all()


def test_with_too_few_seats_all_take_turns() -> None:
    # Two tables of four for sixteen people: in four slots there are just two seats for each.
    lots = np.random.default_rng(5)
    values = np.triu(lots.random((16, 16)) + 0.1, 1)
    plan = solver.solve(problem(16, values=values + values.T, tables=2, seats=4, slots=4))
    assert (plan.meetings >= 1).all()
    assert int((plan.meetings >= 2).sum()) >= 14


def test_at_most_one_of_the_secretariat_sits_at_a_table() -> None:
    secretariat = np.zeros(14, dtype=bool)
    secretariat[:3] = True
    room = problem(14, secretariat=secretariat, tables=3, seats=5)
    plan = solver.solve(room)
    for row in plan.seating:
        seated = row[:3][row[:3] != AWAY]
        assert len(seated) == len(set(seated.tolist())) == 3


def test_a_wish_counts_and_a_refusal_is_never_overruled() -> None:
    values = np.zeros((4, 4))
    values[0, 1] = values[1, 0] = 5.0
    values[2, 3] = values[3, 2] = 0.1
    refused = np.zeros((4, 4), dtype=bool)
    refused[0, 1] = refused[1, 0] = True
    plan = solver.solve(problem(4, values=values, refused=refused, tables=2))
    assert plan.meetings.tolist() == [0, 0, 1, 1]


def test_the_bound_is_reached_where_everybody_can_sit_together() -> None:
    room = problem(4, tables=1, seats=4, slots=1)
    plan = solver.solve(room)
    assert plan.value == pytest.approx(plan.bound) == pytest.approx(upper_bound(room, room.worth()))
    assert plan.gap == pytest.approx(0)


def test_a_broken_plan_is_named() -> None:
    room = problem(6, tables=1, seats=2, organizations=np.array([0, 0, 1, 1, 2, 2]))
    together = np.array([[0, 0, AWAY, AWAY, AWAY, AWAY], [0, 0, 0, AWAY, AWAY, 7]])
    found = " / ".join(violations_of(room, together))
    for words in ("one organisation only", "more people than seats", "sits together again",
                  "no such table"):  # fmt: skip
        assert words in found
