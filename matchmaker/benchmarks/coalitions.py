"""Time and quality of the groups that reach a minimum lot, with drawn towns around a plant."""

from __future__ import annotations

import json
import random
import time
from collections.abc import Mapping
from typing import Any

import click
import numpy as np

from matchmaker.partnering.coalitions.grouping import (
    Aim,
    Candidate,
    GroupingProblem,
    Search,
    by_brute_force,
)
from matchmaker.partnering.coalitions.solver import solve, solve_best

MEMBERS, ROUNDS, COMPARED = 8, 20, 40
FEW = 12
"""Most candidates for which every group is tried."""
LOTS = (0.2, 0.4, 0.7, 0.95)
"""Lots as shares of the eight largest quantities."""
ROOMS = (None, 1.05, 2.0)
"""Capacities as multiples of the lot; None is a plant of which nobody said."""
SECONDS_TO_PROVE = 30.0


def drawn_problem(candidates: int, chance: random.Random, most: int = MEMBERS) -> GroupingProblem:
    """Towns within 100 road kilometres whose quantities are spread as those of towns are.

    Args:
        candidates: how many.
        chance: where the numbers come from.
        most: members at most.
    """
    towns = []
    for number in range(candidates):
        low = round(chance.lognormvariate(4.5, 1.0), 1)
        high = round(low * chance.choice((1, 1, 1.5, 2)), 1)
        towns.append(Candidate(str(number), low, high, round(chance.uniform(1, 100), 1)))
    largest = sum(sorted((town.low for town in towns), reverse=True)[:most])
    lot, room = round(largest * chance.choice(LOTS), 1), chance.choice(ROOMS)
    return GroupingProblem(towns, lot, None if room is None else round(lot * room, 1), most)


def run_coalition_bench(candidates: int, rounds: int = ROUNDS, seed: int = 1) -> dict[str, Any]:
    """Answer drawn problems as a page does, all three aims each, and compare small ones.

    Args:
        candidates: towns of each timed problem.
        rounds: how many are timed.
        seed: of the drawn numbers.

    Returns:
        ``p50_ms`` and ``p95_ms`` of one page (three answers), the largest ``gap`` that was left,
        and whether ``brute_force_equal`` holds for problems of up to twelve candidates.
    """
    chance = random.Random(seed)  # noqa: S311  no secret
    milliseconds, gaps, answered = [], [0.0], 0
    for _ in range(rounds):
        problem = drawn_problem(candidates, chance)
        started = time.perf_counter()
        found = [solve_best(problem, aim) for aim in Aim]
        milliseconds.append((time.perf_counter() - started) * 1_000)
        gaps += [_gap_of(each) for each in found]
        answered += any(each.best is not None for each in found)
    return {
        "candidates": candidates,
        "members": MEMBERS,
        "rounds": rounds,
        "answered": answered,
        "p50_ms": round(float(np.percentile(milliseconds, 50)), 1),
        "p95_ms": round(float(np.percentile(milliseconds, 95)), 1),
        "gap": round(max(gaps), 4),
        "brute_force_equal": all(_is_equal(chance) for _ in range(COMPARED)),
    }


def _gap_of(search: Search) -> float:
    """What was left open; all of it where the time did not suffice to find or to refuse a group."""
    if not search.is_complete:
        return 1.0
    return 0.0 if search.best is None else search.best.gap


def _is_equal(chance: random.Random) -> bool:
    """Whether one small problem has the answers that trying every group gives."""
    problem = drawn_problem(chance.randint(2, FEW), chance, chance.randint(2, MEMBERS))
    for aim in Aim:
        found = solve(problem, aim, SECONDS_TO_PROVE).best
        expected = by_brute_force(problem, aim)
        if (found is None) != (expected is None):
            return False
        if found is not None and expected is not None:
            tolerance = 1e-6 * max(1.0, expected)
            if abs(found.value - expected) > tolerance or not problem.is_allowed(found.group):
                return False
    return True


def render_coalition_bench(result: Mapping[str, Any]) -> str:
    """The figures as lines for people."""
    return "\n".join(
        (
            f"candidates: {result['candidates']}  members at most: {result['members']}"
            f"  problems: {result['rounds']} ({result['answered']} with a group)",
            f"three answers: p50 {result['p50_ms']} ms, p95 {result['p95_ms']} ms",
            f"largest gap: {result['gap']}",
            f"equal to brute force: {result['brute_force_equal']}",
        )
    )


@click.command("coalition")
@click.option("--candidates", type=click.IntRange(2, 400), default=200, show_default=True)
@click.option("--rounds", type=click.IntRange(1, 500), default=ROUNDS, show_default=True)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def coalition_command(candidates: int, rounds: int, as_json: bool) -> None:
    """Find groups of towns that reach a minimum lot; print time, gap and the check by force."""
    result = run_coalition_bench(candidates, rounds)
    click.echo(json.dumps(result) if as_json else render_coalition_bench(result))
