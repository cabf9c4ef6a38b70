"""Whether probabilities come true: the pairs that are shown, counted in bins and bands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from embeddings.evaluation import CUT, USEFUL_GRADE
from embeddings.learning.pairs import UNJUDGED, PairTable
from embeddings.prospects import Band

Array = npt.NDArray[np.float64]
Rows = npt.NDArray[np.bool_]

BINS: Final = 10
# Few enough that most bands hold some dozens of judged pairs; 0.05, 0.2 and 0.5 are those of the
# words.
EDGES: Final = (0.0, 0.05, 0.2, 0.35, 0.5, 0.7, 1.0)


@dataclass(frozen=True, slots=True)
class Bin:
    """Pairs of about the same probability.

    Attributes:
        low, high: the bin's edges.
        pairs: how many pairs.
        told: mean probability.
        good: share of pairs of grade 2 or 3.
    """

    low: float
    high: float
    pairs: int
    told: float
    good: float


@dataclass(frozen=True, slots=True)
class Calibration:
    """How far probabilities are from what judges said.

    Attributes:
        ece: expected calibration error, the mean over pairs of ``|told − good|`` of their bin.
        pairs: how many pairs were counted.
        bins: ten bins of equal width, those without pairs left out.
    """

    ece: float
    pairs: int
    bins: tuple[Bin, ...]

    def to_json(self) -> dict[str, Any]:
        """Return plain values."""
        return {"ece": self.ece, "pairs": self.pairs, "bins": [asdict(each) for each in self.bins]}


def calibration(probabilities: Array, good: Array) -> Calibration:
    """Compare probabilities with answers in ten bins of equal width (Naeini et al. 2015).

    Args:
        probabilities: ``(n,)``, 0–1.
        good: ``(n,)`` 1 for pairs of grade 2 or 3, else 0.
    """
    if not len(probabilities):
        return Calibration(0.0, 0, ())
    places = np.minimum((probabilities * BINS).astype(int), BINS - 1)
    bins = tuple(
        Bin(
            place / BINS,
            (place + 1) / BINS,
            int(inside.sum()),
            round(float(probabilities[inside].mean()), 4),
            round(float(good[inside].mean()), 4),
        )
        for place in range(BINS)
        if (inside := places == place).any()
    )
    error = sum(each.pairs * abs(each.told - each.good) for each in bins) / len(probabilities)
    return Calibration(round(error, 4), len(probabilities), bins)


def shown(table: PairTable, scores: Array) -> Rows:
    """Tell which pairs people would see: the best ten of each need, ties by the offering's id.

    They are the best of those of which a grade is known; in a complete set an absent one is 0.

    Args:
        table: the pairs.
        scores: ``(n, m)``.

    Returns:
        ``(n, m)``.
    """
    ids = np.array([offering.facts.id for offering in table.source.offerings])
    found = np.zeros(scores.shape, dtype=bool)
    for row, own in enumerate(scores):
        known = np.flatnonzero(table.grades[row] != UNJUDGED)
        found[row, known[np.lexsort((ids[known], -own[known]))[:CUT]]] = True
    return found


def is_good(table: PairTable) -> Array:
    """Return 1 for each pair of grade 2 or 3, else 0, ``(n, m)``."""
    return (table.grades >= USEFUL_GRADE).astype(np.float64)


def counted_bands(probabilities: Sequence[Array], good: Sequence[Array]) -> tuple[Band, ...]:
    """Count pairs by band.

    Args:
        probabilities, good: of the shown pairs of several sets.
    """
    told = np.concatenate([*probabilities, np.zeros(0)])
    answers = np.concatenate([*good, np.zeros(0)])
    places = np.clip(np.searchsorted(EDGES, told, side="right") - 1, 0, len(EDGES) - 2)
    return tuple(
        Band(
            EDGES[place],
            EDGES[place + 1],
            int((places == place).sum()),
            int(answers[places == place].sum()),
        )
        for place in range(len(EDGES) - 1)
    )
