"""Measures of a ranking against graded judgements."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

CUT: Final = 10
BEST_GRADE: Final = 3
USEFUL_GRADE: Final = 2
_SAMPLES: Final = 2_000

Grades = Mapping[str, int]


def ndcg10(ranking: Sequence[str], grades: Grades) -> float:
    """Return nDCG@10 with gain 2^grade − 1.

    Args:
        ranking: ids, best first.
        grades: id → grade; absent ids count 0.

    Returns:
        0–1; NaN when nothing is graded above 0.
    """
    ideal = _dcg(sorted(grades.values(), reverse=True))
    return _dcg([grades.get(id, 0) for id in ranking]) / ideal if ideal else math.nan


def mrr3(ranking: Sequence[str], grades: Grades) -> float:
    """Return 1 / rank of the first id of grade 3; NaN when there is none to be found."""
    if BEST_GRADE not in grades.values():
        return math.nan
    places = (place for place, id in enumerate(ranking, 1) if grades.get(id, 0) >= BEST_GRADE)
    first = next(places, None)
    return 1 / first if first else 0.0


def recall10(ranking: Sequence[str], grades: Grades) -> float:
    """Return the share of ids of grade ≥ 2 among the first ten; NaN when there are none."""
    useful = {id for id, grade in grades.items() if grade >= USEFUL_GRADE}
    return len(useful.intersection(ranking[:CUT])) / len(useful) if useful else math.nan


def p1(ranking: Sequence[str], grades: Grades) -> float:
    """Return 1 when the first id has a grade ≥ 2, else 0; NaN when there is no such id."""
    if not any(grade >= USEFUL_GRADE for grade in grades.values()):
        return math.nan
    return float(bool(ranking) and grades.get(ranking[0], 0) >= USEFUL_GRADE)


METRICS: Final[Mapping[str, Callable[[Sequence[str], Grades], float]]] = {
    "ndcg10": ndcg10,
    "mrr3": mrr3,
    "recall10": recall10,
    "p1": p1,
}


@dataclass(frozen=True, slots=True)
class Interval:
    """A difference of two systems with its 95 % bootstrap interval."""

    difference: float
    low: float
    high: float

    def rounded(self) -> list[float]:
        """Return difference, low and high with four decimals."""
        return [round(value, 4) for value in (self.difference, self.low, self.high)]


def per_query(
    rankings: Mapping[str, Sequence[str]], judgements: Mapping[str, Grades]
) -> dict[str, npt.NDArray[np.float64]]:
    """Measure every query.

    Args:
        rankings: query id → ids, best first.
        judgements: query id → grades; a query without any is measured as NaN.

    Returns:
        Metric → values in the order of ``rankings``, NaN where a metric is not defined.
    """
    return {
        name: np.array([metric(r, judgements.get(q, {})) for q, r in rankings.items()])
        for name, metric in METRICS.items()
    }


def mean(values: npt.NDArray[np.float64]) -> float:
    """Return the mean over the queries for which a metric is defined; 0 when there are none."""
    defined = values[~np.isnan(values)]
    return float(defined.mean()) if len(defined) else 0.0


def paired_interval(
    first: npt.NDArray[np.float64], second: npt.NDArray[np.float64], seed: int = 0
) -> Interval:
    """Return the mean difference ``first − second`` with a paired bootstrap over queries.

    Args:
        first, second: values of one metric for the same queries.
        seed: of the random draws, so that a figure can be repeated.
    """
    differences = first - second
    differences = differences[~np.isnan(differences)]
    if not len(differences):
        return Interval(0.0, 0.0, 0.0)
    draws = np.random.default_rng(seed).integers(
        0, len(differences), size=(_SAMPLES, len(differences))
    )
    low, high = np.quantile(differences[draws].mean(axis=1), [0.025, 0.975])
    return Interval(float(differences.mean()), float(low), float(high))


def _dcg(grades: Sequence[int]) -> float:
    gains = ((2**grade - 1) / math.log2(rank + 2) for rank, grade in enumerate(grades[:CUT]))
    return float(sum(gains))
