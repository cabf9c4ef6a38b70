"""Rules of a change of the encoder."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from matchmaker.core.states import Rule, StateMachine
from matchmaker.matching.domain import RunState

LARGEST_LOSS = 0.03
"""Differences of less in nDCG@10 mean nothing on judged sets of this size (seeds/judged/README)."""
MEASURE = "ndcg10"
MOST_MISSING = 0.1
"""Larger shares of posts that would be found by words alone after going back are refused."""


class RunMove(StrEnum):
    """What can be done with a change of the encoder."""

    COMPLETE = "complete"
    GO_LIVE = "go_live"
    REFUSE = "refuse"
    STOP = "stop"
    RESUME = "resume"
    RETIRE = "retire"
    SET_ASIDE = "set_aside"
    GO_BACK = "go_back"


STATE_LABELS = {
    RunState.RUNNING: "準備中",
    RunState.COMPLETE: "準備が終わりました",
    RunState.LIVE: "使用中",
    RunState.RETIRED: "以前に使用",
    RunState.REFUSED: "見送り",
    RunState.STOPPED: "中止",
}
RUNS: StateMachine[RunState, RunMove] = StateMachine(
    STATE_LABELS,
    {
        RunMove.COMPLETE: Rule("準備を終える", frozenset({RunState.RUNNING}), RunState.COMPLETE),
        RunMove.GO_LIVE: Rule("切り替える", frozenset({RunState.COMPLETE}), RunState.LIVE),
        RunMove.REFUSE: Rule("見送る", frozenset({RunState.COMPLETE}), RunState.REFUSED),
        RunMove.STOP: Rule(
            "中止する", frozenset({RunState.RUNNING}), RunState.STOPPED, needs_reason=True
        ),
        RunMove.RESUME: Rule(
            "もう一度準備する",
            frozenset({RunState.STOPPED, RunState.REFUSED}),
            RunState.RUNNING,
        ),
        RunMove.RETIRE: Rule("使用を終える", frozenset({RunState.LIVE}), RunState.RETIRED),
        # Set aside by hand: the setting that still names it must not bring it back by itself.
        RunMove.SET_ASIDE: Rule("外す", frozenset({RunState.LIVE}), RunState.STOPPED),
        RunMove.GO_BACK: Rule(
            "これに切り替える",
            frozenset({RunState.RETIRED, RunState.REFUSED, RunState.STOPPED}),
            RunState.LIVE,
            needs_reason=True,
        ),
    },
)


def why_refused(figures: Mapping[str, Any]) -> str:
    """Why a new encoder must not go live by itself; empty when it may.

    Args:
        figures: ``{set: {"live": nDCG@10, "new": nDCG@10, "needs": n}}``.
    """
    worse = [
        f"{name}：{each['live']:.3f} → {each['new']:.3f}"
        for name, each in figures.items()
        if each["new"] < each["live"] - LARGEST_LOSS
    ]
    return f"判定済みのデータで順位が悪くなりました（{'、'.join(worse)}）" if worse else ""
