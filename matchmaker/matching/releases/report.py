"""The figures of a release as text: for the command line and for docs/matching-quality.md."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from config import ROOT
from embeddings.partnership import PartnershipModel
from matchmaker.matching.releases.queries import SHIPPED_FIGURES

DOCUMENT = ROOT / "docs" / "matching-quality.md"
BEGIN, END = "<!-- figures: begin -->", "<!-- figures: end -->"
COLUMNS = ("ndcg10", "mrr3", "recall10", "p1", "ece")


def fingerprint(model: PartnershipModel) -> str:
    """Twelve letters that change with the parameters of a model."""
    text = json.dumps(model.to_json(), sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def table_text(figures: Mapping[str, Any]) -> str:
    """Figures of a version by judged set, with the live version's and the interval, as a table."""
    lines = ["set      needs " + "".join(f"{name:>10}" for name in COLUMNS)]
    for name, each in figures["sets"].items():
        lines.append(f"{name:<8} {each['needs']:>5} " + _cells(each))
        if "live" in each:
            difference, low, high = each["difference"]
            lines.append(f"{'  live':<14} " + _cells(each["live"]))
            lines.append(f"  nDCG@10 {difference:+.4f} [{low:+.4f}, {high:+.4f}]")
    return "\n".join(lines)


def _cells(measures: Mapping[str, Any]) -> str:
    return "".join(f"{measures[name]:>10.4f}" for name in COLUMNS)


def document_part(figures: Mapping[str, Any]) -> str:
    """The part of docs/matching-quality.md that tells the figures of the shipped parameters."""
    lines = [
        f"Parameters `{figures['parameters']}`.",
        "",
        "| set | needs | nDCG@10 | MRR | recall@10 | P@1 | calibration error | pairs |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for name, each in figures["sets"].items():
        cells = [f"{each[column]:.3f}" for column in COLUMNS]
        lines.append(f"| `{name}` | {each['needs']} | {' | '.join(cells)} | {each['pairs']} |")
    for name, each in figures["sets"].items():
        lines += [
            "",
            f"Told and found on `{name}`:",
            "",
            "| told | pairs | mean | found |",
            "|---|---|---|---|",
        ]
        for found in each["bins"]:
            edges = f"{found['low']:.1f}–{found['high']:.1f}"
            lines.append(
                f"| {edges} | {found['pairs']} | {found['told']:.2f} | {found['good']:.2f} |"
            )
    return "\n".join(lines)


def replaced(document: str, part: str) -> str:
    """The document with its part between the two marks replaced.

    Raises:
        ValueError: a mark is missing.
    """
    before, begin, rest = document.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError("the document has no place for figures")
    return f"{before}{BEGIN}\n{part}\n{END}{after}"


def write(figures: Mapping[str, Any], document: Path = DOCUMENT) -> None:
    """Write the figures of the shipped parameters beside them and into the document."""
    full = {"parameters": fingerprint(PartnershipModel.shipped()), **figures}
    text = json.dumps(full, ensure_ascii=False, indent=1)
    SHIPPED_FIGURES.write_text(text + "\n", encoding="utf-8")
    old = document.read_text(encoding="utf-8")
    document.write_text(replaced(old, document_part(full)), encoding="utf-8")
