"""The policy of exposure: how often whom, within which bounds. Pure rules."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil
from statistics import fmean

PLACES = 5
"""Places a need has on its page; what is counted as being shown."""
LEAST_BOUND = 2
"""Whoever is bounded by comparison with others keeps at least so many places."""
KEEP_SHARE = 0.95
"""Share of the expected matches that must remain, whatever the policy says."""
LOOSENING_STEPS = 10
BOUND_STEP, FLOOR_STEP = 0.25, 0.1
"""With each step upper bounds grow by a quarter and floors shrink by a tenth of what was set."""
DUE_AFTER = timedelta(hours=24)
USUAL_ANSWERS = 4
LEAST_FACTOR, MOST_FACTOR = 0.5, 1.5
SMALL = frozenset({"micro"})
"""Codes of company size that count as small."""

BOUND_RANGE = (1.0, 20.0)
OVERBOOKING_RANGE = (1.0, 20.0)
FLOOR_RANGE = (0, 20)
NEW_DAYS_RANGE = (0, 730)


@dataclass(frozen=True, slots=True)
class PolicyValues:
    """What the secretariat sets.

    Args:
        is_on: whether prices move anything.
        bound_factor: most places of an organisation, in multiples of the mean of all.
        overbooking: introductions for each need that the declared free capacity could serve.
        floor: places that a small or new organisation gets, where it is good enough.
        new_days: how long after joining an organisation counts as new.
    """

    is_on: bool = True
    bound_factor: float = 3.0
    overbooking: float = 5.0
    floor: int = 2
    new_days: int = 180


@dataclass(frozen=True, slots=True)
class Standing:
    """What is known of an organisation that could be shown.

    Args:
        company_size: code, empty when it is no company.
        joined_at: when it joined.
        free_capacity: tonnes a year over its open offerings; None when it declares none.
        useful, wrong: answers about its offerings so far; introductions answered count as useful,
            those left without an answer as wrong.
    """

    company_size: str
    joined_at: datetime
    free_capacity: float | None = None
    useful: int = 0
    wrong: int = 0


def is_small(standing: Standing) -> bool:
    """Whether the organisation counts as small."""
    return standing.company_size in SMALL


def is_new(standing: Standing, values: PolicyValues, now: datetime) -> bool:
    """Whether it joined a short while ago."""
    return now - standing.joined_at <= timedelta(days=values.new_days)


def answer_factor(useful: int, wrong: int) -> float:
    """How an answering record moves the upper bound; 1 while nothing is known.

    The share of good answers, drawn towards one half by four answers that nobody gave, doubled and
    kept between 0.5 and 1.5.
    """
    share = (useful + USUAL_ANSWERS / 2) / (useful + wrong + USUAL_ANSWERS)
    return min(MOST_FACTOR, max(LEAST_FACTOR, 2 * share))


def upper_bound(
    standing: Standing,
    values: PolicyValues,
    *,
    mean_places: float,
    quantity: float | None,
    looseness: int = 0,
) -> int:
    """Most places that an organisation gets.

    Args:
        standing: what is known of it.
        values: the policy.
        mean_places: places of all needs over organisations that could be shown.
        quantity: usual quantity of the needs it could be shown for, tonnes a year.
        looseness: steps by which the policy was loosened.
    """
    loosened = 1 + BOUND_STEP * looseness
    factor = answer_factor(standing.useful, standing.wrong)
    bound = max(LEAST_BOUND, ceil(values.bound_factor * mean_places * factor * loosened))
    if standing.free_capacity is None or not quantity:
        return bound
    possible = standing.free_capacity / quantity
    return min(bound, max(1, ceil(values.overbooking * possible * loosened)))


def lower_bound(
    standing: Standing,
    values: PolicyValues,
    now: datetime,
    *,
    chances: int,
    looseness: int = 0,
) -> int:
    """Places that an organisation shall get: for small and new ones, as far as there are chances.

    Args:
        chances: needs for which it is good enough.
    """
    if not (is_small(standing) or is_new(standing, values, now)):
        return 0
    wanted = round(values.floor * (1 - FLOOR_STEP * looseness))
    return max(0, min(wanted, chances))


def is_due(now: datetime, last_run: datetime | None, policy_at: datetime | None) -> bool:
    """Whether prices are to be computed: daily, and after each change of the policy."""
    if last_run is None:
        return True
    if policy_at is not None and policy_at > last_run:
        return True
    return now - last_run >= DUE_AFTER


def gini(places: Sequence[int]) -> float:
    """How unevenly places are spread: 0 all alike, towards 1 all with one (C. Gini, 1912)."""
    total, number = sum(places), len(places)
    if not total or number < 2:  # noqa: PLR2004
        return 0.0
    ranked = sorted(places)
    weighted = sum((2 * rank - number - 1) * each for rank, each in enumerate(ranked, start=1))
    return weighted / (number * number * fmean(places))
