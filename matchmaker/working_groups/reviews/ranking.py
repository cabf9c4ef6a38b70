"""The ranking of proposals and how far their scores spread. Pure.

Scores run from 0 to 1 here (the weighted share of the points); pages show them out of 100.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import sqrt
from statistics import fmean

from matchmaker.working_groups.reviews.agreement import FEWEST_VALUES, alpha_of_ratings

FULL_MARKS = 100
DIGITS = 9
"""Means that differ only beyond this decimal place come from rounding and share a place."""


@dataclass(frozen=True, slots=True)
class Rating:
    """The score that one reviewer gave to one proposal, from 0 to 1."""

    proposal_id: uuid.UUID
    reviewer_id: uuid.UUID
    rate: float


@dataclass(frozen=True, slots=True)
class Position:
    """Where a proposal stands among those of its call.

    Args:
        reviews: how many reviews count.
        mean: mean of the scores.
        centred: mean after the strictness of each reviewer is taken out.
        spread: standard deviation (n - 1); None with fewer than two reviews.
        low: lowest score.
        high: highest score.
        place: place by ``mean``; equal means share a place and the next ones are skipped.
        centred_place: place by ``centred``.
    """

    reviews: int
    mean: float
    centred: float
    spread: float | None
    low: float
    high: float
    place: int = 0
    centred_place: int = 0

    @property
    def range(self) -> float:
        """Distance between the highest and the lowest score."""
        return self.high - self.low


@dataclass(frozen=True, slots=True)
class Ranking:
    """All proposals of a call that have at least one review that counts.

    Args:
        positions: by proposal.
        agreement: Krippendorff's alpha of the scores.
        reviews: how many reviews count in all.
        strictness: by reviewer, how far the mean of their scores lies from the mean of all.
    """

    positions: Mapping[uuid.UUID, Position]
    agreement: float | None
    reviews: int
    strictness: Mapping[uuid.UUID, float]


def weighted_rate(points: Iterable[tuple[int, int, int]]) -> float:
    """The weighted share of the points.

    Args:
        points: for each criterion the points given, the most points possible, and the weight.

    Raises:
        ValueError: there is no criterion.
    """
    given = list(points)
    weights = sum(weight for _, _, weight in given)
    if not weights:
        raise ValueError("a review needs at least one criterion")
    return sum(weight * value / most for value, most, weight in given) / weights


def rank(ratings: Sequence[Rating]) -> Ranking:
    """Rank the proposals by the mean of their scores.

    The second order takes out the strictness of reviewers: each score counts by how far it lies
    from its reviewer's own mean, added to the mean of all scores. It matters when not everybody
    reviewed everything.
    """
    if not ratings:
        return Ranking({}, None, 0, {})
    by_proposal: dict[uuid.UUID, list[Rating]] = defaultdict(list)
    by_reviewer: dict[uuid.UUID, list[float]] = defaultdict(list)
    for rating in ratings:
        by_proposal[rating.proposal_id].append(rating)
        by_reviewer[rating.reviewer_id].append(rating.rate)
    overall = fmean(rating.rate for rating in ratings)
    strictness = {each: fmean(rates) - overall for each, rates in by_reviewer.items()}
    means = {each: fmean(r.rate for r in found) for each, found in by_proposal.items()}
    centred = {
        each: fmean(r.rate - strictness[r.reviewer_id] for r in found)
        for each, found in by_proposal.items()
    }
    places, centred_places = _places(means), _places(centred)
    rates = {each: [r.rate for r in found] for each, found in by_proposal.items()}
    positions = {
        each: Position(
            reviews=len(values),
            mean=means[each],
            centred=centred[each],
            spread=_spread(values, means[each]),
            low=min(values),
            high=max(values),
            place=places[each],
            centred_place=centred_places[each],
        )
        for each, values in rates.items()
    }
    return Ranking(positions, alpha_of_ratings(rates.values()), len(ratings), strictness)


def _spread(values: Sequence[float], mean: float) -> float | None:
    """Standard deviation of a sample; ``statistics.stdev`` counts in fractions, which is slow."""
    if len(values) < FEWEST_VALUES:
        return None
    return sqrt(sum((value - mean) ** 2 for value in values) / (len(values) - 1))


def _places(means: Mapping[uuid.UUID, float]) -> dict[uuid.UUID, int]:
    """Places from 1; equal means share a place (1, 2, 2, 4)."""
    rounded = {each: round(mean, DIGITS) for each, mean in means.items()}
    first: dict[float, int] = {}
    for place, mean in enumerate(sorted(rounded.values(), reverse=True), start=1):
        first.setdefault(mean, place)
    return {each: first[mean] for each, mean in rounded.items()}


def out_of_100(rate: float | None) -> float | None:
    """A score as pages show it, with one decimal place."""
    return None if rate is None else round(rate * FULL_MARKS, 1)
