"""The product's ranking: the parts of a pair's log-odds, added up, each with its reasons."""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from embeddings.centres import Centre
from embeddings.facts import PostFacts
from embeddings.geography import Geography, distance_km
from embeddings.partnership import PartnershipModel
from embeddings.pool_features import PairFeatures, PoolFeatures
from embeddings.posts import IndexedPost
from embeddings.prospects import Prospect
from embeddings.reading.thesaurus import Thesaurus
from embeddings.sentence_pairs import SentencePair, best_by_products, best_by_words
from embeddings.structure import Finding
from embeddings.text_measure import TextMeasure
from embeddings.word_overlap import WordOverlap

__all__ = ["Centre", "PoolRanking", "Ranked", "Reasons", "Rules"]

# The same terms added up in another order differ by less.
_ROUNDING: Final = 1e-9


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
        score: log-odds that the pair is worth a conversation; comparable across rankings.
        parts: named parts that add up to the score, ``base`` among them; absent ones are 0.
        reasons: what to tell a person.
        prospect: how likely the pair is worth a conversation.
    """

    id: str
    score: float
    parts: Mapping[str, float]
    reasons: Reasons
    prospect: Prospect | None = None


@dataclass(frozen=True, slots=True)
class Rules:
    """Everything that steers the ranking besides the posts.

    Attributes:
        geography: the map.
        model: weights and scales; the shipped ones unless others are given.
        thesaurus: names further words of the same concepts.
        overlap: compares words by the model's frequencies; made from the others.
    """

    geography: Geography = field(default_factory=Geography)
    model: PartnershipModel = field(default_factory=PartnershipModel.shipped)
    thesaurus: Thesaurus = field(default_factory=Thesaurus)
    overlap: WordOverlap = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        overlap = WordOverlap(self.model.text.frequencies, self.thesaurus)
        object.__setattr__(self, "overlap", overlap)

    @property
    def text(self) -> TextMeasure:
        """The scales of the text features."""
        return self.model.text


@dataclass(frozen=True, slots=True)
class _Scored:
    score: float
    row: int
    features: PairFeatures


class PoolRanking:
    """Ranks one pool of candidates for one query.

    A candidate's score depends on the pair alone, so that it is the same in every pool.

    Args:
        query: the searching post.
        pool: the candidates; posts of the other kind.
        centres: means of the query's side and of the candidates' side; None without vectors.
        rules: geography, weights and vocabulary.
        readings: what a model that reads both texts together said, by the candidate's id, where
            that is stored (log-odds); others have none.
    """

    def __init__(
        self,
        query: IndexedPost[PostFacts],
        pool: Sequence[IndexedPost[PostFacts]],
        centres: tuple[Centre, Centre] | None,
        rules: Rules,
        readings: Mapping[str, float] | None = None,
    ) -> None:
        self._query, self._pool, self._model = query, pool, rules.model
        self._features = PoolFeatures(
            query, pool, centres, rules.text, rules.overlap, rules.geography, readings,
            rules.model.weights,
        )  # fmt: skip

    def best(self, top_k: int) -> list[Ranked]:
        """Return the best candidates, best first, ties by id."""
        scored = sorted(
            self._promising(top_k), key=lambda entry: (-entry.score, self._pool[entry.row].facts.id)
        )
        return [self._ranked(entry) for entry in scored[:top_k]]

    def scores(self, rows: Sequence[int]) -> list[float]:
        """Return the scores of some candidates, without reasons.

        Args:
            rows: positions in the pool.
        """
        return [self._scored(row).score for row in rows]

    def prospects(self, rows: Sequence[int]) -> list[Prospect]:
        """Return the probabilities of some candidates.

        Args:
            rows: positions in the pool.
        """
        return [self._prospect(self._scored(row)) for row in rows]

    def _promising(self, top_k: int) -> Iterator[_Scored]:
        """Score candidates by falling bounds until no further one can reach the top."""
        most = self._features.most() + (self._model.base + _ROUNDING)
        best: list[float] = []
        for row in np.argsort(-most, kind="stable").tolist():
            if len(best) == top_k and most[row] < best[0]:
                return
            entry = self._scored(row)
            (heapq.heappushpop if len(best) == top_k else heapq.heappush)(best, entry.score)
            yield entry

    def _scored(self, row: int) -> _Scored:
        features = self._features.of(row)
        return _Scored(self._model.score(features.values), row, features)

    def _prospect(self, entry: _Scored) -> Prospect:
        return self._model.prospect(entry.features.values, self._features.silence(entry.row))

    def _ranked(self, entry: _Scored) -> Ranked:
        return Ranked(
            self._pool[entry.row].facts.id,
            entry.score,
            self._model.parts(entry.features.values),
            self._reasons(entry),
            self._prospect(entry),
        )

    def _reasons(self, entry: _Scored) -> Reasons:
        assessment = self._features.assessment(entry.row)
        return Reasons(
            shared_materials=assessment.shared_materials,
            shared_methods=assessment.shared_methods,
            shared_stages=assessment.shared_stages,
            distance_km=distance_km(self._query.facts, self._pool[entry.row].facts),
            findings=(*assessment.findings, entry.features.refusal),
            pair=self._pair(entry.row),
        )

    def _pair(self, row: int) -> SentencePair | None:
        query, document = self._query.passages, self._pool[row].passages
        products = self._features.products(row)
        if products is None:
            return best_by_words(query, document)
        return best_by_products(products, query, document)
