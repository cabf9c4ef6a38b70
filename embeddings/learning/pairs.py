"""All pairs of a judged set as a table of features."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from embeddings.centres import STORED_POSTS, Centre
from embeddings.facts import PostFacts
from embeddings.features import FEATURES, MEANING, SENTENCES, VOCABULARY, WORDS
from embeddings.fusion import Scale
from embeddings.geography import Geography
from embeddings.learning.judged import JudgedSet
from embeddings.partnership import PartnershipModel
from embeddings.pool_features import PoolFeatures
from embeddings.posts import IndexedPost
from embeddings.reading.thesaurus import Thesaurus
from embeddings.text_measure import TextMeasure
from embeddings.word_overlap import WordFrequencies, WordOverlap

Array = npt.NDArray[np.float64]
UNJUDGED: Final = -1
_COLUMN: Final = {feature.name: column for column, feature in enumerate(FEATURES)}
_RAW: Final = Scale(0.0, 1.0, -np.inf, np.inf)


@dataclass(frozen=True, slots=True, eq=False)
class PairTable:
    """All ``n × m`` pairs of a set.

    Attributes:
        source: the set.
        values: ``(n, m, f)`` features in the order of :data:`embeddings.features.FEATURES`; 0 for
            pairs of which no grade is known.
        grades: ``(n, m)`` 0–3, or :data:`UNJUDGED`.
        weights: ``(n, m)`` how much each judgement counts.
        is_silent: ``(n, m)`` whether nothing is said to people about the pair.
    """

    source: JudgedSet
    values: Array
    grades: npt.NDArray[np.int64]
    weights: Array
    is_silent: npt.NDArray[np.bool_]

    def scores(self, model: PartnershipModel) -> Array:
        """Return the score of every pair, ``(n, m)``."""
        return np.asarray(self.values @ weight_vector(model) + model.base, dtype=np.float64)


def weight_vector(model: PartnershipModel) -> Array:
    """Return a model's weights in the order of the features."""
    return np.array([model.weights.get(feature.name, 0.0) for feature in FEATURES])


def pair_table(
    source: JudgedSet, measure: TextMeasure, geography: Geography, thesaurus: Thesaurus
) -> PairTable:
    """Compute the features of all pairs with a grade, as the product does.

    Args:
        source: the set.
        measure: the stored scales of the texts.
        geography: the map.
        thesaurus: names further words.
    """
    overlap = WordOverlap(measure.frequencies, thesaurus)
    centres = centre_of(source.needs), centre_of(source.offerings)
    shape = len(source.needs), len(source.offerings)
    values = np.zeros((*shape, len(FEATURES)))
    silent = np.zeros(shape, dtype=bool)
    grades = _grades(source)
    for row, need in enumerate(source.needs):
        pool = PoolFeatures(
            need, source.offerings, _both(centres), measure, overlap, geography,
            source.readings.get(need.facts.id),
        )  # fmt: skip
        for column in np.flatnonzero(grades[row] != UNJUDGED).tolist():
            for name, value in pool.of(column).values.items():
                values[row, column, _COLUMN[name]] = value
            silent[row, column] = pool.silence(column) is not None
    return PairTable(source, values, grades, _weights(source), silent)


def centre_of(posts: Sequence[IndexedPost[PostFacts]]) -> Centre | None:
    """Return the mean vectors of posts; None when none has any."""
    found = [post.vectors for post in posts if post.vectors is not None]
    if not found:
        return None
    pieces = np.concatenate([v.passages for v in found]).astype(np.float64)
    whole = np.mean([v.whole for v in found], axis=0, dtype=np.float64)
    return Centre(
        whole=np.asarray(whole, dtype=np.float32),
        passages=np.asarray(pieces.mean(axis=0) if len(pieces) else whole, dtype=np.float32),
        count=len(found),
    )


def measure_texts(
    sets: Sequence[JudgedSet], geography: Geography, thesaurus: Thesaurus, encoder: str
) -> TextMeasure:
    """Measure centres, frequencies and scales on the texts of sets; no grade is read.

    Args:
        sets: at least one.
        geography: the map.
        thesaurus: names further words.
        encoder: name of the encoder of the vectors.
    """
    needs = [need for each in sets for need in each.needs]
    offerings = [offering for each in sets for offering in each.offerings]
    frequencies = WordFrequencies.of(post.words for post in (*needs, *offerings))
    centres = _stored(centre_of(needs)), _stored(centre_of(offerings))
    raw = TextMeasure(
        encoder=encoder,
        needs=centres[0],
        offerings=centres[1],
        scales=dict.fromkeys((MEANING, SENTENCES, WORDS, VOCABULARY), _RAW),
        frequencies=frequencies,
    )
    return TextMeasure(
        encoder=encoder,
        needs=centres[0],
        offerings=centres[1],
        scales=_scales(sets, raw, geography, thesaurus),
        frequencies=frequencies,
    )


def _scales(
    sets: Sequence[JudgedSet], raw: TextMeasure, geography: Geography, thesaurus: Thesaurus
) -> dict[str, Scale]:
    columns: dict[str, list[Array]] = {name: [] for name in raw.scales}
    for each in sets:
        overlap = WordOverlap(raw.frequencies, thesaurus)
        centres = _both((centre_of(each.needs), centre_of(each.offerings)))
        for need in each.needs:
            pool = PoolFeatures(need, each.offerings, centres, raw, overlap, geography)
            for name, found in columns.items():
                found.append(pool.text.get(name, np.zeros(0)))
    joined = {name: np.concatenate(found) for name, found in columns.items()}
    return {name: Scale.of(values) for name, values in joined.items() if len(values)}


def _stored(centre: Centre | None) -> Centre | None:
    return None if centre is None else Centre(centre.whole, centre.passages, STORED_POSTS)


def _both(centres: tuple[Centre | None, Centre | None]) -> tuple[Centre, Centre] | None:
    needs, offerings = centres
    return None if needs is None or offerings is None else (needs, offerings)


def _grades(source: JudgedSet) -> npt.NDArray[np.int64]:
    return np.array(
        [
            [
                UNJUDGED if (g := source.grade(n.facts.id, o.facts.id)) is None else g
                for o in source.offerings
            ]
            for n in source.needs
        ],
        dtype=np.int64,
    ).reshape(len(source.needs), len(source.offerings))


def _weights(source: JudgedSet) -> Array:
    return np.array(
        [
            [source.weights.get((n.facts.id, o.facts.id), 1.0) for o in source.offerings]
            for n in source.needs
        ],
        dtype=np.float64,
    ).reshape(len(source.needs), len(source.offerings))
