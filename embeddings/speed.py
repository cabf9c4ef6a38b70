"""Measure how long ranking takes over a made-up corpus of any size."""

from __future__ import annotations

import random
import resource
import time
from collections.abc import Iterator, Mapping
from typing import Any, Final

import numpy as np

from embeddings.facts import WHOLE_COUNTRY, NeedFacts, OfferingFacts, PartnerScope
from embeddings.posts import IndexedPost, Post, PostVectors
from embeddings.ranking import Rules
from embeddings.store import TwoSidedIndex
from embeddings.text import Passage

DIMENSION: Final = 384
_NEEDS: Final = 50
_ROUNDS: Final = 4
_WARM_UP: Final = 5
_VOCABULARY: Final = 20_000
_WORDS: Final = (40, 120)
_PASSAGES: Final = (3, 8)
_TOPICS: Final = 34
_TOPIC_WORDS: Final = 60
_NATIONWIDE: Final = 0.5
_WITH_MATERIALS: Final = 0.75
_METHODS: Final = [f"方法{i}" for i in range(8)]
_PREFECTURES: Final = [f"地域{i}" for i in range(47)]
_KINDS: Final = ("technology", "recycling_capacity", "sharing_service")


def run_speed_bench(offerings: int, rules: Rules | None = None) -> dict[str, Any]:
    """Time the ranking of stored needs, without encoding, reasons for the first ten included.

    Words are drawn with the frequencies of natural text (Zipf), lengths, fields and the number of
    passages as in the judged sets; vectors scatter around a common direction as an encoder's do.

    Args:
        offerings: how many offerings there are; at least 1.
        rules: geography and weights.

    Returns:
        ``offerings``, ``p50_ms`` and ``p95_ms`` of one ranking, ``build_s`` of the index, and
        ``memory_mb`` by which the process grew.

    Raises:
        ValueError: when ``offerings`` is below 1.
    """
    if offerings < 1:
        raise ValueError("at least one offering is needed")
    corpus = _Corpus(seed=7)
    before = _memory_mb()
    posts = [corpus.offering(i) for i in range(offerings)]
    needs = [corpus.need(i) for i in range(_NEEDS)]
    index = TwoSidedIndex(None, rules=rules, dimension=DIMENSION)
    start = time.perf_counter()
    index.needs.upsert(needs)
    index.offerings.upsert(posts)
    build = time.perf_counter() - start
    times = list(_timed(index, needs))
    return {
        "offerings": offerings,
        "p50_ms": round(float(np.quantile(times, 0.5)) * 1000, 2),
        "p95_ms": round(float(np.quantile(times, 0.95)) * 1000, 2),
        "build_s": round(build, 2),
        "memory_mb": round(max(0.0, _memory_mb() - before), 1),
    }


def render_speed_bench(result: Mapping[str, Any]) -> str:
    """Return the result of :func:`run_speed_bench` as lines to read."""
    return (
        f"{result['offerings']} offerings: p50 {result['p50_ms']} ms, p95 {result['p95_ms']} ms, "
        f"built in {result['build_s']} s, {result['memory_mb']} MB"
    )


def _timed(index: TwoSidedIndex, needs: list[IndexedPost[NeedFacts]]) -> Iterator[float]:
    for need in needs[:_WARM_UP]:
        index.offerings_for(need)
    for need in needs * _ROUNDS:
        start = time.perf_counter()
        index.offerings_for(need)
        yield time.perf_counter() - start


def _memory_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


class _Corpus:
    """Draws posts; each has a topic that shows in its words, its vectors and its materials.

    The shares of filled fields are those of the judged sets.
    """

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)  # noqa: S311 - a corpus to measure with, no secret
        self._numbers = np.random.default_rng(seed)
        ranks = np.arange(1, _VOCABULARY + 1)
        self._weights = np.cumsum(1 / ranks) / np.sum(1 / ranks)
        self._common = self._numbers.normal(size=DIMENSION) * 2.5
        self._topics = self._numbers.normal(size=(_TOPICS, DIMENSION))

    def need(self, number: int) -> IndexedPost[NeedFacts]:
        """Draw a need."""
        topic = self._random.randrange(_TOPICS)
        quantity = self._sometimes(0.7, 10 ** self._random.uniform(0, 4))
        facts = NeedFacts(
            id=f"need-{number}",
            quantity_low=quantity,
            quantity_high=quantity,
            partner_scope=self._random.choices(list(PartnerScope), weights=(15, 5, 80))[0],
            **self._fields(topic),
        )
        return self._ready(facts, topic)

    def offering(self, number: int) -> IndexedPost[OfferingFacts]:
        """Draw an offering."""
        topic = self._random.randrange(_TOPICS)
        own = tuple(self._random.sample(_PREFECTURES, self._random.randint(2, 9)))
        facts = OfferingFacts(
            id=f"offering-{number}",
            kind=self._random.choice(_KINDS),
            capacity=self._sometimes(0.4, 10 ** self._random.uniform(1, 5)),
            minimum_lot=self._sometimes(0.12, 10 ** self._random.uniform(-1, 3)),
            service_area=(WHOLE_COUNTRY,) if self._random.random() < _NATIONWIDE else own,
            **self._fields(topic),
        )
        return self._ready(facts, topic)

    def _sometimes(self, share: float, value: float) -> float | None:
        return value if self._random.random() < share else None

    def _fields(self, topic: int) -> dict[str, Any]:
        has_materials = self._random.random() < _WITH_MATERIALS
        return {
            "prefecture": self._random.choice(_PREFECTURES),
            "latitude": self._random.uniform(31, 45),
            "longitude": self._random.uniform(130, 145),
            "materials": (f"品目{topic}",) if has_materials else (),
            "circulation_methods": (self._random.choice(_METHODS),),
        }

    def _ready(self, facts: Post, topic: int) -> IndexedPost[Post]:
        length = self._random.randint(*_WORDS)
        drawn = np.searchsorted(self._weights, self._numbers.random(length)).tolist()
        own = self._numbers.integers(0, _TOPIC_WORDS, size=length // 4).tolist()
        words = (*(f"語{i}" for i in drawn), *(f"語{topic}-{i}" for i in own))
        count = self._random.randint(*_PASSAGES)
        rows = self._numbers.normal(size=(count + 1, DIMENSION))
        rows += self._common + self._topics[topic]
        rows /= np.linalg.norm(rows, axis=1, keepdims=True)
        vectors = PostVectors(
            whole=rows[0].astype(np.float32), passages=rows[1:].astype(np.float16)
        )
        passages = tuple(Passage("description", i, i + 1, "文") for i in range(count))
        return IndexedPost(facts=facts, words=words, passages=passages, vectors=vectors)
