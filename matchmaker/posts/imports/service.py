"""Commands on imports: check a file, start, undo. Writing itself is done by ``jobs``."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import insert, update

from matchmaker.core.actor import Actor
from matchmaker.core.clock import today
from matchmaker.core.db import db
from matchmaker.core.domain_events import DomainEvent, record
from matchmaker.core.errors import Conflict, ProductError
from matchmaker.core.spreadsheets.cells import UnreadableTable
from matchmaker.core.storage import remove_stored, store
from matchmaker.core.uploads import SPREADSHEET, RefusedFile, check_upload
from matchmaker.posts.imports import queries
from matchmaker.posts.imports.checking import CheckedFile, check_file
from matchmaker.posts.imports.domain import (
    MOST_CHECKED,
    MOST_WORKING,
    UNDO_WITHIN,
    WRITTEN_STATES,
    Choices,
    ImportMode,
    JobState,
    RowState,
)
from matchmaker.posts.imports.events import ImportStarted
from matchmaker.posts.imports.models import ImportJob, ImportRow
from matchmaker.posts.types import PostType
from matchmaker.posts.vocabularies import DatabaseVocabularies

FIELD = "file"


def check(
    post_type: PostType,
    organization_id: uuid.UUID,
    file_name: str,
    content: bytes,
    actor: Actor,
    now: datetime,
) -> ImportJob:
    """Take a file, check all its rows and keep the outcome for the preview.

    Raises:
        RefusedFile: the file is not taken, or there is no table in it.
    """
    upload = check_upload(file_name, content, SPREADSHEET, FIELD)
    existing = queries.existing_fingerprints(post_type, organization_id)
    try:
        checked = check_file(
            post_type, upload.name, upload.content, DatabaseVocabularies(), existing, today(now)
        )
    except UnreadableTable as error:
        raise RefusedFile(f"「{upload.name}」{error}", FIELD) from None
    if not checked.rows:
        raise RefusedFile(f"「{upload.name}」には、取り込むデータの行がありません。", FIELD)
    _make_room(organization_id)
    job = _job(post_type, organization_id, checked, actor, now)
    job.file_id, job.file_name = store(upload, actor, now).id, upload.name
    db.session.add(job)
    db.session.flush()
    _keep_rows(job.id, checked)
    return job


def _make_room(organization_id: uuid.UUID) -> None:
    for job in queries.checked_jobs(organization_id)[MOST_CHECKED - 1 :]:
        discard(job)


def _job(
    post_type: PostType,
    organization_id: uuid.UUID,
    checked: CheckedFile,
    actor: Actor,
    now: datetime,
) -> ImportJob:
    return ImportJob(
        post_kind=post_type.kind,
        organization_id=organization_id,
        user_id=actor.user_id,
        user_name=actor.name,
        state=JobState.CHECKED,
        notices=list(checked.notices),
        columns=list(checked.columns),
        row_count=len(checked.rows),
        good_count=checked.count(RowState.GOOD),
        faulty_count=checked.count(RowState.FAULTY),
        duplicate_count=checked.count(RowState.DUPLICATE),
        created_at=now,
    )


def _keep_rows(job_id: uuid.UUID, checked: CheckedFile) -> None:
    db.session.execute(
        insert(ImportRow),
        [
            {
                "job_id": job_id,
                "row_number": row.number,
                "state": row.state,
                "title": row.title[:100],
                "values": row.values,
                "errors": row.errors,
                "note": row.note[:300],
            }
            for row in checked.rows
        ],
    )


def start(job: ImportJob, choices: Choices, actor: Actor, now: datetime) -> None:
    """Let the worker write the rows.

    Raises:
        Conflict: it was started before, or too many of the organisation are under way.
        ProductError: the choices leave nothing to write.
    """
    wanted = job.good_count + (job.duplicate_count if choices.with_duplicates else 0)
    if choices.mode is ImportMode.ALL and job.faulty_count:
        raise ProductError(
            f"誤りのある行が{job.faulty_count:,}行あるため、取り込みませんでした。"
            "ファイルを直して選び直すか、「正しい行だけ取り込む」を選んでください。",
            "mode",
        )
    if not wanted:
        raise ProductError("取り込める行がありません。", "mode")
    _begin(job, JobState.CHECKED, JobState.RUNNING, now)
    if choices.with_duplicates:
        _take_duplicates(job.id)
    job.mode, job.submits = choices.mode, choices.submit
    job.with_duplicates = choices.with_duplicates
    job.user_id, job.user_name = actor.user_id, actor.name
    job.step_count, job.steps_done = wanted * (2 if choices.submit else 1), 0
    db.session.flush()
    record(event_of(ImportStarted, job, actor, now, {"rows": wanted, "mode": choices.mode.value}))


def _begin(job: ImportJob, before: JobState, after: JobState, now: datetime) -> None:
    """Change the state by a counted update, so that of two presses one wins.

    Raises:
        Conflict: the import stands elsewhere, or too many are under way.
    """
    if queries.count_working(job.organization_id) >= MOST_WORKING:
        raise Conflict(
            f"この団体の取り込みが{MOST_WORKING}件進んでいます。終わってからもう一度押してください。"
        )
    statement = (
        update(ImportJob)
        .where(ImportJob.id == job.id, ImportJob.state == before)
        .values(state=after, started_at=now, finished_at=None, attempts=0, failure="")
    )
    result: Any = db.session.execute(statement)
    if result.rowcount != 1:
        raise Conflict("この取り込みは、ほかの画面で先に進められています。")
    db.session.refresh(job)


def _take_duplicates(job_id: uuid.UUID) -> None:
    db.session.execute(
        update(ImportRow)
        .where(ImportRow.job_id == job_id, ImportRow.state == RowState.DUPLICATE)
        .values(state=RowState.GOOD)
    )


def undo(job: ImportJob, actor: Actor, now: datetime) -> None:
    """Let the worker remove what the import wrote and nobody changed since.

    Raises:
        Conflict: the import is not done, or it was too long ago.
    """
    if job.finished_at is not None and now - job.finished_at > UNDO_WITHIN:
        raise Conflict(f"取り込みから{UNDO_WITHIN.days}日を過ぎたため、取り消せません。")
    _begin(job, JobState.DONE, JobState.UNDOING, now)
    job.user_id, job.user_name = actor.user_id, actor.name
    counts = queries.row_counts(job.id)
    job.step_count = sum(counts.get(state, 0) for state in WRITTEN_STATES)
    job.steps_done = 0
    db.session.flush()


def discard(job: ImportJob) -> None:
    """Forget an import that was never started, with its file.

    Raises:
        Conflict: it was started.
    """
    if job.state is not JobState.CHECKED:
        raise Conflict("この取り込みはもう始まっています。")
    stored = job.file
    db.session.delete(job)
    db.session.flush()
    if stored is not None:
        remove_stored(stored)


def event_of(
    kind: type[DomainEvent], job: ImportJob, actor: Actor, now: datetime, details: dict[str, Any]
) -> DomainEvent:
    """An event about an import."""
    return kind(
        actor=actor,
        now=now,
        subject_id=job.id,
        organization_id=job.organization_id,
        details={"file": job.file_name, **details},
    )
