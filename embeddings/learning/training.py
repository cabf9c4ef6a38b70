"""Fit the ranking on judged pairs.

1. Centres, word frequencies and scales are measured on the texts (no grade is read).
2. Weights: ridge logistic regression for «grade 2 or 3» over all pairs, towards expected weights
   and none below 0.
3. Every pair gets a score from a fit that did not see its need (cross-validation over needs).
4. On those scores of the pairs that would be shown, Platt scaling, which only stretches and shifts
   the sum, makes the log-odds a probability; the same for the two one-sided ones.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import numpy.typing as npt

from embeddings.evaluation import USEFUL_GRADE
from embeddings.features import FEATURES, Aspect
from embeddings.geography import Geography
from embeddings.learning.calibration import counted_bands, is_good, shown
from embeddings.learning.fitting import Examples, fit_line, fit_weights
from embeddings.learning.judged import JudgedSet
from embeddings.learning.pairs import UNJUDGED, PairTable, measure_texts, pair_table
from embeddings.partnership import Line, PartnershipModel
from embeddings.prospects import Band
from embeddings.reading.thesaurus import Thesaurus
from embeddings.text_measure import TextMeasure

Array = npt.NDArray[np.float64]

RIDGE: Final = 10.0
FOLDS: Final = 7
_CONTENT_GRADE: Final = 1
_EXPECTED: Final = np.array([feature.expected for feature in FEATURES])
_IS_CONTENT: Final = np.array([feature.aspect is Aspect.CONTENT for feature in FEATURES])


class NothingToLearn(ValueError):
    """The sets hold no pair of grade 2 or 3, or none below."""


@dataclass(frozen=True, slots=True, eq=False)
class _Fit:
    """Weights that did not see some needs, and the sums they give those needs' pairs."""

    scores: Array
    content: Array
    terms: Array


def train(
    sets: Sequence[JudgedSet],
    geography: Geography,
    thesaurus: Thesaurus,
    *,
    encoder: str,
    counted: Sequence[JudgedSet] = (),
    ridge: float = RIDGE,
    seed: int = 0,
) -> PartnershipModel:
    """Fit a ranking; the same sets and seed give the same one.

    Args:
        sets: what is learnt from; grades of people's answers among them with their weights.
        geography: the map.
        thesaurus: with which the posts were read.
        encoder: name of the encoder of the posts' vectors.
        counted: sets that nothing is learnt from, whose shown pairs are counted in the bands too.
        ridge: how firmly the weights stay near the expected ones.
        seed: of the folds.

    Raises:
        NothingToLearn: when there is nothing to tell apart.
    """
    measure = measure_texts(sets, geography, thesaurus, encoder)
    tables = [pair_table(each, measure, geography, thesaurus) for each in sets]
    examples = _examples(tables)
    if not 0 < float(examples.weights @ examples.answers) < float(examples.weights.sum()):
        raise NothingToLearn("no pair of grade 2 or 3, or none below")
    fits = _unseen(tables, ridge, seed)
    model = _calibrated(tables, fits, *fit_weights(examples, _EXPECTED, ridge), measure)
    further = [pair_table(each, measure, geography, thesaurus) for each in counted]
    return replace(model, bands=_bands(model, tables, fits, further))


def cross_validated(
    tables: Sequence[PairTable], ridge: float = RIDGE, seed: int = 0
) -> list[Array]:
    """Return a score for each pair from a fit that saw no pair of its need, ``(n, m)`` a table."""
    return [fit.scores for fit in _unseen(tables, ridge, seed)]


def folds_of(tables: Sequence[PairTable], seed: int) -> list[npt.NDArray[np.int64]]:
    """Return the fold of each need, ``(n,)`` a table."""
    draw = np.random.default_rng(seed)
    return [
        draw.permutation(np.arange(len(table.grades), dtype=np.int64) % FOLDS) for table in tables
    ]


def _unseen(tables: Sequence[PairTable], ridge: float, seed: int) -> list[_Fit]:
    folds = folds_of(tables, seed)
    found = [_Fit(*(np.zeros(table.grades.shape) for _ in range(3))) for table in tables]
    for fold in range(FOLDS):
        seen = _examples(tables, [own != fold for own in folds])
        weights, base = fit_weights(seen, _EXPECTED, ridge)
        for table, own, fit in zip(tables, folds, found, strict=True):
            left_out = table.values[own == fold]
            fit.scores[own == fold] = left_out @ weights + base
            fit.content[own == fold] = left_out @ (weights * _IS_CONTENT)
            fit.terms[own == fold] = left_out @ (weights * ~_IS_CONTENT)
    return found


def _examples(
    tables: Sequence[PairTable], needs: Sequence[npt.NDArray[np.bool_]] | None = None
) -> Examples:
    values, answers, weights = [], [], []
    for place, table in enumerate(tables):
        chosen = table.grades != UNJUDGED
        if needs is not None:
            chosen = chosen & needs[place][:, None]
        values.append(table.values[chosen])
        answers.append(is_good(table)[chosen])
        weights.append(table.weights[chosen])
    return Examples(np.concatenate(values), np.concatenate(answers), np.concatenate(weights))


def _calibrated(
    tables: Sequence[PairTable],
    fits: Sequence[_Fit],
    weights: Array,
    base: float,
    measure: TextMeasure,
) -> PartnershipModel:
    """Stretch and shift the sum so that it is a log-odds, and fit the two sides on its parts."""
    places = [shown(table, fit.scores) for table, fit in zip(tables, fits, strict=True)]
    scale, shift = fit_line(*_column(tables, [fit.scores for fit in fits], places, USEFUL_GRADE))
    town = fit_line(*_column(tables, [fit.content for fit in fits], places, _CONTENT_GRADE))
    fitting = [
        place & (table.grades >= _CONTENT_GRADE)
        for table, place in zip(tables, places, strict=True)
    ]
    business = fit_line(*_column(tables, [fit.terms for fit in fits], fitting, USEFUL_GRADE))
    stretch = scale or 1.0
    return PartnershipModel(
        weights={f.name: float(w) * stretch for f, w in zip(FEATURES, weights, strict=True)},
        base=base * stretch + shift,
        town=Line(base=town[1], scale=town[0] / stretch),
        business=Line(base=business[1], scale=business[0] / stretch),
        text=measure,
        figures={"stretch": round(stretch, 5), "shift": round(shift, 5)},
    )


def _column(
    tables: Sequence[PairTable],
    totals: Sequence[Array],
    places: Sequence[npt.NDArray[np.bool_]],
    grade: int,
) -> tuple[Array, Array, Array]:
    chosen = list(zip(tables, totals, places, strict=True))
    return (
        np.concatenate([total[place] for _, total, place in chosen]),
        np.concatenate([(t.grades[place] >= grade).astype(np.float64) for t, _, place in chosen]),
        np.concatenate([table.weights[place] for table, _, place in chosen]),
    )


def _bands(
    model: PartnershipModel,
    tables: Sequence[PairTable],
    fits: Sequence[_Fit],
    further: Sequence[PairTable],
) -> tuple[Band, ...]:
    stretch, shift = model.figures["stretch"], model.figures["shift"]
    scored = [
        (table, fit.scores * stretch + shift) for table, fit in zip(tables, fits, strict=True)
    ]
    scored += [(table, table.scores(model)) for table in further]
    told, good = [], []
    for table, scores in scored:
        place = shown(table, scores)
        told.append(1 / (1 + np.exp(-scores[place])))
        good.append(is_good(table)[place])
    return counted_bands(told, good)
