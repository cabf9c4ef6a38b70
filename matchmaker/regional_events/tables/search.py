"""The search for a good seating: a greedy start, then simulated annealing with exact differences.

Every step moves one person to another table, or swaps two people, within one slot. A step that
would seat people together who must not be (refused, or together in another slot) is never made, so
that each seating on the way keeps these rules.
"""

from __future__ import annotations

import math
import random
import time
from collections.abc import Iterable, Sequence

from matchmaker.regional_events.tables.seating import (
    AWAY,
    CHANGE_COST,
    FIRST_MEETING,
    IDLE_COST,
    SEAT_COST,
    SECOND_MEETING,
    Numbers,
    SeatingProblem,
    Values,
)

HOT, COLD = 2.0, 0.01
CLOCK_EVERY = 512
MOVES_A_SEAT, MOVES_LEAST, MOVES_MOST = 900, 4_000, 150_000
ROUNDING = 1e-9
SWAPS, AIMED = 0.5, 0.9
"""Share of steps that swap although a seat is free; share that aim at a good counterpart."""

NEAR = 14
"""So many of the best counterparts of a person are tried first."""


class Room:
    """Who sits where while the search goes on, with what changes by each step.

    Args:
        problem: the room.
        worth: values that count (see ``SeatingProblem.worth``).
        sizes: seats of each table for people who are not of the secretariat.
    """

    def __init__(self, problem: SeatingProblem, worth: Values, sizes: Sequence[int]) -> None:
        count = problem.people
        self.problem, self.sizes = problem, list(sizes)
        self.worth: list[list[float]] = worth.tolist()
        self.people = [
            person
            for person in range(count)
            if problem.present[person] and not problem.secretariat[person]
        ]
        self.slots = range(problem.first_open, problem.slots)
        self.table_of = [[AWAY] * count for _ in range(problem.slots)]
        self.members: list[list[list[int]]] = [
            [[] for _ in range(problem.tables)] for _ in range(problem.slots)
        ]
        self.links = [[0] * count for _ in range(problem.slots)]
        self.met = [0] * count
        self.apart = [bytearray(row) for row in problem.refused.astype("uint8").tolist()]
        self.gains = _meeting_gains(problem.wanted, problem.slots)
        self.before: list[list[int]] | None = (
            None if problem.previous is None else problem.previous.tolist()
        )
        self._remember_fixed()

    def _remember_fixed(self) -> None:
        for slot in range(self.problem.first_open):
            row = self.problem.fixed[slot].tolist()
            for person, table in enumerate(row):
                self._remember(person, row, table)

    def _remember(self, person: int, row: list[int], table: int) -> None:
        if table == AWAY or self.problem.secretariat[person]:
            return
        near = [other for other, its in enumerate(row) if its == table and other != person]
        for other in near:
            if not self.problem.secretariat[other]:
                self.apart[person][other] = 1
        self.met[person] += any(self.worth[person][other] > 0 for other in near)

    def fits(self, slot: int, person: int, table: int, besides: int = AWAY) -> bool:
        """Whether a person may sit at a table once ``besides`` has left it."""
        apart = self.apart[person]
        return all(other == besides or not apart[other] for other in self.members[slot][table])

    def has_seat(self, slot: int, table: int) -> bool:
        """Whether a seat is free."""
        return len(self.members[slot][table]) < self.sizes[table]

    def sit(self, slot: int, person: int, table: int) -> float:
        """Seat somebody who sits nowhere in the slot; how much better that is."""
        near, links, row, apart = (
            self.members[slot][table], self.links[slot], self.worth[person], self.apart,
        )  # fmt: skip
        gained, own = -SEAT_COST, 0
        for other in near:
            apart[person][other] = apart[other][person] = 1
            if row[other] > 0:
                gained += row[other]
                own += 1
                if not links[other]:
                    gained += self._meets(other) + IDLE_COST
                links[other] += 1
        links[person] = own
        gained += self._meets(person) if own else -IDLE_COST
        near.append(person)
        self.table_of[slot][person] = table
        return gained + self._kept(slot, person, table)

    def leave(self, slot: int, person: int) -> float:
        """Take somebody from the table; how much better that is (usually negative)."""
        table = self.table_of[slot][person]
        near, links, row, apart = (
            self.members[slot][table], self.links[slot], self.worth[person], self.apart,
        )  # fmt: skip
        near.remove(person)
        gained = SEAT_COST
        for other in near:
            apart[person][other] = apart[other][person] = 0
            if row[other] > 0:
                gained -= row[other]
                links[other] -= 1
                if not links[other]:
                    gained -= self._unmeets(other) + IDLE_COST
        gained += -self._unmeets(person) if links[person] else IDLE_COST
        links[person] = 0
        self.table_of[slot][person] = AWAY
        return gained - self._kept(slot, person, table)

    def _meets(self, person: int) -> float:
        self.met[person] += 1
        return self.gains[self.met[person]]

    def _unmeets(self, person: int) -> float:
        self.met[person] -= 1
        return self.gains[self.met[person] + 1]

    def _kept(self, slot: int, person: int, table: int) -> float:
        if self.before is None:
            return 0.0
        # Against sitting nowhere: keeping the old table saves a change, any other one costs one.
        was = self.before[slot][person]
        return CHANGE_COST if was == table else (-CHANGE_COST if was == AWAY else 0.0)


def _meeting_gains(wanted: int, slots: int) -> list[float]:
    """What the n-th meeting of a person is worth beside its pairs."""
    steps = [FIRST_MEETING, *[SECOND_MEETING] * (wanted - 1)]
    return [0.0, *steps[:slots], *[0.0] * (slots + 2)]


def seat_greedily(room: Room) -> None:
    """Fill each slot in turn: whoever has met fewest goes first, to the best table for them."""
    for slot in room.slots:
        seats = max(room.sizes, default=0)
        tables = min(room.problem.tables, -(-len(room.people) // max(seats, 1)))
        order = sorted(room.people, key=lambda person: (room.met[person], _chances(room, person)))
        for person in order:
            best, gained = AWAY, 0.0
            for table in range(tables):
                if room.has_seat(slot, table) and room.fits(slot, person, table):
                    gain = _gain(room, slot, person, table)
                    if gain > gained:
                        best, gained = table, gain
            if best != AWAY:
                room.sit(slot, person, best)


def _chances(room: Room, person: int) -> int:
    return sum(value > 0 for value in room.worth[person])


def _gain(room: Room, slot: int, person: int, table: int) -> float:
    """A plain measure for the greedy start; an empty table is better than none."""
    near = room.members[slot][table]
    return 0.001 + sum(room.worth[person][other] for other in near) if near else 0.05


def seat_as_before(room: Room) -> None:
    """Begin with the seats of the earlier plan, as far as they are still possible."""
    if room.before is None:
        return
    for slot in room.slots:
        for person in room.people:
            table = room.before[slot][person]
            if (
                table != AWAY
                and table < len(room.sizes)
                and room.has_seat(slot, table)
                and room.fits(slot, person, table)
            ):
                room.sit(slot, person, table)


class Annealing:
    """Steps that make a seating better, worse ones at first as well.

    Args:
        room: is changed; at the end it holds the best seating found.
        until: moment of ``time.perf_counter`` at which the search stops in any case.
    """

    def __init__(self, room: Room, until: float) -> None:
        self.room, self.until = room, until
        self.chance = random.Random(room.problem.seed)  # noqa: S311 - repeatable, not secret
        self.near = {person: _best_counterparts(room, person) for person in room.people}
        self.tried, self.is_cut_short = 0, False

    def run(self) -> None:
        """Search, then go back to the best seating there was."""
        room = self.room
        if not room.people or not room.slots or not room.sizes:
            return
        moves = min(MOVES_MOST, max(MOVES_LEAST, MOVES_A_SEAT * len(room.people) * len(room.slots)))
        heat = COLD if room.before is not None else HOT
        cooling = (COLD / heat) ** (1 / moves)
        reached, best, kept = 0.0, 0.0, _copy(room.table_of)
        for step in range(1, moves + 1):
            heat *= cooling
            reached += self._step(heat)
            if reached > best + ROUNDING:
                best, kept = reached, _copy(room.table_of)
            if step % CLOCK_EVERY == 0 and time.perf_counter() > self.until:
                self.is_cut_short = True
                break
        self.tried = step
        restore(room, kept)

    def _step(self, heat: float) -> float:
        room, chance = self.room, self.chance
        slot = room.slots[int(chance.random() * len(room.slots))]
        person = room.people[int(chance.random() * len(room.people))]
        here, there = room.table_of[slot][person], self._target(slot, person)
        if there == here:
            return self._try(slot, heat, person, here, AWAY, AWAY) if here != AWAY else 0.0
        near, other = room.members[slot][there], AWAY
        if near and (not room.has_seat(slot, there) or chance.random() < SWAPS):
            other = near[int(chance.random() * len(near))]
        if other == AWAY and not room.has_seat(slot, there):
            return 0.0
        is_possible = room.fits(slot, person, there, other) and (
            AWAY in (other, here) or room.fits(slot, other, here, person)
        )
        return self._try(slot, heat, person, here, there, other) if is_possible else 0.0

    def _target(self, slot: int, person: int) -> int:
        """The table of a good counterpart, or any."""
        near = self.near[person]
        if near and self.chance.random() < AIMED:
            wanted = near[int(self.chance.random() * len(near))]
            table = self.room.table_of[slot][wanted]
            if table != AWAY:
                return table
        return int(self.chance.random() * len(self.room.sizes))

    def _try(self, slot: int, heat: float, person: int, here: int, there: int, other: int) -> float:
        """Make the step; take it back when it is too bad for the present heat."""
        gained = self._move(slot, [(person, there), (other, here)])
        if gained >= 0 or self.chance.random() < math.exp(gained / heat):
            return gained
        self._move(slot, [(person, here), (other, there)])
        return 0.0

    def _move(self, slot: int, wanted: Sequence[tuple[int, int]]) -> float:
        room, gained = self.room, 0.0
        for person, _table in wanted:
            if person != AWAY and room.table_of[slot][person] != AWAY:
                gained += room.leave(slot, person)
        for person, table in wanted:
            if AWAY not in (person, table):
                gained += room.sit(slot, person, table)
        return gained


def _best_counterparts(room: Room, person: int) -> list[int]:
    row = room.worth[person]
    return sorted((other for other in room.people if row[other] > 0), key=lambda o: -row[o])[:NEAR]


def _copy(rows: Iterable[list[int]]) -> list[list[int]]:
    return [row[:] for row in rows]


def restore(room: Room, seating: Sequence[Sequence[int]]) -> None:
    """Seat everybody as in ``seating`` (open slots only)."""
    for slot in room.slots:
        for person in room.people:
            if room.table_of[slot][person] != AWAY:
                room.leave(slot, person)
    for slot in room.slots:
        for person in room.people:
            if seating[slot][person] != AWAY:
                room.sit(slot, person, seating[slot][person])


def drop_idle(room: Room) -> None:
    """Free the seats of people who have no counterpart of worth at their table."""
    for slot in room.slots:
        for person in room.people:
            if room.table_of[slot][person] != AWAY and not room.links[slot][person]:
                room.leave(slot, person)


def seating_of(room: Room, start: Numbers) -> Numbers:
    """The seating as an array, on top of ``start``."""
    result = start.copy()
    for slot in room.slots:
        result[slot, room.people] = [room.table_of[slot][person] for person in room.people]
    return result
