"""Solves a seating problem within seconds: pure, without database or web.

Why a search of its own, and not a library: see docs/adr/0049-matching-tables.md.
"""

from __future__ import annotations

import time
from collections.abc import Sequence

import numpy as np

from matchmaker.regional_events.tables.search import (
    Annealing,
    Room,
    drop_idle,
    seat_as_before,
    seat_greedily,
    seating_of,
)
from matchmaker.regional_events.tables.seating import (
    AWAY,
    Numbers,
    SeatingPlan,
    SeatingProblem,
    Values,
    changes_between,
    meetings_of,
    upper_bound,
    value_of,
    violations_of,
)

SECONDS = 2.9


class BrokenPlan(RuntimeError):
    """A plan that breaks a rule: it is never given out."""


def solve(problem: SeatingProblem, seconds: float = SECONDS) -> SeatingPlan:
    """Seat people so that the value of their meetings is high and nobody is left out needlessly.

    Args:
        problem: the room.
        seconds: after so long the best seating found is taken.

    Returns:
        A plan without violations. What is impossible is not forced: people without a counterpart
        of worth, or for whom no seat is left, have fewer meetings than wanted, and ``meetings``
        says so.

    Raises:
        BrokenPlan: the search broke a rule (a fault of the program).
    """
    started = time.perf_counter()
    worth, room = _room(problem)
    seat_as_before(room) if problem.previous is not None else seat_greedily(room)
    annealing = Annealing(room, started + seconds)
    annealing.run()
    drop_idle(room)
    plan = _plan(problem, worth, _with_secretariat(problem, seating_of(room, _start(problem))))
    if plan.violations:
        raise BrokenPlan("; ".join(plan.violations))
    return SeatingPlan(
        plan.seating, plan.value, upper_bound(problem, worth), plan.meetings,
        changes=changes_between(problem, plan.seating),
        seconds=time.perf_counter() - started,
        moves=annealing.tried, is_cut_short=annealing.is_cut_short,
    )  # fmt: skip


def greedy(problem: SeatingProblem) -> SeatingPlan:
    """The start of the search alone, for comparison."""
    worth, room = _room(problem)
    seat_greedily(room)
    drop_idle(room)
    return _plan(problem, worth, _with_secretariat(problem, seating_of(room, _start(problem))))


def by_chance(problem: SeatingProblem) -> SeatingPlan:
    """People drawn by lot, keeping the rules about who may sit together, for comparison."""
    worth, room = _room(problem)
    lots = np.random.default_rng(problem.seed)
    for slot in room.slots:
        for person in lots.permutation(room.people).tolist():
            for table in lots.permutation(problem.tables).tolist():
                if room.has_seat(slot, table) and room.fits(slot, person, table):
                    room.sit(slot, person, table)
                    break
    drop_idle(room)
    return _plan(problem, worth, seating_of(room, _start(problem)))


def _room(problem: SeatingProblem) -> tuple[Values, Room]:
    worth = problem.worth()
    return worth, Room(problem, worth, _table_sizes(problem))


def _table_sizes(problem: SeatingProblem) -> list[int]:
    """Seats for guests: one is kept at as many tables as there are people of the secretariat."""
    keepers = int((problem.secretariat & problem.present).sum())
    return [problem.seats - (table < keepers) for table in range(problem.tables)]


def _start(problem: SeatingProblem) -> Numbers:
    seating = np.full((problem.slots, problem.people), AWAY, dtype=np.int64)
    if problem.first_open:
        seating[: problem.first_open] = problem.fixed[: problem.first_open]
    return seating


def _plan(problem: SeatingProblem, worth: Values, seating: Numbers) -> SeatingPlan:
    return SeatingPlan(
        seating, value_of(worth, seating), 0.0, meetings_of(worth, seating),
        violations=violations_of(problem, seating),
    )  # fmt: skip


def _with_secretariat(problem: SeatingProblem, seating: Numbers) -> Numbers:
    """Seat the secretariat's people, one a table, round by round at the next table."""
    staff = np.flatnonzero(problem.secretariat & problem.present).tolist()
    for slot in range(problem.first_open, problem.slots):
        free = _tables_with_seat(problem, seating[slot])
        for number, person in enumerate(staff):
            allowed = [table for table in free if _tolerated(problem, seating[slot], person, table)]
            if not allowed:
                continue
            table = _kept_table(problem, slot, person, allowed, number)
            seating[slot, person] = table
            free.remove(table)
    return seating


def _kept_table(
    problem: SeatingProblem, slot: int, person: int, allowed: Sequence[int], number: int
) -> int:
    if problem.previous is not None and problem.previous[slot, person] in allowed:
        return int(problem.previous[slot, person])
    return allowed[(number + slot) % len(allowed)]


def _tables_with_seat(problem: SeatingProblem, row: Numbers) -> list[int]:
    tables, counts = np.unique(row[row != AWAY], return_counts=True)
    return [
        int(table) for table, count in zip(tables, counts, strict=True) if count < problem.seats
    ]


def _tolerated(problem: SeatingProblem, row: Numbers, person: int, table: int) -> bool:
    return not problem.refused[person, row == table].any()


def judged(problem: SeatingProblem, seating: Numbers) -> SeatingPlan:
    """A seating made by hand with its figures and every rule that it breaks."""
    worth = problem.worth()
    plan = _plan(problem, worth, seating)
    return SeatingPlan(
        seating, plan.value, upper_bound(problem, worth), plan.meetings, plan.violations,
        changes_between(problem, seating),
    )  # fmt: skip
