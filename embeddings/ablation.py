"""Measure what each part of the ranking is worth by leaving it out."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from embeddings.encoder import Encoder
from embeddings.evaluation import mean, paired_interval
from embeddings.features import FEATURES
from embeddings.learning.judged import JudgedSet, load_judged_set
from embeddings.learning.measuring import values_by_need
from embeddings.learning.pairs import PairTable, pair_table
from embeddings.partnership import PartnershipModel
from embeddings.ranking import Rules

_TEXTS: Final = frozenset({"meaning", "sentences", "words", "vocabulary", "reading"})
_TERMS: Final = frozenset(
    {
        "service_area",
        "partner_scope",
        "minimum_lot",
        "capacity",
        "licences",
        "waste_class",
        "one_off",
    }
)
_MATERIALS: Final = frozenset({"materials", "output", "circulation_methods", "process_stages"})
_TURNED_AWAY: Final = frozenset({"refusal", "excluded"})

# Name → parts that are left out.
VARIANTS: Final[Mapping[str, frozenset[str]]] = {
    "everything": frozenset(),
    "without whole-text vectors": frozenset({"meaning"}),
    "without sentence vectors": frozenset({"sentences"}),
    "without words": frozenset({"words"}),
    "without the vocabulary": frozenset({"vocabulary"}),
    "without materials, methods, stages": _MATERIALS,
    "without constraints": _TERMS | {"kind"},
    "without refusals and exclusions": _TURNED_AWAY,
    "texts alone": frozenset(feature.part for feature in FEATURES) - _TEXTS,
}
NOTHING_READ: Final = "without reading texts"


def run_ablation(folder: Path, encoder: Encoder | None, rules: Rules) -> dict[str, Any]:
    """Measure the product's ranking with single parts left out; the others are not fitted anew.

    Args:
        folder: a judged folder as for the ranking bench.
        encoder: None measures the ranking by words.
        rules: geography, vocabulary and weights.

    Returns:
        ``{variant: {"ndcg10": mean, "against_everything": [difference, low, high]}}``.

    Raises:
        BadBenchFolder: when the folder cannot be read.
    """
    return ablate(load_judged_set(folder, encoder, rules.thesaurus), rules)


def ablate(source: JudgedSet, rules: Rules) -> dict[str, Any]:
    """Measure as :func:`run_ablation` does on a set that is ready."""
    table = pair_table(source, rules.text, rules.geography, rules.thesaurus)
    values = {name: _ndcg(table, rules.model.without(parts)) for name, parts in VARIANTS.items()}
    unread = pair_table(source.unread(), rules.text, rules.geography, rules.thesaurus)
    values[NOTHING_READ] = _ndcg(unread, rules.model)
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
    lines = [f"{'':<36} nDCG@10   difference [95 % interval]"]
    for name, measured in result.items():
        difference, low, high = measured["against_everything"]
        lines.append(
            f"{name:<36}  {measured['ndcg10']:.4f}   {difference:+.4f} [{low:+.4f}, {high:+.4f}]"
        )
    return "\n".join(lines)


def _ndcg(table: PairTable, model: PartnershipModel) -> Any:
    return values_by_need(table, table.scores(model))["ndcg10"]
