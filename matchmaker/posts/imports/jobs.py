"""The worker's part: writes and undoes imports in batches, and forgets old ones.

These functions manage their own transactions: each batch of 50 rows is one
(:mod:`matchmaker.core.batch_work`), so that no row is written twice.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import joinedload

from matchmaker.accounts.queries import actor_of_today
from matchmaker.core.actor import Actor
from matchmaker.core.batch_work import BatchWork
from matchmaker.core.db import db
from matchmaker.core.domain_events import record
from matchmaker.core.settings import current_settings
from matchmaker.posts.imports import policy, queries, service, writing
from matchmaker.posts.imports.domain import (
    BATCH_ROWS,
    CHECKED_KEPT,
    ROWS_KEPT,
    WORKING_STATES,
    WRITTEN_STATES,
    ImportMode,
    JobState,
    RowState,
)
from matchmaker.posts.imports.events import ImportFailed, ImportFinished, ImportUndone
from matchmaker.posts.imports.models import ImportJob, ImportRow
from matchmaker.posts.registry import post_type_of

GIVEN_UP = "システムの不具合で最後まで取り込めませんでした。時間をおいてやり直してください。"
NO_LONGER_ALLOWED = "取り込みを始めた人の権限がなくなったため、中止しました。"
ROW_FAILED = "保存できない行があったため、すべて取り消しました。"


def run_due_imports(now: datetime) -> int:
    """Write and undo all imports that wait, a batch of each in turn.

    Returns:
        The number of rows that were worked on.
    """
    return IMPORTS.run(now)


def _work_on(job: ImportJob, now: datetime) -> int:
    actor = actor_of_today(job.user_id, job.user_name)
    if job.state is JobState.UNDOING:
        return _undo_batch(job, actor, now)
    if not policy.can_handle(actor, job):
        _fail(job, NO_LONGER_ALLOWED)
        return 1
    return (
        _create_batch(job, actor, now) or _submit_batch(job, actor, now) or _finish(job, actor, now)
    )


def _create_batch(job: ImportJob, actor: Actor, now: datetime) -> int:
    rows = queries.rows_in(job.id, [RowState.GOOD], BATCH_ROWS)
    if not rows:
        return 0
    writing.create_rows(post_type_of(job.post_kind), job, rows, actor, now)
    job.steps_done += len(rows)
    _give_up_on_failure(job, rows)
    return len(rows)


def _submit_batch(job: ImportJob, actor: Actor, now: datetime) -> int:
    rows = queries.rows_in(job.id, [RowState.CREATED], BATCH_ROWS) if job.submits else []
    if not rows:
        return 0
    writing.submit_rows(
        post_type_of(job.post_kind), rows, actor, now,
        publish_trusted=current_settings().auto_publish_trusted,
    )  # fmt: skip
    job.steps_done += len(rows)
    _give_up_on_failure(job, rows)
    return len(rows)


def _give_up_on_failure(job: ImportJob, rows: Sequence[ImportRow]) -> None:
    failed = any(row.state is RowState.FAILED for row in rows)
    if failed and job.mode is ImportMode.ALL:
        _fail(job, ROW_FAILED)


def _fail(job: ImportJob, message: str) -> None:
    """Take back what was written so far; the import then stands as failed."""
    counts = queries.row_counts(job.id)
    job.state, job.failure = JobState.UNDOING, message
    job.step_count = sum(counts.get(state, 0) for state in WRITTEN_STATES)
    job.steps_done = 0


def _finish(job: ImportJob, actor: Actor, now: datetime) -> int:
    job.state, job.finished_at, job.steps_done = JobState.DONE, now, job.step_count
    counts = queries.row_counts(job.id)
    written = sum(counts.get(state, 0) for state in WRITTEN_STATES)
    post_type = post_type_of(job.post_kind)
    details = {
        "written": written,
        "submitted": counts.get(RowState.SUBMITTED, 0),
        "post_label": post_type.label,
        "list_path": f"/{post_type.blueprint}?state=submitted",
    }
    record(service.event_of(ImportFinished, job, actor, now, details))
    return 1


def _undo_batch(job: ImportJob, actor: Actor, now: datetime) -> int:
    rows = _rows_to_undo(job)
    if not rows:
        return _finish_undo(job, actor, now)
    reason = job.failure or f"取り込み「{job.file_name}」の取り消し"
    writing.undo_rows(post_type_of(job.post_kind), rows, actor, now, reason)
    job.steps_done += len(rows)
    return len(rows)


def _rows_to_undo(job: ImportJob) -> Sequence[ImportRow]:
    """Rows that were written, and those that were being written when one of them failed."""
    query = (
        select(ImportRow)
        .where(
            ImportRow.job_id == job.id,
            ImportRow.post_id.is_not(None),
            ImportRow.state.in_([*sorted(WRITTEN_STATES), RowState.FAILED]),
        )
        .order_by(ImportRow.row_number)
        .limit(BATCH_ROWS)
    )
    return db.session.scalars(query).all()


def _finish_undo(job: ImportJob, actor: Actor, now: datetime) -> int:
    counts = queries.row_counts(job.id)
    details = {
        "removed": counts.get(RowState.UNDONE, 0),
        "kept": counts.get(RowState.KEPT, 0),
    }
    job.state = JobState.FAILED if job.failure else JobState.UNDONE
    job.finished_at, job.steps_done = now, job.step_count
    kind = ImportFailed if job.failure else ImportUndone
    record(service.event_of(kind, job, actor, now, details))
    return 1


def _give_up(job: ImportJob, now: datetime) -> None:
    job.state, job.failure, job.finished_at = JobState.FAILED, GIVEN_UP, now


IMPORTS = BatchWork(
    "posts.imports", ImportJob, WORKING_STATES,
    queries.working_job_ids, queries.get_job, _work_on, _give_up,
)  # fmt: skip


def forget_old_imports(now: datetime) -> int:
    """Remove imports never started for a week, and the rows and files of those long done.

    Returns:
        The number of imports that were touched.
    """
    touched = 0
    query = (
        select(ImportJob)
        .where(ImportJob.state == JobState.CHECKED, ImportJob.created_at < now - CHECKED_KEPT)
        .options(joinedload(ImportJob.file))
        .order_by(ImportJob.id)
    )
    for job in db.session.scalars(query).all():
        service.discard(job)
        touched += 1
    for job in db.session.scalars(_long_done(now)).all():
        _forget_rows(job)
        touched += 1
    db.session.commit()
    return touched


def _long_done(now: datetime) -> Any:
    return (
        select(ImportJob)
        .where(ImportJob.finished_at < now - ROWS_KEPT, ImportJob.file_id.is_not(None))
        .options(joinedload(ImportJob.file))
        .order_by(ImportJob.id)
    )


def _forget_rows(job: ImportJob) -> None:
    """Keep that the import happened and what it counted, but neither cells nor the file."""
    stored, job.file_id = job.file, None
    db.session.execute(delete(ImportRow).where(ImportRow.job_id == job.id))
    db.session.flush()
    if stored is not None:
        db.session.delete(stored)
