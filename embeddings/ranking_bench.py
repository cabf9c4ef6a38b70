"""Run BM25 alone, vectors alone and the product's ranking on a judged folder."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np

from embeddings.bench_folder import BenchFolder, read_bench_folder
from embeddings.bm25 import Bm25Index
from embeddings.encoder import Encoder
from embeddings.evaluation import METRICS, mean, paired_interval, per_query
from embeddings.facts import NeedFacts, OfferingFacts, PostFacts
from embeddings.posts import IndexedPost, Post, embed_posts, index_post
from embeddings.ranking import Rules
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
        rules: geography and weights of the product's ranking.

    Returns:
        ``{"needs": n, "offerings": m, "systems": {name: {metric: mean}}, "intervals": {"product -
        other": {metric: [difference, low, high]}}}``; a mean is taken over the needs for which the
        metric is defined.

    Raises:
        BadBenchFolder: when the folder cannot be read.
    """
    bench = read_bench_folder(folder)
    rankings = {"bm25": rank_by_words(bench)}
    if encoder is not None:
        rankings["dense"] = rank_by_vectors(bench, encoder)
    rankings["product"] = rank_by_product(bench, encoder, rules)
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
    }


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


def rank_by_product(
    bench: BenchFolder, encoder: Encoder | None, rules: Rules | None = None
) -> Rankings:
    """Rank as the product does, over an index of its own."""
    needs, offerings = ready_posts(bench.needs, encoder), ready_posts(bench.offerings, encoder)
    return rank_ready_posts(needs, offerings, encoder, rules)


def rank_ready_posts(
    needs: Sequence[IndexedPost[NeedFacts]],
    offerings: Sequence[IndexedPost[OfferingFacts]],
    encoder: Encoder | None,
    rules: Rules | None,
) -> Rankings:
    """Rank all offerings for each need in an index made for the purpose."""
    index = TwoSidedIndex(encoder, rules=rules)
    index.needs.upsert(needs)
    index.offerings.upsert(offerings)
    return {need.facts.id: [place.id for place in index.offerings_for(need)] for need in needs}


def ready_posts(posts: Sequence[Post], encoder: Encoder | None) -> list[IndexedPost[Post]]:
    """Embed and index posts; without an encoder they have words only."""
    vectors = embed_posts(encoder, posts) if encoder else [None] * len(posts)
    return [index_post(post, own) for post, own in zip(posts, vectors, strict=True)]


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
    return "\n".join(lines)


def _plain_text(post: PostFacts) -> str:
    return f"{post.title}\n{post.description}".strip()
