"""Run BM25 alone, vectors alone and the product's ranking on a judged folder."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np

from embeddings.bench_folder import BenchFolder, read_bench_folder
from embeddings.bm25 import Bm25Index
from embeddings.encoder import Encoder
from embeddings.evaluation import CUT, METRICS, USEFUL_GRADE, mean, paired_interval, per_query
from embeddings.facts import PostFacts
from embeddings.learning.calibration import Calibration, calibration
from embeddings.posts import IndexedPost, Post, embed_posts, index_post
from embeddings.ranking import Ranked, Rules
from embeddings.reading.reader import with_readings
from embeddings.reading.thesaurus import Thesaurus
from embeddings.store import TwoSidedIndex
from embeddings.words import content_words

Rankings = Mapping[str, Sequence[str]]
# The common defaults, so that the baseline is one that others know.
_BASELINE: Final = {"k1": 1.2, "b": 0.75}


def run_ranking_bench(
    folder: Path, encoder: Encoder | None, rules: Rules | None = None
) -> dict[str, Any]:
    """Measure the three systems on one folder; nothing outside the folder is read.

    Args:
        folder: holds needs.jsonl, offerings.jsonl and qrels.tsv.
        encoder: None when it cannot be loaded; ``dense`` is then left out and the product ranks
            by words and fields.
        rules: geography, vocabulary and weights of the product's ranking.

    Returns:
        ``{"needs": n, "offerings": m, "systems": {name: {metric: mean}}, "intervals": {"product -
        other": {metric: [difference, low, high]}}, "calibration": {"ece", "pairs", "bins",
        "of_all": {"ece", "pairs", "bins"}, "silent"}}``; a mean is taken over the needs for which
        the metric is defined. The calibration is that of the product's probability against «grade
        2 or 3», over the pairs that people would see (the best ten of each need, an absent one
        counts as 0); ``of_all`` is over all pairs, ``silent`` the share of shown pairs of which the
        product tells no probability (they are counted all the same).

    Raises:
        BadBenchFolder: when the folder cannot be read.
    """
    bench = read_bench_folder(folder)
    rankings = {"bm25": rank_by_words(bench)}
    if encoder is not None:
        rankings["dense"] = rank_by_vectors(bench, encoder)
    placed = place_by_product(bench, encoder, rules or Rules())
    rankings["product"] = {need: [place.id for place in own[:CUT]] for need, own in placed.items()}
    values = {name: per_query(r, bench.judgements) for name, r in rankings.items()}
    return {
        "needs": len(bench.needs),
        "offerings": len(bench.offerings),
        "systems": {
            name: {metric: round(mean(v[metric]), 4) for metric in METRICS}
            for name, v in values.items()
        },
        "intervals": {
            f"product - {name}": {
                metric: paired_interval(values["product"][metric], v[metric]).rounded()
                for metric in METRICS
            }
            for name, v in values.items()
            if name != "product"
        },
        "calibration": calibration_of(placed, bench),
    }


def calibration_of(placed: Mapping[str, Sequence[Ranked]], bench: BenchFolder) -> dict[str, Any]:
    """Compare the probabilities of a ranking with the grades.

    Args:
        placed: need → all offerings, best first.
        bench: the grades.
    """
    shown = {need: own[:CUT] for need, own in placed.items()}
    told = [place.prospect for own in shown.values() for place in own]
    silent = sum(prospect is not None and prospect.silence is not None for prospect in told)
    return {
        **_compared(shown, bench).to_json(),
        "of_all": _compared(placed, bench).to_json(),
        "silent": round(silent / max(len(told), 1), 4),
    }


def _compared(placed: Mapping[str, Sequence[Ranked]], bench: BenchFolder) -> Calibration:
    pairs = [
        (place.prospect.together, bench.judgements.get(need, {}).get(place.id, 0) >= USEFUL_GRADE)
        for need, own in placed.items()
        for place in own
        if place.prospect is not None
    ]
    told, good = np.array(pairs, dtype=np.float64).reshape(-1, 2).T
    return calibration(told, good)


def rank_by_words(bench: BenchFolder) -> Rankings:
    """Rank by BM25 over the normalised words of title and description."""
    index = Bm25Index(**_BASELINE)
    for offering in bench.offerings:
        index.upsert(offering.id, content_words(_plain_text(offering)))
    return {
        need.id: [id for id, _ in index.search(content_words(_plain_text(need)), len(index))]
        for need in bench.needs
    }


def rank_by_vectors(bench: BenchFolder, encoder: Encoder) -> Rankings:
    """Rank by the plain cosine of title and description, each side with its prompt."""
    queries = encoder.encode_queries([_plain_text(need) for need in bench.needs])
    documents = encoder.encode_documents([_plain_text(o) for o in bench.offerings])
    order = np.argsort(-(queries @ documents.T), axis=1, kind="stable")
    return {
        need.id: [bench.offerings[int(column)].id for column in row]
        for need, row in zip(bench.needs, order, strict=True)
    }


def place_by_product(
    bench: BenchFolder, encoder: Encoder | None, rules: Rules
) -> dict[str, list[Ranked]]:
    """Rank all offerings for each need as the product does, over an index of its own."""
    index = TwoSidedIndex(encoder, rules=rules)
    needs = ready_posts(bench.needs, encoder, rules.thesaurus)
    index.needs.upsert(needs)
    index.offerings.upsert(ready_posts(bench.offerings, encoder, rules.thesaurus))
    every = len(bench.offerings)
    return {need.facts.id: index.offerings_for(need, top_k=every) for need in needs}


def ready_posts(
    posts: Sequence[Post], encoder: Encoder | None, thesaurus: Thesaurus
) -> list[IndexedPost[Post]]:
    """Read, embed and index posts; without an encoder they have words only."""
    read = [with_readings(post, thesaurus) for post in posts]
    vectors = embed_posts(encoder, read) if encoder else [None] * len(read)
    return [index_post(post, own) for post, own in zip(read, vectors, strict=True)]


def render_ranking_bench(result: Mapping[str, Any]) -> str:
    """Return the result of :func:`run_ranking_bench` as a table to read."""
    lines = [f"{result['needs']} needs, {result['offerings']} offerings", ""]
    lines.append("system   " + "".join(f"{metric:>10}" for metric in METRICS))
    for name, means in result["systems"].items():
        lines.append(f"{name:<9}" + "".join(f"{means[metric]:>10.4f}" for metric in METRICS))
    lines += ["", "difference with 95 % interval (paired bootstrap over needs)"]
    for name, metrics in result["intervals"].items():
        difference, low, high = metrics["ndcg10"]
        lines.append(f"{name:<18} nDCG@10 {difference:+.4f}  [{low:+.4f}, {high:+.4f}]")
    return "\n".join([*lines, *_calibration_lines(result["calibration"])])


def _calibration_lines(told: Mapping[str, Any]) -> list[str]:
    return [
        "",
        f"calibration against grade ≥ 2: ECE {told['ece']:.4f} over {told['pairs']} shown pairs, "
        f"{told['of_all']['ece']:.4f} over all {told['of_all']['pairs']}; "
        f"{told['silent']:.0%} of the shown ones are left without a word",
        "probability       pairs   told  came true",
        *(
            f"{each['low']:.1f} – {each['high']:.1f}   {each['pairs']:>10}  {each['told']:.3f}"
            f"  {each['good']:.3f}"
            for each in told["bins"]
        ),
    ]


def _plain_text(post: PostFacts) -> str:
    return f"{post.title}\n{post.description}".strip()
