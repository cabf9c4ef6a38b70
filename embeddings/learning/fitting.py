"""Ridge logistic regression towards expected weights, none of them below 0."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize

Array = npt.NDArray[np.float64]

# A rough log-odds of a pair of which nothing is known, to begin with.
_START: Final = -4.0


@dataclass(frozen=True, slots=True, eq=False)
class Examples:
    """Pairs with answers.

    Attributes:
        values: ``(n, f)`` features.
        answers: ``(n,)`` 1 for yes, 0 for no.
        weights: ``(n,)`` how much each counts.
    """

    values: Array
    answers: Array
    weights: Array


def fit_weights(examples: Examples, expected: Array, ridge: float) -> tuple[Array, float]:
    """Fit weights and base.

    Minimises ``Σ weight · logloss + ridge / 2 · Σ ((w − expected) / scale)²`` over ``w ≥ 0``, where
    ``scale`` is the expected weight (at least 0.3): a large weight may move further than a small
    one. A feature that never varies stays where it was expected; L-BFGS-B, from a fixed start,
    gives the same answer each time.

    Args:
        examples: pairs with answers.
        expected: ``(f,)`` weights to stay near to, in log-odds.
        ridge: how firmly.

    Returns:
        ``(f,)`` weights ≥ 0 and the base.
    """
    scale = np.maximum(expected, 0.3)

    def loss(point: Array) -> tuple[float, Array]:
        weights, base = point[:-1], point[-1]
        logits = examples.values @ weights + base
        error = examples.weights * (_sigmoid(logits) - examples.answers)
        away = (weights - expected) / scale
        losses = np.logaddexp(0.0, logits) - examples.answers * logits
        value = float(examples.weights @ losses) + ridge / 2 * float(away @ away)
        slope = examples.values.T @ error + ridge * away / scale
        return value, np.append(slope, error.sum())

    bounds = [(0.0, None)] * len(expected) + [(None, None)]
    found = minimize(
        loss, np.append(expected, _START), jac=True, method="L-BFGS-B", bounds=bounds,
        options={"maxiter": 500, "ftol": 1e-10},
    )  # fmt: skip
    return np.asarray(found.x[:-1], dtype=np.float64), float(found.x[-1])


def fit_line(totals: Array, answers: Array, weights: Array) -> tuple[float, float]:
    """Fit ``log-odds = base + scale · total`` with ``scale ≥ 0`` (Platt scaling).

    The answers are drawn a little towards the middle as Platt (1999) does, so that few examples
    never give certainty.

    Args:
        totals: ``(n,)`` sums.
        answers: ``(n,)`` 1 or 0.
        weights: ``(n,)``.

    Returns:
        Scale and base; 1 and the log-odds of the answers where there are too few of either kind.
    """
    yes, no = float(weights @ answers), float(weights @ (1 - answers))
    drawn = np.where(answers > 0, (yes + 1) / (yes + 2), 1 / (no + 2))
    share = (yes + 1) / (yes + no + 2)
    centre = float(np.average(totals, weights=weights)) if len(totals) else 0.0
    start = float(np.log(share / (1 - share)))
    if min(yes, no) < 1:
        return 1.0, start - centre

    def loss(point: Array) -> tuple[float, Array]:
        logits = point[0] * (totals - centre) + point[1]
        error = weights * (_sigmoid(logits) - drawn)
        value = float(weights @ (np.logaddexp(0.0, logits) - drawn * logits))
        return value, np.array([error @ (totals - centre), error.sum()])

    found = minimize(
        loss, np.array([1.0, start]), jac=True, method="L-BFGS-B", bounds=[(0, None), (None, None)]
    )
    scale, base = (float(value) for value in found.x)
    return scale, base - scale * centre


def _sigmoid(logits: Array) -> Array:
    return np.asarray(1 / (1 + np.exp(-np.clip(logits, -50, 50))), dtype=np.float64)
