"""Bring the text scores of pairs to one scale."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Scores = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Scale:
    """Where a score stands among those of the pairs that the ranking was fitted on.

    Attributes:
        mean, spread: mean and standard deviation there, in the score's own unit.
        low, high: smallest and largest place seen there, in spreads.
    """

    mean: float
    spread: float
    low: float
    high: float

    @classmethod
    def of(cls, values: Scores) -> Scale:
        """Measure a scale.

        Args:
            values: scores of all pairs of the sets, at least one.
        """
        mean, spread = float(values.mean()), float(values.std()) or 1.0
        places = (values - mean) / spread
        return cls(mean, spread, float(places.min()), float(places.max()))

    def placed(self, values: Scores) -> Scores:
        """Return the places of scores in spreads from the mean, however far out they are."""
        return np.asarray((values - self.mean) / self.spread, dtype=np.float64)

    def bounded(self, places: Scores) -> Scores:
        """Return places drawn into the range that was seen: no text counts for more than that."""
        return np.clip(places, self.low, self.high)


def standardised(values: Scores, spread: float) -> Scores:
    """Return z-scores that stay calm for few values, for an encoder without a stored scale.

    One value gives 0. The standard error that ``n`` values leave open is added to their variance,
    so that two or three nearly equal scores are not blown up into large differences.

    Args:
        values: scores of one pool.
        spread: standard deviation to be expected of such scores, in their own unit.
    """
    if not len(values):
        return np.asarray(values, dtype=np.float64)
    scale = np.sqrt(values.var() + spread**2 / len(values))
    centred = values - values.mean()
    return np.asarray(centred / scale if scale > 0 else centred * 0.0, dtype=np.float64)


def best_passage_products(
    needs: npt.NDArray[np.float32],
    need_ends: npt.NDArray[np.intp],
    offerings: npt.NDArray[np.float32],
    offering_ends: npt.NDArray[np.intp],
) -> tuple[Scores, npt.NDArray[np.float32]]:
    """Score pairs by the best passage of the offering for each passage of the need.

    The direction is that of the need whichever side searches, so that a pair has one score.

    Args:
        needs: ``(p, d)`` centred passages of all needs, each need's together.
        need_ends: ``(n + 1,)`` offsets; need ``i`` owns the rows ``need_ends[i]:need_ends[i + 1]``,
            at least one.
        offerings, offering_ends: the same of the ``m`` offerings.

    Returns:
        The mean over a need's passages of the best inner product, ``(n, m)``, and all inner
        products ``(p, q)``.
    """
    products = needs @ offerings.T
    best = np.maximum.reduceat(products, offering_ends[:-1], axis=1)
    sums = np.add.reduceat(best, need_ends[:-1], axis=0, dtype=np.float64)
    return sums / np.diff(need_ends)[:, None], products
