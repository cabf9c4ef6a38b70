"""Bring the scores of different rankings to one scale and add them up."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Scores = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class TextWeights:
    """Weights of the text scores, each in standard deviations.

    Attributes:
        meaning: whole text against whole text, by vectors.
        sentences: the best passage for each passage of the query, by vectors.
        words: BM25.
        words_alone: BM25 when there are no vectors; the sum of the three, weakened as the three
            would be correlated, so that fields keep their share.
        centring: how much of the common direction of all texts is taken out of a vector.
    """

    meaning: float = 0.7
    sentences: float = 0.7
    words: float = 0.4
    words_alone: float = 1.5
    centring: float = 0.6


def standardised(values: Scores, spread: float) -> Scores:
    """Return z-scores that stay calm for few values.

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


def best_passage_scores(
    query: npt.NDArray[np.float32], passages: npt.NDArray[np.float32], owners: npt.NDArray[np.intp]
) -> tuple[Scores, npt.NDArray[np.float32]]:
    """Score posts by their best passage for each passage of the query.

    Args:
        query: ``(q, d)`` centred passages of the query, ``q`` ≥ 1.
        passages: ``(p, d)`` centred passages of all posts, each post's together.
        owners: ``(n + 1,)`` offsets; post ``i`` owns the rows ``owners[i]:owners[i + 1]``, at
            least one.

    Returns:
        The mean over the query's passages of the best inner product, ``(n,)``, and all inner
        products ``(q, p)``.
    """
    products = query @ passages.T
    best = np.maximum.reduceat(products, owners[:-1], axis=1)
    return best.mean(axis=0).astype(np.float64), products
