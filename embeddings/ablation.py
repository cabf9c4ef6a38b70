"""Measure what each part of the ranking is worth by leaving it out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from embeddings.bench_folder import read_bench_folder
from embeddings.encoder import Encoder
from embeddings.evaluation import mean, paired_interval, per_query
from embeddings.ranking import Rules
from embeddings.ranking_bench import rank_ready_posts, ready_posts

_NO_TERMS: Final = {"material": 0.0, "no_material": 0.0, "method": 0.0, "no_method": 0.0}
_NO_CONSTRAINTS: Final = {"violated": 0.0, "partly": 0.0, "kind": 0.0, "no_kind": 0.0}
_NO_REFUSALS: Final = {"refused": 0.0}

# Name → changes of the text weights, changes of the structure weights.
VARIANTS: Final[Mapping[str, tuple[Mapping[str, float], Mapping[str, float]]]] = {
    "everything": ({}, {}),
    "without whole-text vectors": ({"meaning": 0.0}, {}),
    "without sentence vectors": ({"sentences": 0.0}, {}),
    "without words": ({"words": 0.0}, {}),
    "without centring": ({"centring": 0.0}, {}),
    "without materials and methods": ({}, _NO_TERMS),
    "without constraints": ({}, _NO_CONSTRAINTS),
    "without refusals": ({}, _NO_REFUSALS),
    "text alone": ({}, {**_NO_TERMS, **_NO_CONSTRAINTS, **_NO_REFUSALS}),
}


def run_ablation(folder: Path, encoder: Encoder | None, rules: Rules) -> dict[str, Any]:
    """Measure the product's ranking with single parts left out.

    Args:
        folder: a judged folder as for the ranking bench.
        encoder: None measures the ranking by words.
        rules: geography and the full weights.

    Returns:
        ``{variant: {"ndcg10": mean, "against_everything": [difference, low, high]}}``.

    Raises:
        BadBenchFolder: when the folder cannot be read.
    """
    bench = read_bench_folder(folder)
    needs, offerings = ready_posts(bench.needs, encoder), ready_posts(bench.offerings, encoder)
    values = {}
    for name, (text, structure) in VARIANTS.items():
        changed = replace(
            rules,
            text=replace(rules.text, **text),
            structure=replace(rules.structure, **structure),
        )
        rankings = rank_ready_posts(needs, offerings, encoder, changed)
        values[name] = per_query(rankings, bench.judgements)["ndcg10"]
    full = values["everything"]
    return {
        name: {
            "ndcg10": round(mean(own), 4),
            "against_everything": paired_interval(own, full).rounded(),
        }
        for name, own in values.items()
    }


def render_ablation(result: Mapping[str, Any]) -> str:
    """Return the result of :func:`run_ablation` as a table to read."""
    lines = [f"{'':<32} nDCG@10   difference [95 % interval]"]
    for name, measured in result.items():
        difference, low, high = measured["against_everything"]
        lines.append(
            f"{name:<32}  {measured['ndcg10']:.4f}   {difference:+.4f} [{low:+.4f}, {high:+.4f}]"
        )
    return "\n".join(lines)
