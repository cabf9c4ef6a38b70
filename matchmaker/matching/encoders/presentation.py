"""Changes of the encoder as rows of tables."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import url_for

from matchmaker.core import clock
from matchmaker.core.formatting import format_moment
from matchmaker.matching.domain import RunState
from matchmaker.matching.encoders.domain import RUNS, STATE_LABELS, RunMove
from matchmaker.matching.models import EmbeddingRun

SET_LABELS = {"dev": "架空の案件（48件）", "real": "公開された実例（81件）", "ledger": "評価台帳"}
NAMES = {"bundled": "同梱のしくみ（multilingual-e5-small）", "none": "使わない（言葉の一致だけ）"}
STEERING = (RunMove.STOP, RunMove.RESUME, RunMove.GO_BACK)


def name_of(model: str) -> str:
    """How people are told which encoder it is, by the value of its setting."""
    return NAMES.get(model, model)


def row_of(run: EmbeddingRun) -> Mapping[str, Any]:
    """One change for the list: name, state, progress, since when."""
    percent = round(100 * run.done / run.total) if run.total else 0
    url = url_for("encoder_changes.show", run_id=run.id)
    return {
        "model": name_of(run.model),
        "name": {"text": name_of(run.model), "url": url},
        "texts": f"{run.done:,}／{run.total:,}件",
        "url": url,
        "state": STATE_LABELS[run.state],
        "done": run.done,
        "total": run.total,
        "percent": percent,
        "started": format_moment(run.started_at),
        "updated": format_moment(run.updated_at),
        "left": _time_left(run),
        "message": run.message,
        "is_running": run.state is RunState.RUNNING,
    }


def figure_rows(run: EmbeddingRun) -> list[dict[str, str]]:
    """Quality on each judged set with the encoder that served and with this one."""
    return [
        {
            "set": SET_LABELS.get(name, name),
            "live": f"{each['live']:.3f}",
            "new": f"{each['new']:.3f}",
            "difference": f"{each['new'] - each['live']:+.3f}",
        }
        for name, each in run.figures.items()
    ]


def possible_moves(run: EmbeddingRun) -> set[str]:
    """What can be done with a change in its present state."""
    return {move.value for move in STEERING if run.state in RUNS.moves[move].sources}


def _time_left(run: EmbeddingRun) -> str:
    """How long it will still take at the pace so far; empty when nothing can be said."""
    seconds = (run.updated_at - run.started_at).total_seconds()
    if run.state is not RunState.RUNNING or seconds <= 0 or not run.done:
        return ""
    is_alive = (clock.now() - run.updated_at).total_seconds() < 15 * 60
    if not is_alive:
        return "15分以上進んでいません。仕事をするプロセスを確かめてください。"
    minutes = (run.total - run.done) * seconds / run.done / 60
    return f"あと約{max(1, round(minutes)):,}分"
