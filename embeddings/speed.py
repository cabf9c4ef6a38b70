"""Measure how long ranking takes over a made-up corpus of any size."""

from __future__ import annotations

import gc
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import numpy as np

from embeddings.encoder import Encoder
from embeddings.exact_search import measure_exact_search
from embeddings.facts import NeedFacts
from embeddings.indexes.memory import settle
from embeddings.made_up_corpus import DIMENSION, MadeUpCorpus, OfferingFile
from embeddings.pairwise.reader import PairReader
from embeddings.pairwise.speed import measure_reading
from embeddings.posts import IndexedPost
from embeddings.ranking import Rules
from embeddings.store import TwoSidedIndex

_NEEDS: Final = 50
_ROUNDS: Final = 4
_WARM_UP: Final = 5
_BATCH: Final = 5_000
_INSERTED: Final = 20
_ASKED: Final = 30
_RECALL_OF: Final = 100
_TEXT: Final = (
    "放置された竹林から毎年{number}トンほど出る竹を、資源として引き取ってくれる会社を探しています"
)


def run_speed_bench(
    offerings: int,
    rules: Rules | None = None,
    *,
    encoder: Encoder | None = None,
    reader: PairReader | None = None,
    report: Callable[[int], None] | None = None,
) -> dict[str, Any]:
    """Time the ranking of stored needs, without encoding, reasons for the first ten included.

    Words are drawn with the frequencies of natural text (Zipf), lengths, fields and the number of
    passages as in the judged sets; vectors scatter around a common direction as an encoder's do.
    Posts lie in an SQLite file in a folder for temporary files (some 7 kB each), from which an
    index of more than some ten thousand fetches them.

    Args:
        offerings: how many offerings there are; at least 1.
        rules: geography, weights and vocabulary.
        encoder: times free-text queries with their encoding, if its vectors fit.
        reader: times the reading of fifty pairs.
        report: told now and then how many offerings stand.

    Returns:
        ``offerings``; ``p50_ms`` and ``p95_ms`` of one ranking; ``cpu_p95_ms``, its computing
        alone, which other work on the machine does not lengthen; ``recall_at_100``, the share of
        the exactly nearest hundred vectors that are found; ``insert_ms``, until a new post is found
        (the slowest of twenty); ``build_s`` and ``memory_mb`` of the index; ``dense_ms``, one
        search by meaning alone, beside what :func:`measure_exact_search` gives; ``query_p95_ms``
        of free text and ``rerank_ms`` where they were asked for.

    Raises:
        ValueError: when ``offerings`` is below 1.
    """
    if offerings < 1:
        raise ValueError("at least one offering is needed")
    figures: dict[str, Any] = {"offerings": offerings}
    with tempfile.TemporaryDirectory() as folder:
        bench = _Bench(Path(folder) / "offerings.db", rules, encoder)
        try:
            figures.update(bench.build(offerings, report))
            figures.update(bench.ranking())
            figures["memory_mb"] = bench.memory_mb()
            figures["insert_ms"] = bench.inserting(offerings)
            figures["recall_at_100"] = bench.recall()
            figures["dense_ms"] = bench.by_meaning()
            if encoder is not None and encoder.dimension == DIMENSION:
                figures["query_p95_ms"] = bench.asking()
        finally:
            bench.posts.close()
    figures.update(measure_exact_search(offerings, DIMENSION))
    if reader is not None:
        figures["rerank_ms"] = round(measure_reading(reader), 1)
    return figures


def render_speed_bench(result: Mapping[str, Any]) -> str:
    """Return the result of :func:`run_speed_bench` as lines to read."""
    lines = [
        f"{result['offerings']} offerings: p50 {result['p50_ms']} ms, p95 {result['p95_ms']} ms "
        f"({result['cpu_p95_ms']} ms of computing), "
        f"built in {result['build_s']} s, {result['memory_mb']} MB",
        f"recall@100 against exact search {result['recall_at_100']}, "
        f"a new offering is found after {result['insert_ms']} ms",
        f"nearest by meaning {result['dense_ms']} ms; exact search {result['exact_ms']} ms, "
        f"at {result['bandwidth_gb_s']} GB/s of memory never below {result['limit_ms']} ms",
    ]
    if "query_p95_ms" in result:
        lines.append(f"free text with its encoding: p95 {result['query_p95_ms']} ms")
    if "rerank_ms" in result:
        lines.append(f"reading fifty pairs: {result['rerank_ms']} ms")
    return "\n".join(lines)


class _Bench:
    """An index over a made-up corpus, and what is measured on it."""

    def __init__(self, path: Path, rules: Rules | None, encoder: Encoder | None) -> None:
        self.corpus = MadeUpCorpus()
        self.posts = OfferingFile(path)
        fits = encoder if encoder is not None and encoder.dimension == DIMENSION else None
        self.needs = [self.corpus.need(i) for i in range(_NEEDS)]
        if fits is not None:
            fits.encode_queries([_TEXT])
        self._before = _memory_mb()
        self.index = TwoSidedIndex(
            fits, rules=rules, dimension=DIMENSION, offerings_source=self.posts
        )

    def build(self, offerings: int, report: Callable[[int], None] | None) -> dict[str, float]:
        """Fill the index; only its own time counts, not that of making up the posts."""
        spent = _seconds(lambda: self.index.needs.upsert(self.needs))
        for start in range(0, offerings, _BATCH):
            numbers = range(start, min(start + _BATCH, offerings))
            batch = [self.corpus.offering(i) for i in numbers]
            self.posts.put(batch)
            spent += _seconds(lambda batch=batch: self.index.offerings.upsert(batch))  # type: ignore[misc]
            if report is not None:
                report(numbers.stop)
        return {"build_s": round(spent, 2)}

    def ranking(self) -> dict[str, float]:
        """Time the ranking of every need, several times over, in a process that stands ready."""
        settle()
        for need in self.needs[:_WARM_UP]:
            self.index.offerings_for(need)
        times, computing = [], []
        for need in self.needs * _ROUNDS:
            start, start_cpu = time.perf_counter(), time.thread_time()
            self.index.offerings_for(need)
            times.append(time.perf_counter() - start)
            computing.append(time.thread_time() - start_cpu)
        return {
            "p50_ms": round(float(np.quantile(times, 0.5)) * 1000, 2),
            "p95_ms": round(float(np.quantile(times, 0.95)) * 1000, 2),
            "cpu_p95_ms": round(float(np.quantile(computing, 0.95)) * 1000, 2),
        }

    def memory_mb(self) -> float:
        """By how much the process has grown."""
        gc.collect()
        return round(max(0.0, _memory_mb() - self._before), 1)

    def inserting(self, offerings: int) -> float:
        """The longest time until a new offering is found, in milliseconds."""
        times = []
        for number in range(offerings, offerings + _INSERTED):
            post = self.corpus.offering(number)
            start = time.perf_counter()
            self.posts.put([post])
            self.index.offerings.upsert([post])
            self._find(post.facts.id)
            times.append(time.perf_counter() - start)
        return round(max(times) * 1000, 1)

    def _find(self, id: str) -> None:
        if id not in self.index.offerings.scores(self.needs[0], [id]):
            raise RuntimeError("a new offering was not found")

    def recall(self) -> float:
        """Share of the exactly nearest hundred that are found."""
        exact = _Nearest(self.index, self.needs)
        for ids, wholes in self.posts.wholes():
            exact.see(ids, wholes)
        shares = []
        for need, wanted in zip(self.needs, exact.ids(), strict=True):
            found = self.index.offerings.nearest(need, _RECALL_OF, self.index.needs.centre())
            shares.append(len(wanted & set(found)) / max(1, len(wanted)))
        return round(float(np.mean(shares)), 4)

    def by_meaning(self) -> float:
        """Median of the search for the nearest hundred vectors, in milliseconds."""
        centre = self.index.needs.centre()
        offerings = self.index.offerings
        times = [
            _seconds(lambda need=need: offerings.nearest(need, _RECALL_OF, centre))  # type: ignore[misc]
            for need in self.needs
        ]
        return round(float(np.quantile(times, 0.5)) * 1000, 2)

    def asking(self) -> float:
        """95th percentile of a free-text query with its encoding, in milliseconds."""
        times = [
            _seconds(lambda n=n: self.index.search_offerings(_TEXT.format(number=n)))  # type: ignore[misc]
            for n in range(_ASKED)
        ]
        return round(float(np.quantile(times[_WARM_UP:], 0.95)) * 1000, 1)


class _Nearest:
    """The exactly nearest vectors of each query, seen chunk by chunk."""

    def __init__(self, index: TwoSidedIndex, needs: list[IndexedPost[NeedFacts]]) -> None:
        centre = index.needs.centre()
        centred = [index.offerings.centred(need, centre) for need in needs]
        self._queries = np.stack([vector for vector in centred if vector is not None])
        self._best: list[list[tuple[float, str]]] = [[] for _ in needs]

    def see(self, ids: list[str], wholes: np.ndarray[Any, np.dtype[np.float32]]) -> None:
        """Compare all queries with some vectors."""
        products = self._queries @ wholes.T
        for best, row in zip(self._best, products, strict=True):
            places = np.argsort(-row)[:_RECALL_OF]
            best += [(-float(row[place]), ids[place]) for place in places]
            best.sort()
            del best[_RECALL_OF:]

    def ids(self) -> Iterator[set[str]]:
        """Yield the nearest ids of each query."""
        for best in self._best:
            yield {id for _, id in best}


def _seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def _memory_mb() -> float:
    """What the process holds in memory now."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    return 0.0
