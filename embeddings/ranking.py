"""The product's ranking: text scores fused with what the fields say, each with its reasons."""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, cast

import numpy as np
import numpy.typing as npt

from embeddings.facts import NeedFacts, OfferingFacts, PostFacts
from embeddings.fusion import Scores, TextWeights, best_passage_scores, standardised
from embeddings.geography import Geography, distance_km
from embeddings.posts import IndexedPost
from embeddings.prospects import Prospect
from embeddings.refusals import refused_share
from embeddings.sentence_pairs import SentencePair, best_by_products, best_by_words
from embeddings.structure import (
    Assessment,
    Finding,
    StructureWeights,
    assess,
    structure_parts,
)

Matrix = npt.NDArray[np.float32]

# Standard deviation of inner products of centred vectors, as a share of the lengths of the two,
# and of BM25 scores as a share of the best one. Measured on judged sets; they only matter for
# pools of a handful of posts.
_MEANING_SPREAD: Final = 0.07
_SENTENCE_SPREAD: Final = 0.03
_WORD_SPREAD: Final = 0.25


@dataclass(frozen=True, slots=True)
class Reasons:
    """Facts to tell a person why a post is where it is.

    Attributes:
        shared_materials, shared_methods, shared_stages: terms in the need's order.
        distance_km: great-circle distance; None without both coordinates.
        findings: each constraint as fulfilled, partly, violated or unknown, with both values.
        pair: the best sentence pair; None when there is nothing to compare.
    """

    shared_materials: tuple[str, ...]
    shared_methods: tuple[str, ...]
    shared_stages: tuple[str, ...]
    distance_km: float | None
    findings: tuple[Finding, ...]
    pair: SentencePair | None


@dataclass(frozen=True, slots=True)
class Ranked:
    """One place in a ranking.

    Attributes:
        id: the post's id.
        score: comparable within one ranking only; never to be shown.
        parts: named parts that add up to the score; absent ones are 0.
        reasons: what to tell a person.
        prospect: how likely the pair is worth a conversation.
    """

    id: str
    score: float
    parts: Mapping[str, float]
    reasons: Reasons
    prospect: Prospect | None = None


@dataclass(frozen=True, slots=True)
class Centre:
    """The mean vectors of one side, which carry what all its texts have in common.

    Attributes:
        whole, passages: means over whole texts and over passages, ``(d,)``.
        count: how many posts they were taken over.
    """

    whole: Matrix
    passages: Matrix
    count: int


@dataclass(frozen=True, slots=True)
class Rules:
    """Everything that steers the ranking besides the posts."""

    geography: Geography = field(default_factory=Geography)
    text: TextWeights = field(default_factory=TextWeights)
    structure: StructureWeights = field(default_factory=StructureWeights)


@dataclass(frozen=True, slots=True)
class _Scored:
    score: float
    row: int
    parts: dict[str, float]
    assessment: Assessment
    refusal: Finding


class PoolRanking:
    """Ranks one pool of candidates for one query.

    Args:
        query: the searching post.
        pool: the candidates; posts of the other kind.
        word_scores: BM25 of each candidate.
        centres: means of the query's side and of the candidates' side; None without vectors.
        rules: geography and weights.
        readings: what a model that reads both texts together said, by the candidate's id, where
            that is stored (log-odds); others have none.
    """

    def __init__(
        self,
        query: IndexedPost[PostFacts],
        pool: Sequence[IndexedPost[PostFacts]],
        word_scores: Scores,
        centres: tuple[Centre, Centre] | None,
        rules: Rules,
        readings: Mapping[str, float] | None = None,
    ) -> None:
        self._query, self._pool, self._rules = query, pool, rules
        self._readings = readings or {}
        self._products: Matrix | None = None
        self._owners: dict[int, slice] = {}
        words = standardised(word_scores, _WORD_SPREAD * float(word_scores.max(initial=0.0)))
        if centres is None or query.vectors is None:
            self._text = {"words": rules.text.words_alone * words}
        else:
            self._text = {"words": rules.text.words * words}
            self._add_vectors(*centres)

    def best(self, top_k: int) -> list[Ranked]:
        """Return the best candidates, best first, ties by id."""
        scored = sorted(
            self._promising(top_k), key=lambda entry: (-entry.score, self._pool[entry.row].facts.id)
        )
        return [
            Ranked(self._pool[e.row].facts.id, e.score, e.parts, self._reasons(e))
            for e in scored[:top_k]
        ]

    def scores(self, rows: Sequence[int]) -> list[float]:
        """Return the scores of some candidates, without reasons.

        Args:
            rows: positions in the pool.
        """
        return [self._scored(row).score for row in rows]

    def _promising(self, top_k: int) -> Iterator[_Scored]:
        """Score candidates by falling text score until the fields can lift none to the top."""
        text = np.sum(list(self._text.values()), axis=0)
        best: list[float] = []
        for row in np.argsort(-text, kind="stable").tolist():
            if len(best) == top_k and text[row] + self._rules.structure.most < best[0]:
                return
            entry = self._scored(row)
            (heapq.heappushpop if len(best) == top_k else heapq.heappush)(best, entry.score)
            yield entry

    def _add_vectors(self, query_centre: Centre, pool_centre: Centre) -> None:
        weights, vectors = self._rules.text, self._query.vectors
        rows = [row for row, post in enumerate(self._pool) if post.vectors is not None]
        found = [post.vectors for post in self._pool if post.vectors is not None]
        if vectors is None or not found:
            return
        query = vectors.whole - weights.centring * query_centre.whole
        wholes = np.stack([v.whole for v in found]) - weights.centring * pool_centre.whole
        spread = _MEANING_SPREAD * _length(query[None]) * _length(wholes)
        self._text["meaning"] = weights.meaning * self._placed(rows, wholes @ query, spread)
        with_passages = [
            (row, v.passages) for row, v in zip(rows, found, strict=True) if len(v.passages)
        ]
        if len(vectors.passages) and with_passages:
            own = vectors.passages - weights.centring * query_centre.passages
            self._add_sentences(own.astype(np.float32), with_passages, pool_centre)

    def _add_sentences(
        self,
        query: Matrix,
        candidates: list[tuple[int, npt.NDArray[np.float16]]],
        centre: Centre,
    ) -> None:
        weights = self._rules.text
        ends = np.cumsum([0, *(len(passages) for _, passages in candidates)], dtype=np.intp)
        stacked = np.concatenate([passages for _, passages in candidates]).astype(np.float32)
        stacked -= np.float32(weights.centring) * centre.passages
        scores, self._products = best_passage_scores(query, stacked, ends)
        rows = [row for row, _ in candidates]
        self._owners = {row: slice(int(ends[i]), int(ends[i + 1])) for i, row in enumerate(rows)}
        spread = _SENTENCE_SPREAD * _length(query) * _length(stacked)
        self._text["sentences"] = weights.sentences * self._placed(rows, scores, spread)

    def _placed(self, rows: list[int], scores: npt.NDArray[np.floating], spread: float) -> Scores:
        # A post whose vectors are still to come stands at the mean of the pool.
        placed = np.zeros(len(self._pool))
        placed[rows] = standardised(np.asarray(scores, dtype=np.float64), spread)
        return placed

    def _scored(self, row: int) -> _Scored:
        need, offering = self._sides(row)
        facts = need.facts, offering.facts
        assessment = assess(*facts, self._rules.geography)
        share, refusal = refused_share(need.words, offering.refusals)
        parts = {name: float(values[row]) for name, values in self._text.items()}
        parts.update(structure_parts(*facts, assessment, self._rules.structure))
        if share:
            parts[refusal.constraint.value] = self._rules.structure.refused * share
        return _Scored(sum(parts.values()), row, parts, assessment, refusal)

    def _sides(self, row: int) -> tuple[IndexedPost[NeedFacts], IndexedPost[OfferingFacts]]:
        for need, offering in (
            (self._query, self._pool[row]),
            (self._pool[row], self._query),
        ):
            if isinstance(need.facts, NeedFacts) and isinstance(offering.facts, OfferingFacts):
                return (
                    cast("IndexedPost[NeedFacts]", need),
                    cast("IndexedPost[OfferingFacts]", offering),
                )
        raise TypeError("a ranking compares a need with offerings or an offering with needs")

    def _reasons(self, entry: _Scored) -> Reasons:
        assessment = entry.assessment
        return Reasons(
            shared_materials=assessment.shared_materials,
            shared_methods=assessment.shared_methods,
            shared_stages=assessment.shared_stages,
            distance_km=distance_km(self._query.facts, self._pool[entry.row].facts),
            findings=(*assessment.findings, entry.refusal),
            pair=self._pair(entry.row),
        )

    def _pair(self, row: int) -> SentencePair | None:
        query, document = self._query.passages, self._pool[row].passages
        if self._products is None or row not in self._owners:
            return best_by_words(query, document)
        return best_by_products(self._products[:, self._owners[row]], query, document)


def _length(rows: Matrix) -> float:
    """Root mean square length of rows."""
    return float(np.sqrt((rows**2).sum(axis=1).mean()))
