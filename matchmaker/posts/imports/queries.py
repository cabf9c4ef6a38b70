"""Reading imports and their rows."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from matchmaker.core.db import db
from matchmaker.posts.domain import PostKind
from matchmaker.posts.imports.domain import (
    WORKING_STATES,
    JobState,
    RowState,
    fingerprint,
)
from matchmaker.posts.imports.models import ImportJob, ImportRow
from matchmaker.posts.types import PostType

MOST_LISTED = 20


def get_job(job_id: uuid.UUID) -> ImportJob | None:
    """One import with its organisation and its file."""
    query = (
        select(ImportJob)
        .where(ImportJob.id == job_id)
        .options(joinedload(ImportJob.organization), joinedload(ImportJob.file))
    )
    return db.session.scalar(query)


def recent_jobs(
    kind: PostKind, organization_ids: Sequence[uuid.UUID] | None
) -> Sequence[ImportJob]:
    """Newest imports of the organisations (of all when None), at most 20."""
    query = (
        select(ImportJob)
        .where(ImportJob.post_kind == kind)
        .options(joinedload(ImportJob.organization))
        .order_by(ImportJob.created_at.desc(), ImportJob.id.desc())
        .limit(MOST_LISTED)
    )
    if organization_ids is not None:
        query = query.where(ImportJob.organization_id.in_(organization_ids))
    return db.session.scalars(query).all()


def working_job_ids() -> Sequence[uuid.UUID]:
    """Imports that are being written or undone, the longest waiting first."""
    query = (
        select(ImportJob.id)
        .where(ImportJob.state.in_(sorted(WORKING_STATES)))
        .order_by(ImportJob.started_at, ImportJob.id)
    )
    return db.session.scalars(query).all()


def count_working(organization_id: uuid.UUID) -> int:
    """How many imports of the organisation are being written or undone."""
    query = select(func.count(ImportJob.id)).where(
        ImportJob.organization_id == organization_id,
        ImportJob.state.in_(sorted(WORKING_STATES)),
    )
    return db.session.scalar(query) or 0


def checked_jobs(organization_id: uuid.UUID) -> Sequence[ImportJob]:
    """Imports of the organisation that wait to be started, newest first."""
    query = (
        select(ImportJob)
        .where(ImportJob.organization_id == organization_id, ImportJob.state == JobState.CHECKED)
        .options(joinedload(ImportJob.file))
        .order_by(ImportJob.created_at.desc(), ImportJob.id.desc())
    )
    return db.session.scalars(query).all()


def rows_in(
    job_id: uuid.UUID, states: Sequence[RowState], limit: int | None = None
) -> Sequence[ImportRow]:
    """Rows of an import that stand in one of ``states``, in the order of the file."""
    query = (
        select(ImportRow)
        .where(ImportRow.job_id == job_id, ImportRow.state.in_(states))
        .order_by(ImportRow.row_number)
        .limit(limit)
    )
    return db.session.scalars(query).all()


def row_counts(job_id: uuid.UUID) -> dict[RowState, int]:
    """Number of rows by state."""
    query = (
        select(ImportRow.state, func.count())
        .where(ImportRow.job_id == job_id)
        .group_by(ImportRow.state)
        .order_by(ImportRow.state)
    )
    return {RowState(state): int(number) for state, number in db.session.execute(query)}


def existing_fingerprints(
    post_type: PostType, organization_id: uuid.UUID, titles: Sequence[str] | None = None
) -> dict[str, str]:
    """Title by fingerprint of the organisation's posts.

    Args:
        titles: look only at posts with one of these titles.
    """
    model: Any = post_type.model
    text = getattr(model, post_type.text_field)
    query = (
        select(model.title, text).where(model.organization_id == organization_id).order_by(model.id)
    )
    if titles is not None:
        query = query.where(model.title.in_(titles))
    return {
        fingerprint(title, body): f"同じ内容の{post_type.label}「{title}」がもうあります。"
        for title, body in db.session.execute(query)
    }
