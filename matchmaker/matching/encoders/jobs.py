"""The worker's part of a change of the encoder: embed, measure, switch; each step commits."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import structlog

from config import ROOT
from embeddings.encoder import Encoder, EncoderUnavailable, SentenceTransformerEncoder
from embeddings.ranking_bench import run_ranking_bench
from matchmaker.core import clock
from matchmaker.core.actor import SYSTEM
from matchmaker.core.db import db
from matchmaker.core.settings import current_settings
from matchmaker.matching.domain import RunState
from matchmaker.matching.encoders import queries, service
from matchmaker.matching.encoders.domain import MEASURE
from matchmaker.matching.engine import current_engine
from matchmaker.matching.live import NO_ENCODER, live_encoder
from matchmaker.matching.models import EmbeddingRun

BATCH = 16
LONGEST_TURN = 240.0
"""Seconds of one turn; the worker comes back at once, and shows in between that it lives."""
KEPT_DAYS = 30
FROZEN_SETS = {name: ROOT / "seeds" / "judged" / name for name in ("dev", "real")}
Report = Callable[[int, int], None]
log = structlog.get_logger()


def follow_setting(now: datetime, report: Report | None = None) -> int:
    """Bring the vectors to the encoder that the settings name, while the present one serves.

    Args:
        report: told after each batch how many texts are done and how many there are.

    Returns:
        How many texts were embedded in this turn.
    """
    settings = current_settings()
    service.remember_serving(now)
    db.session.commit()
    wanted, serving = settings.embedding_model, live_encoder(settings)
    run = queries.run_in(RunState.RUNNING)
    if run is not None and run.model != wanted:
        service.stop(run, "設定が変わったため", SYSTEM, now)
        db.session.commit()
        run = None
    if NO_ENCODER in (wanted, serving) or wanted == serving or queries.texts_in_use() == 0:
        return 0
    last = queries.last_run_of(wanted)
    if run is None and last is not None and last.state in (RunState.REFUSED, RunState.STOPPED):
        return 0
    encoder = _load(wanted, now)
    return _turn(run, wanted, encoder, now, report) if encoder else 0


def _load(model: str, now: datetime) -> Encoder | None:
    settings = current_settings()
    db.session.rollback()
    try:
        return SentenceTransformerEncoder(
            model, models_folder=settings.resolved_model_dir(), threads=settings.encoder_threads
        )
    except EncoderUnavailable as error:
        log.exception("new_encoder_unavailable", model=model)
        run = queries.run_in(RunState.RUNNING) or service.begin(model, model[:120], now)
        service.stop(run, f"読み込めませんでした：{error}"[:500], SYSTEM, now)
        db.session.commit()
        return None


def _turn(
    run: EmbeddingRun | None, model: str, encoder: Encoder, now: datetime, report: Report | None
) -> int:
    run = run or service.begin(model, encoder.model_id, now)
    db.session.commit()
    ends, done = time.monotonic() + LONGEST_TURN, 0
    while time.monotonic() < ends:
        count = service.embed_batch(run, encoder, BATCH, clock.now())
        done += count
        run = queries.get_run(run.id)
        if report is not None:
            report(run.done, run.total)
        if run.state is not RunState.RUNNING:
            return done
        if count == 0:
            _finish(run, encoder)
            return done
    return done


def _finish(run: EmbeddingRun, encoder: Encoder) -> None:
    """Measure outside of any transaction; then decide, unless something came in meanwhile."""
    run_id = run.id
    db.session.rollback()
    figures = compare(current_engine().encoder, encoder)
    run = queries.get_run(run_id)
    if run.state is RunState.RUNNING and not queries.texts_without_vectors(encoder.model_id):
        service.decide(run, figures, clock.now())
        log.info("encoder_change_decided", model=run.model, state=run.state.value)
    db.session.commit()


def compare(serving: Encoder | None, new: Encoder) -> dict[str, Any]:
    """Quality of the ranking with either encoder on each frozen judged set.

    Args:
        serving: None when it cannot be loaded; ranking by words is then the measure to reach.
        new: the encoder that shall take over.
    """
    return {
        name: _compared(folder, serving, new)
        for name, folder in FROZEN_SETS.items()
        if folder.is_dir()
    }


def _compared(folder: Path, serving: Encoder | None, new: Encoder) -> Mapping[str, Any]:
    rules = current_engine().rules()
    found = {
        name: run_ranking_bench(folder, encoder, rules=rules)
        for name, encoder in (("live", serving), ("new", new))
    }
    values = {name: each["systems"]["product"][MEASURE] for name, each in found.items()}
    return {**values, "needs": found["new"]["needs"]}


def forget_old_vectors(now: datetime) -> int:
    """Delete vectors of encoders that ceased to serve more than a month ago."""
    since = now - timedelta(days=KEPT_DAYS)
    keep = {
        run.model_id
        for run in queries.recent_runs()
        if run.state in (RunState.LIVE, RunState.RUNNING) or run.updated_at > since
    }
    count = service.forget_vectors(keep) if keep else 0
    db.session.commit()
    return count
