"""Commands of a change of the encoder. What is still to embed is asked of the database each time,
so that a process that dies leaves nothing to repair and the next one goes on where it stopped."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import delete, insert
from sqlalchemy.exc import IntegrityError

from embeddings.encoder import Encoder
from embeddings.posts import embed_posts
from matchmaker.core.actor import SYSTEM, Actor
from matchmaker.core.db import db, new_id
from matchmaker.core.dialect import insert_or_skip
from matchmaker.core.domain_events import record
from matchmaker.core.errors import Conflict, ProductError
from matchmaker.matching.domain import RunState
from matchmaker.matching.encoders import queries
from matchmaker.matching.encoders.domain import MOST_MISSING, RUNS, RunMove, why_refused
from matchmaker.matching.encoders.events import EncoderChangeMoved
from matchmaker.matching.facts import from_json
from matchmaker.matching.live import setting_of
from matchmaker.matching.models import EmbeddingRun, PostVector
from matchmaker.posts.domain import PostKind

FASTER = "ほかの人が先に操作しました。ページを開き直してください。"


def remember_serving(now: datetime) -> None:
    """Write down which encoder serves, where no change has been made yet and vectors are stored."""
    if queries.run_in(RunState.LIVE) is not None:
        return
    models = queries.stored_models()
    if models:
        model_id = max(models, key=lambda name: (models[name], name))
        total = models[model_id]
        db.session.add(
            EmbeddingRun(
                id=new_id(), model=setting_of(model_id), model_id=model_id, state=RunState.LIVE,
                total=total, done=total, figures={}, started_at=now, updated_at=now,
                finished_at=now,
            )
        )  # fmt: skip
        db.session.flush()


def begin(model: str, model_id: str, now: datetime) -> EmbeddingRun:
    """Begin a change to ``model``; only one can be under way (a constraint of the database)."""
    missing = queries.texts_without_vectors(model_id)
    total = queries.texts_in_use()
    run = EmbeddingRun(
        id=new_id(), model=model, model_id=model_id, state=RunState.RUNNING, total=total,
        done=total - missing, figures={}, started_at=now, updated_at=now,
    )  # fmt: skip
    db.session.add(run)
    db.session.flush()
    _note(run, "begun", SYSTEM, now)
    return run


def embed_batch(run: EmbeddingRun, encoder: Encoder, limit: int, now: datetime) -> int:
    """Embed the next texts; the vectors are written in one short transaction and committed.

    Returns:
        How many texts were embedded; 0 when none is left.
    """
    run_id = run.id
    rows = queries.next_missing(encoder.model_id, limit)
    db.session.rollback()
    vectors = embed_posts(encoder, [from_json(PostKind(kind), facts) for kind, _, facts in rows])
    for (_kind, text_hash, _facts), packed in zip(rows, vectors, strict=True):
        row = insert(PostVector).values(
            model_id=encoder.model_id,
            text_hash=text_hash,
            dimension=encoder.dimension,
            packed=packed.to_bytes(),
            created_at=now,
        )
        insert_or_skip(db.session(), row, ["model_id", "text_hash"])
    run = queries.get_run(run_id)
    run.total = queries.texts_in_use()
    run.done = run.total - queries.texts_without_vectors(encoder.model_id)
    run.updated_at = now
    db.session.commit()
    return len(rows)


def decide(run: EmbeddingRun, figures: Mapping[str, Any], now: datetime) -> None:
    """The texts are embedded and measured: go live in this transaction, or be refused.

    Args:
        figures: of both encoders on each judged set, see :func:`domain.why_refused`.
    """
    run.figures = dict(figures)
    _move(run, RunMove.COMPLETE, SYSTEM, now)
    run.message = why_refused(figures)
    if run.message:
        _move(run, RunMove.REFUSE, SYSTEM, now, run.message)
    else:
        _take_over(run, RunMove.GO_LIVE, SYSTEM, now)


def stop(run: EmbeddingRun, reason: str, actor: Actor, now: datetime) -> None:
    """Stop a change; what is embedded stays, so that it can be taken up again.

    Raises:
        ProductError: it is over, or no reason is given.
    """
    _move(run, RunMove.STOP, actor, now, reason)
    run.message = reason[:500]


def resume(run: EmbeddingRun, actor: Actor, now: datetime) -> None:
    """Take a stopped or refused change up again.

    Raises:
        ProductError: another change is under way.
        IllegalMove: it is neither stopped nor refused.
    """
    RUNS.check(run.state, RunMove.RESUME)
    if queries.run_in(RunState.RUNNING) is not None:
        raise ProductError("ほかの切り替えを準備しています。先に、そちらを中止してください。")
    _move(run, RunMove.RESUME, actor, now)
    run.message = ""


def go_back(run: EmbeddingRun, reason: str, actor: Actor, now: datetime) -> None:
    """Let a former (or refused) encoder serve, whose vectors are still stored.

    Raises:
        ProductError: too many of its vectors are not stored, or no reason is given.
    """
    missing, total = queries.texts_without_vectors(run.model_id), queries.texts_in_use()
    if missing > MOST_MISSING * total:
        raise ProductError(
            f"文章{total}件のうち{missing}件の準備ができていないため、切り替えられません。"
            "先に「もう一度準備する」を押してください。"
        )
    _take_over(run, RunMove.GO_BACK, actor, now, reason)
    run.message = reason[:500]


def forget_vectors(keep: set[str]) -> int:
    """Delete vectors of models that no longer serve.

    Args:
        keep: names of models whose vectors stay.

    Returns:
        How many were deleted.
    """
    gone = set(queries.stored_models()) - keep
    if not gone:
        return 0
    result = db.session.execute(delete(PostVector).where(PostVector.model_id.in_(gone)))
    return int(getattr(result, "rowcount", 0))


def _take_over(
    run: EmbeddingRun, move: RunMove, actor: Actor, now: datetime, reason: str = ""
) -> None:
    RUNS.check(run.state, move, reason)
    serving = queries.run_in(RunState.LIVE)
    leaving = RunMove.SET_ASIDE if move is RunMove.GO_BACK else RunMove.RETIRE
    if serving is not None:
        _move(serving, leaving, actor, now)
        # Only one can be live, so the old one steps back before the new one steps in.
        db.session.flush()
    _move(run, move, actor, now, reason)


def _move(run: EmbeddingRun, move: RunMove, actor: Actor, now: datetime, reason: str = "") -> None:
    run.state = RUNS.check(run.state, move, reason)
    run.updated_at = now
    run.finished_at = None if run.state is RunState.RUNNING else now
    try:
        db.session.flush()
    except IntegrityError as error:
        db.session.rollback()
        raise Conflict(FASTER) from error
    _note(run, move.value, actor, now, reason)


def _note(run: EmbeddingRun, move: str, actor: Actor, now: datetime, reason: str = "") -> None:
    record(
        EncoderChangeMoved(
            actor=actor, now=now, subject_id=run.id, reason=reason,
            details={"move": move, "model": run.model},
        )
    )  # fmt: skip
