"""Changes of the encoder and what they still have to do."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select, func, select

from matchmaker.core.db import db
from matchmaker.core.errors import NotFound
from matchmaker.matching.domain import RunState
from matchmaker.matching.models import EmbeddingRun, IndexEntry, PostVector

MOST_RUNS = 50


def get_run(run_id: uuid.UUID) -> EmbeddingRun:
    """One change.

    Raises:
        NotFound: there is none of this id.
    """
    run = db.session.get(EmbeddingRun, run_id, populate_existing=True)
    if run is None:
        raise NotFound
    return run


def recent_runs() -> Sequence[EmbeddingRun]:
    """The last changes, newest first (at most 50)."""
    query = select(EmbeddingRun).order_by(EmbeddingRun.started_at.desc(), EmbeddingRun.id)
    return db.session.scalars(query.limit(MOST_RUNS)).all()


def run_in(state: RunState) -> EmbeddingRun | None:
    """The one change in a state that only one can be in."""
    return db.session.scalar(select(EmbeddingRun).where(EmbeddingRun.state == state))


def last_run_of(model: str) -> EmbeddingRun | None:
    """The newest change to a model."""
    query = select(EmbeddingRun).where(EmbeddingRun.model == model)
    return db.session.scalar(query.order_by(EmbeddingRun.started_at.desc()).limit(1))


def texts_in_use() -> int:
    """How many different texts the listed posts have."""
    return db.session.scalar(select(func.count(_hashes().c.text_hash.distinct()))) or 0


def texts_without_vectors(model_id: str) -> int:
    """How many of those have no vectors by a model."""
    return db.session.scalar(select(func.count()).select_from(_missing(model_id).subquery())) or 0


def next_missing(model_id: str, limit: int) -> list[tuple[str, str, dict[str, Any]]]:
    """Kind, text hash and facts of texts that a model has still to embed, in a fixed order."""
    hashes = db.session.scalars(_missing(model_id).limit(limit)).all()
    query = (
        select(IndexEntry.kind, IndexEntry.text_hash, IndexEntry.facts)
        .where(IndexEntry.text_hash.in_(hashes), IndexEntry.is_listed)
        .order_by(IndexEntry.text_hash)
    )
    rows = {hash_: (kind, hash_, facts) for kind, hash_, facts in db.session.execute(query)}
    return list(rows.values())


def stored_models() -> dict[str, int]:
    """Number of texts whose vectors are stored, by the name of the model."""
    query = select(PostVector.model_id, func.count()).group_by(PostVector.model_id)
    return dict(db.session.execute(query.limit(MOST_RUNS)).tuples().all())


def _hashes() -> Any:
    return select(IndexEntry.text_hash).where(IndexEntry.is_listed).subquery()


def _missing(model_id: str) -> Select[tuple[str]]:
    has_vector = (
        select(PostVector.text_hash)
        .where(PostVector.model_id == model_id, PostVector.text_hash == IndexEntry.text_hash)
        .exists()
    )
    query = select(IndexEntry.text_hash).where(IndexEntry.is_listed, ~has_vector).distinct()
    return query.order_by(IndexEntry.text_hash)
