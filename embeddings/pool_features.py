"""The features of one post against a pool of the other side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, cast

import numpy as np
import numpy.typing as npt

from embeddings.centres import Centre, blended
from embeddings.facts import NeedFacts, OfferingFacts, PostFacts
from embeddings.features import (
    BY_NAME,
    MEANING,
    READING,
    SENTENCES,
    TEXT_FEATURES,
    VOCABULARY,
    WORDS,
    WORDS_ALONE,
)
from embeddings.field_scores import FieldScores
from embeddings.fusion import Scores, best_passage_products, standardised
from embeddings.geography import Geography
from embeddings.posts import IndexedPost, PostVectors
from embeddings.prospects import Silence
from embeddings.refusals import refused_share
from embeddings.structure import Assessment, Finding, compare
from embeddings.text_measure import TextMeasure
from embeddings.word_overlap import WordOverlap

Matrix = npt.NDArray[np.float32]
Pair = tuple[IndexedPost[NeedFacts], IndexedPost[OfferingFacts]]

# Standard deviation of inner products of centred vectors as a share of the lengths of the two, for
# an encoder without stored scales.
_SPREADS: Final = {MEANING: 0.07, SENTENCES: 0.03}
# How far beyond what was seen a text may lie before nothing is said about the pair, in spreads.
_BEYOND: Final = 1.0
# Fewer different content words than this say too little.
_FEW_WORDS: Final = 5


@dataclass(frozen=True, slots=True)
class PairFeatures:
    """One pair.

    Attributes:
        values: feature → value; those of 0 are left out.
        refusal: what a refusing sentence says.
    """

    values: dict[str, float]
    refusal: Finding


class PoolFeatures:
    """Features of a query's pairs: the texts' for the whole pool at once, the fields' on demand.

    Args:
        query: the searching post.
        pool: posts of the other kind.
        centres: means of the query's side and of the pool's; None to leave vectors out.
        measure: the stored scales.
        overlap: compares words.
        geography: the map.
        readings: what a model that reads both texts said (log-odds), by the pool's ids.
        weights: feature → weight, for :meth:`most`.

    Raises:
        TypeError: when query and pool are of one kind.
    """

    def __init__(
        self,
        query: IndexedPost[PostFacts],
        pool: Sequence[IndexedPost[PostFacts]],
        centres: tuple[Centre, Centre] | None,
        measure: TextMeasure,
        overlap: WordOverlap,
        geography: Geography,
        readings: Mapping[str, float] | None = None,
        weights: Mapping[str, float] | None = None,
    ) -> None:
        self._query, self._pool, self._geography = query, pool, geography
        self._weights = weights or {}
        self._fields = FieldScores(query.statement, geography, self._weights)
        self._measure = measure
        self._is_need = isinstance(query.facts, NeedFacts)
        if any(isinstance(post.facts, NeedFacts) is self._is_need for post in pool):
            raise TypeError("a ranking compares a need with offerings or an offering with needs")
        self._products: Matrix | None = None
        self._owners: dict[int, slice] = {}
        self._with_vectors = np.zeros(len(pool), dtype=bool)
        self._beyond = np.zeros(len(pool), dtype=bool)
        self._is_measured = True
        self.text: dict[str, Scores] = {}
        if pool:
            self._add_vectors(centres)
            self._add_words(overlap)
            self._add_readings(readings or {})

    def of(self, row: int) -> PairFeatures:
        """Return the features of the pair with one post of the pool."""
        need, offering = self.sides(row)
        share, refusal = refused_share(need.words, offering.refusals)
        values = {
            name: value for name, column in self.text.items() if (value := float(column[row]))
        }
        values.update(self._fields.features(self._pool[row].statement))
        if share:
            values["refusal"] = -share
        return PairFeatures(values, refusal)

    def most(self) -> Scores:
        """Return for each post of the pool what all features but refusals add to the score, up to
        rounding; refusals only lower it."""
        fields = [self._fields.total(post.statement) for post in self._pool]
        texts = text_score(self.text, self._weights, len(self._pool))
        return np.asarray(texts + np.array(fields), dtype=np.float64)

    def assessment(self, row: int) -> Assessment:
        """Return what the fields and readings of a pair say, in words."""
        need, offering = self.sides(row)
        pair: tuple[Any, Any] = need.statement, offering.statement
        return compare(*pair, self._geography)

    def silence(self, row: int) -> Silence | None:
        """Return why nothing is to be said about a pair; None when something may be."""
        words = min(len(set(post.words)) for post in (self._query, self._pool[row]))
        if words < _FEW_WORDS:
            return Silence.TEXT_TOO_SHORT
        if not self._with_vectors[row]:
            return Silence.NO_VECTORS
        if self._beyond[row] or not self._is_measured:
            return Silence.OUTSIDE_EXPERIENCE
        return None

    def products(self, row: int) -> Matrix | None:
        """Return inner products of the passages, ``(query's, candidate's)``; None without any."""
        if self._products is None or row not in self._owners:
            return None
        own = self._owners[row]
        return self._products[:, own] if self._is_need else self._products[own].T

    def sides(self, row: int) -> Pair:
        """Return the need and the offering of a pair, whichever of them searches."""
        pair: tuple[Any, Any] = (self._query, self._pool[row])
        need, offering = pair if self._is_need else pair[::-1]
        return cast("Pair", (need, offering))

    def _add_vectors(self, centres: tuple[Centre, Centre] | None) -> None:
        query = self._query.vectors
        if centres is None or query is None:
            return
        found = [(row, v) for row, post in enumerate(self._pool) if (v := post.vectors) is not None]
        if not found:
            return
        self._with_vectors[[row for row, _ in found]] = True
        self._is_measured = self._measure.knows(len(query.whole))
        own, others = self._drawn(centres)
        share = np.float32(self._measure.centring)
        whole = query.whole - share * own.whole
        wholes = np.stack([v.whole for _, v in found]) - share * others.whole
        self._place(MEANING, [row for row, _ in found], wholes @ whole, (whole[None], wholes))
        self._add_sentences(query, found, own, others)

    def _add_sentences(
        self, query: PostVectors, found: list[tuple[int, PostVectors]], own: Centre, others: Centre
    ) -> None:
        pieces = [(row, v.passages) for row, v in found if len(v.passages)]
        if not len(query.passages) or not pieces:
            return
        share = np.float32(self._measure.centring)
        first = query.passages.astype(np.float32) - share * own.passages
        second = np.concatenate([p for _, p in pieces], dtype=np.float32)
        second -= share * others.passages
        ends = np.cumsum([0, *(len(p) for _, p in pieces)], dtype=np.intp)
        whole = np.array([0, len(first)], dtype=np.intp)
        if self._is_need:
            scores, self._products = best_passage_products(first, whole, second, ends)
        else:
            scores, self._products = best_passage_products(second, ends, first, whole)
        rows = [row for row, _ in pieces]
        self._owners = {row: slice(int(ends[i]), int(ends[i + 1])) for i, row in enumerate(rows)}
        self._place(SENTENCES, rows, scores.ravel(), (first, second))

    def _drawn(self, centres: tuple[Centre, Centre]) -> tuple[Centre, Centre]:
        """Centres of the query's and the pool's side, drawn towards the stored ones."""
        needs, offerings = self._measure.needs, self._measure.offerings
        if not self._is_measured or needs is None or offerings is None:
            return blended(*centres), centres[1]
        stored = (needs, offerings) if self._is_need else (offerings, needs)
        return centres[0].drawn_to(stored[0]), centres[1].drawn_to(stored[1])

    def _place(
        self,
        name: str,
        rows: list[int],
        scores: npt.NDArray[np.floating],
        vectors: tuple[Matrix, Matrix],
    ) -> None:
        """Put scores on their scale; a post without them stands at 0, the mean of all pairs."""
        values, scale = np.asarray(scores, dtype=np.float64), self._measure.scale(name)
        if self._is_measured:
            places = scale.placed(values)
            self._beyond[rows] |= places > scale.high + _BEYOND
        else:
            places = standardised(
                values, _SPREADS[name] * _length(vectors[0]) * _length(vectors[1])
            )
        column = np.zeros(len(self._pool))
        column[rows] = self._bounded(name, places)
        self.text[name] = column

    def _bounded(self, name: str, places: Scores) -> Scores:
        return np.minimum(self._measure.scale(name).bounded(places), BY_NAME[name].most)

    def _add_words(self, overlap: WordOverlap) -> None:
        shares = np.array(self._shares(overlap))
        direct, by_concept = (
            self._bounded(name, self._measure.scale(name).placed(shares[:, column]))
            for column, name in enumerate((WORDS, VOCABULARY))
        )
        self.text[WORDS] = np.where(self._with_vectors, direct, 0.0)
        self.text[WORDS_ALONE] = np.where(self._with_vectors, 0.0, direct)
        self.text[VOCABULARY] = by_concept

    def _shares(self, overlap: WordOverlap) -> list[tuple[float, float]]:
        own, others = self._query.words, self._pool
        if self._is_need:
            need = overlap.of_need(own)
            return [need.shares(post.words) for post in others]
        return [overlap.of_need(post.words).shares(own) for post in others]

    def _add_readings(self, readings: Mapping[str, float]) -> None:
        if readings:
            most = BY_NAME[READING].most
            values = [readings.get(post.facts.id, 0.0) for post in self._pool]
            self.text[READING] = np.clip(np.array(values), -most, most)


def text_score(text: Mapping[str, Scores], weights: Mapping[str, float], size: int) -> Scores:
    """Return what the texts give each post of a pool, ``(size,)``."""
    total = np.zeros(size)
    for name in TEXT_FEATURES:
        if name in text:
            total += weights.get(name, 0.0) * text[name]
    return total


def _length(rows: Matrix) -> float:
    """Root mean square length of rows."""
    return float(np.sqrt((rows**2).sum(axis=1).mean()))
