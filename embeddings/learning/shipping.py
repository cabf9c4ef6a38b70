"""Make the parameters that come with the program."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from embeddings.encoder import Encoder
from embeddings.learning.judged import JudgedSet, load_judged_set
from embeddings.learning.measuring import measure
from embeddings.learning.training import train
from embeddings.partnership import PartnershipModel
from embeddings.ranking import Rules

LEARNT_FROM: Final = ("train",)
MEASURED_ON: Final = ("dev", "real")


def train_shipped(judged: Path, encoder: Encoder, rules: Rules) -> PartnershipModel:
    """Fit the shipped ranking and measure it.

    Args:
        judged: folder of the judged sets.
        encoder: the bundled one.
        rules: geography and vocabulary.

    Raises:
        BadBenchFolder: when a set cannot be read.
    """
    names = (*LEARNT_FROM, *MEASURED_ON)
    sets = {name: load_judged_set(judged / name, encoder, rules.thesaurus) for name in names}
    return fit_shipped(sets, encoder.model_id, rules)


def fit_shipped(sets: Mapping[str, JudgedSet], encoder: str, rules: Rules) -> PartnershipModel:
    """Fit the shipped ranking on sets that are ready, by name."""
    frozen = [sets[name] for name in MEASURED_ON]
    model = train(
        [sets[name] for name in LEARNT_FROM], rules.geography, rules.thesaurus,
        encoder=encoder, counted=frozen,
    )  # fmt: skip
    measured = [measure(model, each, rules.geography, rules.thesaurus) for each in frozen]
    figures = {**model.figures, "measured": {figure["set"]: figure for figure in measured}}
    return replace(model, figures=figures)


def write_model(model: PartnershipModel, path: Path) -> None:
    """Write parameters to a file, one entry of each table a line."""
    path.write_text(_laid_out(model.to_json()) + "\n", encoding="utf-8")


def render_training(model: PartnershipModel) -> str:
    """Return weights and figures to read."""
    lines = [f"{name:<24}{weight:8.3f}" for name, weight in model.weights.items()]
    lines += [f"{'base':<24}{model.base:8.3f}", ""]
    for name, figures in model.figures.get("measured", {}).items():
        told, of_all = figures["calibration"], figures["calibration_of_all"]
        lines.append(
            f"{name}: nDCG@10 {figures['ndcg10']:.4f}, ECE {told['ece']:.4f} over {told['pairs']} "
            f"shown pairs, {of_all['ece']:.4f} over all {of_all['pairs']}"
        )
    return "\n".join(lines)


def _laid_out(value: Any, depth: int = 0) -> str:
    """JSON with objects spread over lines down to the third level, everything else on one line."""
    if not isinstance(value, dict) or not value or depth > 1:
        return json.dumps(value, ensure_ascii=False)
    space = "  " * (depth + 1)
    rows = [
        f"{space}{json.dumps(key, ensure_ascii=False)}: {_laid_out(each, depth + 1)}"
        for key, each in value.items()
    ]
    return "{\n" + ",\n".join(rows) + "\n" + "  " * depth + "}"
