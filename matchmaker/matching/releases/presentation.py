"""Figures of versions as the pages show them: words, table rows, points of the diagram. Pure.

Figures are those of :mod:`matchmaker.matching.releases.measuring`.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from embeddings.prospects import Band
from matchmaker.matching.domain import (
    FAIR_FROM,
    STRENGTH_LABELS,
    STRONG_FROM,
    Strength,
    VersionState,
)
from matchmaker.matching.models import RankingVersion
from matchmaker.matching.releases.domain import (
    LEDGER_SET,
    REQUEST_LABELS,
    REQUEST_STATE_LABELS,
    SET_LABELS,
    VERSIONS,
    RequestState,
)
from matchmaker.matching.releases.models import RankingComparison, RankingRequest

STATE_KINDS = {
    VersionState.CANDIDATE: "wait",
    VersionState.SHADOW: "draft",
    VersionState.LIVE: "open",
    VersionState.RETIRED: "closed",
    VersionState.REFUSED: "error",
}
PROGRESS_STATES = {
    RequestState.WAITING: "waiting",
    RequestState.RUNNING: "running",
    RequestState.DONE: "finished",
    RequestState.FAILED: "failed",
}
GROUP_LABELS = {"materials": "品目", "regions": "地域"}
SIDE = 260
MARGIN = 44
LEAST_RADIUS, MOST_RADIUS = 4.0, 14.0
OUT_OF = 10
WORD_RANGES = (
    (Strength.STRONG, STRONG_FROM, 1.0, "半分以上が、話を始める価値のある相手でした。"),
    (Strength.FAIR, FAIR_FROM, STRONG_FROM, "価値のある相手も、そうでない相手もいました。"),
    (Strength.WEAK, 0.0, FAIR_FROM, "多くは合いません。ほかに候補が少ないときの手がかりです。"),
)
"""The words of a recommendation, the probabilities they stand for, and what to make of them."""


def percent(share: float) -> str:
    """A share in whole percent."""
    return f"{round(share * 100)}%"


def out_of_ten(good: int, pairs: int) -> str:
    """A share as so many of ten; empty without pairs."""
    return f"10件中{round(good * OUT_OF / pairs)}件" if pairs else ""


def set_label(name: str) -> str:
    """What people call a judged set."""
    return SET_LABELS.get(name, name)


def summary(figures: Mapping[str, Any]) -> list[tuple[str, str, str, str]]:
    """Judged set, order (nDCG@10), first place right, mean gap between told and found."""
    return [
        (set_label(name), f"{each['ndcg10']:.3f}", percent(each["p1"]), points(each["ece"]))
        for name, each in figures.get("sets", {}).items()
    ]


def points(error: float) -> str:
    """A calibration error in points of a hundred."""
    return f"{error * 100:.1f}ポイント"


def state_of(version: RankingVersion) -> tuple[str, str]:
    """State in words, and the kind of its tag."""
    return VERSIONS.labels[version.state], STATE_KINDS[version.state]


def trained_words(trained_on: Mapping[str, Any]) -> str:
    """How many judged pairs a version was fitted on, by where they come from."""
    labels = {**SET_LABELS, LEDGER_SET: "判定の記録"}
    return "、".join(f"{labels.get(name, name)} {pairs:,}組" for name, pairs in trained_on.items())


def version_name(number: int) -> str:
    """What people call a version."""
    return f"版{number}" if number else "はじめの版"


def version_row(version: RankingVersion) -> dict[str, Any]:
    """What the list says of a version."""
    sets = version.figures.get("sets", {})
    return {
        "state": state_of(version),
        "figures": "、".join(
            f"{set_label(name)} {each['ndcg10']:.3f}（{_signed(each.get('difference'))}）"
            for name, each in sets.items()
        ),
        "objections": len(version.figures.get("objections", ())),
    }


def _signed(difference: Sequence[float] | None) -> str:
    return f"{difference[0]:+.3f}" if difference else "—"


def progress_text(request: RankingRequest) -> str:
    """Where a request stands, in a sentence."""
    label = REQUEST_LABELS[request.kind]
    if request.state is RequestState.RUNNING:
        return f"{label}：{request.step}（{request.done}／{request.total}）"
    return f"{label}：{request.message or REQUEST_STATE_LABELS[request.state]}"


def progress(request: RankingRequest | None, here: str) -> dict[str, Any]:
    """The answer to a page that asks how far it has come."""
    if request is None:
        return {
            "state": "finished",
            "done": 1,
            "total": 1,
            "message": "終わりました。",
            "url": here,
        }
    return {
        "state": PROGRESS_STATES[request.state],
        "done": request.done,
        "total": max(1, request.total),
        "message": progress_text(request),
        "url": here,
    }


def figures(figures: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Each judged set of a version with its measures beside the live one's, and its groups."""
    return [
        {
            "name": name,
            "label": set_label(name),
            "needs": each["needs"],
            "rows": _measure_rows(each),
            "groups": [(GROUP_LABELS[key], _group_rows(each.get(key, {}))) for key in GROUP_LABELS],
        }
        for name, each in figures.get("sets", {}).items()
    ]


def _measure_rows(each: Mapping[str, Any]) -> list[dict[str, str]]:
    live = each.get("live", {})
    difference = each.get("difference")
    interval = (
        f"{difference[0]:+.3f}（{difference[1]:+.3f}〜{difference[2]:+.3f}）" if difference else ""
    )
    names = (
        ("並び方のよさ（nDCG@10）", "ndcg10"),
        ("最初の正解の順位（MRR）", "mrr3"),
        ("10件に入る割合（再現率）", "recall10"),
        ("1番目が合う割合", "p1"),
    )
    rows = [
        {
            "name": label,
            "own": f"{each[key]:.3f}",
            "live": f"{live[key]:.3f}" if key in live else "",
            "difference": interval if key == "ndcg10" else "",
        }
        for label, key in names
    ]
    gap = {
        "name": "見込みと実際のずれ",
        "own": points(each["ece"]),
        "live": points(live["ece"]) if "ece" in live else "",
        "difference": "",
    }
    return [*rows, gap]


def _group_rows(groups: Mapping[str, Mapping[str, Any]]) -> list[dict[str, str]]:
    rows = []
    for name, each in sorted(groups.items(), key=lambda item: (-item[1]["needs"], item[0])):
        difference = each.get("difference")
        rows.append(
            {
                "name": name,
                "needs": str(each["needs"]),
                "own": f"{each['ndcg10']:.3f}",
                "difference": f"{difference[0]:+.3f}（{difference[1]:+.3f}〜{difference[2]:+.3f}）"
                if difference
                else "",
            }
        )
    return rows


def comparison_row(comparison: RankingComparison) -> dict[str, Any]:
    """What one comparison of orders says."""
    figures = comparison.figures
    judged = figures["judged"]
    return {
        "at": comparison.at,
        "live": version_name(comparison.live_number),
        "needs": f"{comparison.needs}件",
        "overlap": f"10件中{figures['overlap10']:.1f}件",
        "agrees": _agreement(judged),
        "moved": figures["moved"],
    }


def _agreement(judged: Mapping[str, Any]) -> str:
    if not judged["pairs"]:
        return "このあとの判定がまだありません"
    shadow, live = judged["shadow"], judged["live"]
    return (
        f"判定のある組{judged['pairs']}のうち、{shadow}組でこの版、{live}組でいまの版のほうが"
        "判定に近い並びでした"
    )


def reliability(figures: Mapping[str, Any], bands: Sequence[Band]) -> dict[str, Any]:
    """What the public page draws: words, bands, and a diagram with its table for each set.

    Args:
        figures: of the live version.
        bands: what its cards tell of pairs like the one they show.
    """
    sets = {name: each for name, each in figures.get("sets", {}).items() if each["pairs"]}
    return {
        "bands": [band_row(band) for band in bands if band.pairs],
        "ece": points(_weighted_error(list(sets.values()))) if sets else "",
        "pairs": sum(each["pairs"] for each in sets.values()),
        "sets": [
            {
                "name": name,
                "label": set_label(name),
                "is_ledger": name == LEDGER_SET,
                "needs": each["needs"],
                "pairs": each["pairs"],
                "ece": points(each["ece"]),
                "dots": dots(each["bins"]),
                "bins": [bin_row(found) for found in each["bins"]],
            }
            for name, each in sets.items()
        ],
        "words": word_rows(bands),
        "side": SIDE,
        "margin": MARGIN,
        "ticks": [(percent(share), _x(share), _y(share)) for share in (0.0, 0.5, 1.0)],
    }


def _weighted_error(sets: Sequence[Mapping[str, Any]]) -> float:
    pairs = sum(each["pairs"] for each in sets)
    return float(sum(each["ece"] * each["pairs"] for each in sets) / pairs)


def band_row(band: Band) -> dict[str, Any]:
    """A band of the cards: its edges, and what judges found in it."""
    return {
        "label": f"{round(band.low * 100)}〜{percent(band.high)}",
        "pairs": band.pairs,
        "good": band.good,
        "of_ten": out_of_ten(band.good, band.pairs),
    }


def bin_row(found: Mapping[str, Any]) -> dict[str, Any]:
    """A bin of the diagram: its edges, what was told, what judges found."""
    return {
        "label": f"{round(found['low'] * 100)}〜{percent(found['high'])}",
        "pairs": found["pairs"],
        "told": percent(found["told"]),
        "found": percent(found["good"]),
    }


def word_rows(bands: Sequence[Band]) -> list[dict[str, str]]:
    """What each word of a recommendation has been worth, over the bands inside its range."""
    rows = []
    for strength, low, high, meaning in WORD_RANGES:
        inside = [band for band in bands if low <= (band.low + band.high) / 2 < high]
        pairs = sum(band.pairs for band in inside)
        good = sum(band.good for band in inside)
        found = f"{out_of_ten(good, pairs)}（{pairs:,}組のうち{good:,}組）" if pairs else ""
        label = STRENGTH_LABELS[strength]
        rows.append({"word": label, "found": found, "meaning": meaning})
    return rows


def dots(bins: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """One dot for each band with pairs: told (across) and found (up), larger with more pairs."""
    most = max((each["pairs"] for each in bins), default=0)
    return [
        {
            "x": _x(each["told"]),
            "y": _y(each["good"]),
            "radius": round(
                LEAST_RADIUS + (MOST_RADIUS - LEAST_RADIUS) * math.sqrt(each["pairs"] / most),
                1,
            ),
        }
        for each in bins
        if each["pairs"]
    ]


def _x(share: float) -> float:
    return round(MARGIN + share * SIDE, 1)


def _y(share: float) -> float:
    return round(MARGIN / 2 + (1 - share) * SIDE, 1)
