"""What is to be solved at the matching tables, and what a solution is. Plain values and numpy."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

Values = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
Numbers = npt.NDArray[np.int64]

AWAY = -1
"""Table of somebody who does not sit at any in a slot."""

FIRST_MEETING, SECOND_MEETING = 10.0, 8.0
"""Worth of somebody's first and second meeting. Each is more than all that others could gain at a
table of usual size by a third one, so that those who are worst off come first."""

SEAT_COST = 0.01
IDLE_COST = 2.0
CHANGE_COST = 0.4


@dataclass(frozen=True, slots=True)
class SeatingProblem:
    """The room. All arrays are by person.

    Args:
        values: what a meeting of two people is worth, symmetric; 0 for nothing. Those of one
            organisation are worth nothing to each other.
        organizations: number of each person's organisation.
        refused: pairs that never sit together, symmetric.
        secretariat: who sits in for the secretariat; values of theirs are not counted.
        present: who is to be seated from the first open slot on.
        tables: number of tables.
        seats: seats of one table.
        slots: number of slots.
        fixed: seating ``(slots already over or going on, people)`` that stays as it is.
        previous: seating ``(slots, people)`` from which as little as possible is to differ.
        wanted: meetings that everybody is to have where possible.
        seed: the same problem with the same seed gives the same plan.
    """

    values: Values
    organizations: Numbers
    refused: Flags
    secretariat: Flags
    present: Flags
    tables: int
    seats: int
    slots: int
    fixed: Numbers = field(default_factory=lambda: np.zeros((0, 0), dtype=np.int64))
    previous: Numbers | None = None
    wanted: int = 2
    seed: int = 20260401

    @property
    def people(self) -> int:
        """How many people there are."""
        return len(self.organizations)

    @property
    def first_open(self) -> int:
        """The first slot (from 0) that may still be planned."""
        return min(len(self.fixed), self.slots)

    def worth(self) -> Values:
        """Values that count: none within an organisation, none of refused or secretariat pairs."""
        alike = self.organizations[:, None] == self.organizations[None, :]
        never = alike | self.refused | self.secretariat[:, None] | self.secretariat[None, :]
        return np.where(never, 0.0, np.maximum(self.values, 0.0))


@dataclass(frozen=True, slots=True)
class SeatingPlan:
    """Who sits where.

    Args:
        seating: table (from 0) or :data:`AWAY`, ``(slots, people)``.
        value: sum of the values of all pairs who sit together.
        bound: no plan can have a higher value; how far the plan may be from the best.
        meetings: number of slots with at least one counterpart of worth, by person.
        violations: broken rules in words; empty for every plan that is given out.
        changes: seats that differ from ``previous`` among the open slots.
        seconds: time it took.
        moves: steps that the search tried.
        is_cut_short: whether the time was up before the search was done.
    """

    seating: Numbers
    value: float
    bound: float
    meetings: Numbers
    violations: Sequence[str] = ()
    changes: int = 0
    seconds: float = 0.0
    moves: int = 0
    is_cut_short: bool = False

    @property
    def seats_used(self) -> int:
        """Seats taken over all slots."""
        return int((self.seating != AWAY).sum())

    @property
    def gap(self) -> float:
        """How far the value may be below the best possible, as a share of the bound."""
        return 0.0 if self.bound <= 0 else max(0.0, 1 - self.value / self.bound)


def value_of(worth: Values, seating: Numbers) -> float:
    """Sum of the values of all pairs who sit together in some slot."""
    return sum(float((worth * _together(row)).sum()) / 2 for row in seating)


def meetings_of(worth: Values, seating: Numbers) -> Numbers:
    """Number of slots in which each person sits with a counterpart of worth."""
    counts = np.zeros(worth.shape[0], dtype=np.int64)
    for row in seating:
        counts += ((worth > 0) & _together(row)).any(axis=1)
    return counts


def changes_between(problem: SeatingProblem, seating: Numbers) -> int:
    """How many people sit at another table than before, over the open slots (absent ones not)."""
    if problem.previous is None:
        return 0
    rows = slice(problem.first_open, problem.slots)
    differs = problem.previous[rows] != seating[rows]
    return int((differs & problem.present).sum())


def _together(row: Numbers) -> Flags:
    """Who sits with whom in one slot."""
    return np.asarray((row[:, None] == row[None, :]) & (row[:, None] != AWAY))


def violations_of(problem: SeatingProblem, seating: Numbers) -> list[str]:
    """Every broken rule of the open slots in words; an empty list for a good plan."""
    found: list[str] = []
    for slot in range(problem.first_open, problem.slots):
        found += _slot_violations(problem, seating[slot], slot)
    return found + _repeated(problem, seating)


def _slot_violations(problem: SeatingProblem, row: Numbers, slot: int) -> list[str]:
    found = [
        f"slot {slot + 1}: person {person} is seated but not there"
        for person in np.flatnonzero((row != AWAY) & ~problem.present)
    ]
    for table in np.unique(row[row != AWAY]):
        people = np.flatnonzero(row == table)
        broken = _table_violations(problem, people, int(table))
        found += [f"slot {slot + 1}, table {table + 1}: {each}" for each in broken]
    return found


def _table_violations(problem: SeatingProblem, people: Numbers, table: int) -> list[str]:
    guests = people[~problem.secretariat[people]]
    rules = (
        (not 0 <= table < problem.tables, "no such table"),
        (len(people) > problem.seats, "more people than seats"),
        (len(people) - len(guests) > 1, "more than one secretariat seat"),
        (len(np.unique(problem.organizations[guests])) < 2, "one organisation only"),  # noqa: PLR2004
        (bool(problem.refused[np.ix_(people, people)].any()), "people who refuse each other"),
    )
    return [words for is_broken, words in rules if is_broken]


def _repeated(problem: SeatingProblem, seating: Numbers) -> list[str]:
    """Pairs who sit together more than once, in a slot that could be planned."""
    past = np.zeros((problem.people, problem.people), dtype=bool)
    found: list[str] = []
    guests = ~problem.secretariat
    for slot, row in enumerate(seating):
        now = _together(row) & guests[:, None] & guests[None, :]
        np.fill_diagonal(now, False)
        if slot >= problem.first_open and (now & past).any():
            found.append(f"slot {slot + 1}: a pair sits together again")
        past |= now
    return found


def upper_bound(problem: SeatingProblem, worth: Values) -> float:
    """A value that no plan can exceed.

    Each person sits with at most ``seats - 1`` others a slot, so that at most so many of a person's
    pairs count; and all tables together hold a bounded number of pairs. Where people fall into two
    sides without pairs within a side (needs here, offerings there), a table of ``m`` seats holds at
    most ``floor(m/2) * ceil(m/2)`` pairs. The second bound is priced into the first (a Lagrangian
    relaxation), and the best price is taken.
    """
    here = np.where(problem.present[:, None] & problem.present[None, :], worth, 0.0)
    open_slots = problem.slots - problem.first_open
    people = int((here > 0).any(axis=1).sum())
    if not people or not open_slots:
        return _past_value(problem, worth)
    most = (problem.seats - 1) * open_slots
    pairs = _most_pairs(problem, here, people) * open_slots
    best = np.sort(here, axis=1)[:, ::-1][:, :most]
    prices = np.concatenate([[0.0], np.quantile(best[best > 0], np.linspace(0, 1, 60))])
    bounds = [price * pairs + np.maximum(best - price, 0).sum() / 2 for price in prices]
    return float(min(bounds)) + _past_value(problem, worth)


def _past_value(problem: SeatingProblem, worth: Values) -> float:
    return value_of(worth, problem.fixed[: problem.first_open]) if len(problem.fixed) else 0.0


def _most_pairs(problem: SeatingProblem, worth: Values, people: int) -> int:
    """Most pairs of worth that one slot can hold."""
    two_sides = _has_two_sides(worth > 0)

    def pairs(size: int) -> int:
        return (size // 2) * (size - size // 2) if two_sides else size * (size - 1) // 2

    tables = min(problem.tables, people // problem.seats)
    rest = people - tables * problem.seats if tables < problem.tables else 0
    return tables * pairs(problem.seats) + pairs(min(rest, problem.seats))


def _has_two_sides(linked: Flags) -> bool:
    """Whether people can be split into two sides with pairs only between them."""
    side = np.full(len(linked), AWAY)
    for start in range(len(linked)):
        if side[start] != AWAY:
            continue
        side[start], queue = 0, [start]
        while queue:
            person = queue.pop()
            near = np.flatnonzero(linked[person])
            if (side[near] == side[person]).any():
                return False
            fresh = near[side[near] == AWAY]
            side[fresh] = 1 - side[person]
            queue.extend(fresh.tolist())
    return True
