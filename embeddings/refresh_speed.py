"""Measure how long it takes to rank everything anew, and what one change costs."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import Any, Final

from embeddings.indexes.memory import settle
from embeddings.made_up_corpus import DIMENSION, MadeUpCorpus
from embeddings.ranking import Rules
from embeddings.store import TwoSidedIndex

_CHANGED: Final = 20
_REPORT_EVERY: Final = 100
_TOP_K: Final = 40


def run_refresh_bench(
    needs: int,
    offerings: int,
    rules: Rules | None = None,
    *,
    report: Callable[[int], None] | None = None,
) -> dict[str, Any]:
    """Rank all offerings for each need once, then change some offerings one by one.

    Nothing is stored of a pair but what a model that reads both texts said, so a change touches
    the entry of its own post alone; every ranking reads it with its next question.

    Args:
        needs: number of needs.
        offerings: number of offerings; vectors and words as in
            :func:`embeddings.speed.run_speed_bench`.
        rules: geography, weights and vocabulary.
        report: told now and then how many needs are ranked.

    Returns:
        ``needs``, ``offerings``; ``seconds`` until all were ranked, reasons of the best forty
        included; ``cpu_s``, its computing alone; ``changed_ms``, until one changed offering counts
        in a ranking that is asked for (the slowest of twenty), the ranking included.
    """
    corpus = MadeUpCorpus()
    index = TwoSidedIndex(None, rules=rules, dimension=DIMENSION)
    asking = [corpus.need(number) for number in range(needs)]
    index.needs.upsert(asking)
    index.offerings.upsert(corpus.offering(number) for number in range(offerings))
    settle()
    start, start_cpu = time.perf_counter(), time.process_time()
    for number, need in enumerate(asking, start=1):
        index.offerings_for(need, top_k=_TOP_K)
        if report is not None and number % _REPORT_EVERY == 0:
            report(number)
    seconds, computing = time.perf_counter() - start, time.process_time() - start_cpu
    return {
        "needs": needs,
        "offerings": offerings,
        "seconds": round(seconds, 1),
        "cpu_s": round(computing, 1),
        "changed_ms": round(max(_changed(index, corpus) for _ in range(_CHANGED)) * 1000, 1),
    }


def render_refresh_bench(result: Mapping[str, Any]) -> str:
    """Return the result of :func:`run_refresh_bench` as a line to read."""
    return (
        f"{result['needs']} needs × {result['offerings']} offerings ranked in "
        f"{result['seconds']} s ({result['cpu_s']} s of computing); "
        f"a changed offering counts after {result['changed_ms']} ms"
    )


def _changed(index: TwoSidedIndex, corpus: MadeUpCorpus) -> float:
    changed, need = corpus.offering(0), corpus.need(0)
    start = time.perf_counter()
    index.offerings.upsert([changed])
    index.offerings_for(need)
    return time.perf_counter() - start
