"""Fit the ranking on judged pairs.

1. Centres, word frequencies and scales are measured on the texts (no grade is read).
2. Weights: ridge logistic regression for «grade 2 or 3» over all pairs, towards expected weights
   and none below 0. Every pair counts twice, as it was filled in and with all fields left empty,
   since people leave many empty and the texts must then carry the judgement.
3. Every pair gets a score from a fit that did not see its need (cross-validation over needs).
4. On those scores of the pairs that would be shown, Platt scaling, which only stretches and shifts
   the sum and changes no order, makes the log-odds a probability; the same for the two one-sided
   ones. Further sets may help with these few numbers: how often a pair of some score is good
   differs between sets more than within one, and no set counts for more than 500 pairs.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from embeddings.evaluation import USEFUL_GRADE
from embeddings.features import (
    BY_NAME,
    FEATURES,
    MEANING,
    SENTENCES,
    WORDS,
    WORDS_ALONE,
    Aspect,
)
from embeddings.geography import Geography
from embeddings.learning.calibration import Calibration, calibration, counted_bands, is_good, shown
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
CONTENT_GRADE: Final = 1
_MOST_OF_A_SET: Final = 500.0
_EXPECTED: Final = np.array([feature.expected for feature in FEATURES])
_COLUMN: Final = {feature.name: column for column, feature in enumerate(FEATURES)}
_IS_CONTENT: Final = np.array([feature.aspect is Aspect.CONTENT for feature in FEATURES])


class NothingToLearn(ValueError):
    """The sets hold no pair of grade 2 or 3, or none below."""


@dataclass(frozen=True, slots=True, eq=False)
class _Sums:
    """What a fit gives the pairs of a set, ``(n, m)`` each.

    Attributes:
        scores: the whole sum.
        content, terms: the parts of either aspect.
    """

    scores: Array
    content: Array
    terms: Array


@dataclass(frozen=True, slots=True, eq=False)
class ShownPairs:
    """The pairs of a set that people would see, with what a fit that is new to them says.

    Attributes:
        name: of the set.
        scores, content, terms: ``(n,)`` sums before the scaling.
        grades, weights: ``(n,)``.
    """

    name: str
    scores: Array
    content: Array
    terms: Array
    grades: npt.NDArray[np.int64]
    weights: Array

    @property
    def good(self) -> Array:
        """1 for grade 2 or 3, else 0."""
        return (self.grades >= USEFUL_GRADE).astype(np.float64)


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
        sets: what the weights are learnt from; people's answers among them with their weights.
        geography: the map.
        thesaurus: with which the posts were read.
        encoder: name of the encoder of the posts' vectors.
        counted: sets from which no weight is learnt, so that the order owes them nothing; their
            shown pairs help to scale the probabilities and are counted in the bands.
        ridge: how firmly the weights stay near the expected ones.
        seed: of the folds.

    Raises:
        NothingToLearn: when there is nothing to tell apart.
    """
    measure = measure_texts(sets, geography, thesaurus, encoder)
    tables = [pair_table(each, measure, geography, thesaurus) for each in sets]
    every = [
        *tables,
        *(pair_table(s.without_fields(), measure, geography, thesaurus) for s in sets),
    ]
    examples = _examples(every)
    if not 0 < float(examples.weights @ examples.answers) < float(examples.weights.sum()):
        raise NothingToLearn("no pair of grade 2 or 3, or none below")
    weights, base = fit_weights(examples, _EXPECTED, ridge)
    weights[_COLUMN[WORDS_ALONE]] = _words_alone(examples, weights, ridge)
    unseen = _unseen(every, ridge, seed)[: len(tables)]
    pairs = [_shown(table, sums) for table, sums in zip(tables, unseen, strict=True)]
    for each in counted:
        table = pair_table(each, measure, geography, thesaurus)
        pairs.append(_shown(table, _sums(table.values, weights, base)))
    return _scaled(pairs, weights, base, measure)


def _words_alone(examples: Examples, weights: Array, ridge: float) -> float:
    """Weight of the words where there are no vectors, fields and readings as they are."""
    columns = [_COLUMN[name] for name in (MEANING, SENTENCES, WORDS)]
    others = np.delete(examples.values, columns, axis=1) @ np.delete(weights, columns)
    values = np.column_stack([examples.values[:, _COLUMN[WORDS]], others])
    alone = Examples(values, examples.answers, examples.weights)
    expected = np.array([BY_NAME[WORDS_ALONE].expected, 1.0])
    return float(fit_weights(alone, expected, ridge)[0][0])


def folds_of(tables: Sequence[PairTable], seed: int) -> list[npt.NDArray[np.int64]]:
    """Return the fold of each need, ``(n,)`` a table; a need is in the same one everywhere."""
    ids = sorted({need.facts.id for table in tables for need in table.source.needs})
    drawn = np.random.default_rng(seed).permutation(len(ids)) % FOLDS
    fold = dict(zip(ids, drawn.tolist(), strict=True))
    return [
        np.array([fold[need.facts.id] for need in table.source.needs], dtype=np.int64)
        for table in tables
    ]


def _unseen(tables: Sequence[PairTable], ridge: float, seed: int) -> list[_Sums]:
    """Sums for each pair from a fit that saw no pair of its need."""
    folds = folds_of(tables, seed)
    found = [_Sums(*(np.zeros(table.grades.shape) for _ in range(3))) for table in tables]
    for fold in range(FOLDS):
        seen = _examples(tables, [own != fold for own in folds])
        weights, base = fit_weights(seen, _EXPECTED, ridge)
        for table, own, sums in zip(tables, folds, found, strict=True):
            part = _sums(table.values[own == fold], weights, base)
            sums.scores[own == fold] = part.scores
            sums.content[own == fold] = part.content
            sums.terms[own == fold] = part.terms
    return found


def _sums(values: Array, weights: Array, base: float) -> _Sums:
    content, terms = values @ (weights * _IS_CONTENT), values @ (weights * ~_IS_CONTENT)
    return _Sums(content + terms + base, content, terms)


def _shown(table: PairTable, sums: _Sums) -> ShownPairs:
    place = shown(table, sums.scores)
    weights = table.weights[place]
    share = min(1.0, _MOST_OF_A_SET / max(float(weights.sum()), 1.0))
    return ShownPairs(
        table.source.name,
        sums.scores[place],
        sums.content[place],
        sums.terms[place],
        table.grades[place],
        weights * share,
    )


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


def _scaled(
    pairs: Sequence[ShownPairs], weights: Array, base: float, measure: TextMeasure
) -> PartnershipModel:
    """Stretch and shift the sum so that it is a log-odds, and fit the two sides on its parts."""
    whole = joined(pairs)
    stretch, shift = fit_line(whole.scores, whole.good, whole.weights)
    stretch = stretch or 1.0
    fits = (whole.grades >= CONTENT_GRADE).astype(np.float64)
    town = fit_line(whole.content, fits, whole.weights)
    business = fit_line(whole.terms, whole.good, whole.weights * fits)
    return PartnershipModel(
        weights={f.name: float(w) * stretch for f, w in zip(FEATURES, weights, strict=True)},
        base=base * stretch + shift,
        town=Line(base=town[1], scale=town[0] / stretch),
        business=Line(base=business[1], scale=business[0] / stretch),
        text=measure,
        bands=_bands(pairs, stretch, shift),
        figures={"cross_validated": _calibrations(pairs, stretch, shift)},
    )


def joined(pairs: Sequence[ShownPairs]) -> ShownPairs:
    """Return the shown pairs of several sets as one."""
    names = ("scores", "content", "terms", "grades", "weights")
    columns = (np.concatenate([getattr(each, name) for each in pairs]) for name in names)
    return ShownPairs("together", *columns)


def _bands(pairs: Sequence[ShownPairs], stretch: float, shift: float) -> tuple[Band, ...]:
    return counted_bands(
        [_probability(each.scores * stretch + shift) for each in pairs],
        [each.good for each in pairs],
    )


def _calibrations(pairs: Sequence[ShownPairs], stretch: float, shift: float) -> dict[str, Any]:
    """ECE of each set and of all together; and of each set scaled by the other sets alone."""
    found: dict[str, Any] = {
        each.name: _error(each, stretch, shift).ece for each in [*pairs, joined(pairs)]
    }
    if len(pairs) > 1:
        found["left_out"] = {}
        for each in pairs:
            others = joined([other for other in pairs if other is not each])
            line = fit_line(others.scores, others.good, others.weights)
            found["left_out"][each.name] = _error(each, *line).ece
    return found


def _error(pairs: ShownPairs, stretch: float, shift: float) -> Calibration:
    return calibration(_probability(pairs.scores * stretch + shift), pairs.good)


def _probability(scores: Array) -> Array:
    return np.asarray(1 / (1 + np.exp(-np.clip(scores, -30, 30))), dtype=np.float64)
