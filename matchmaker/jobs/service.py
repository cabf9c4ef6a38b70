"""Writing down what the worker did. The caller commits."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

from sqlalchemy import delete, insert, select, update

from matchmaker.core.db import db, new_id
from matchmaker.core.dialect import insert_or_skip
from matchmaker.jobs.domain import Job, Outcome
from matchmaker.jobs.models import JobLease, JobRun, WorkerProcess

KEPT_FOR = timedelta(days=30)
KEPT_RUNS_OF_A_JOB = 500
LONGEST_MESSAGE = 2000


def begin_run(job: Job, slot: str, holder: str, now: datetime) -> uuid.UUID:
    """Write down that a run begins; one that a dead worker left open is closed as abandoned.

    Returns:
        Id of the run.
    """
    abandoned = {"outcome": Outcome.ABANDONED, "finished_at": now}
    db.session.execute(
        update(JobRun)
        .where(JobRun.name == job.name, JobRun.outcome == Outcome.RUNNING)
        .values(abandoned)
    )
    run_id = new_id()
    db.session.add(
        JobRun(
            id=run_id,
            name=job.name,
            slot=slot,
            holder=holder,
            started_at=now,
            outcome=Outcome.RUNNING,
            message="",
        )
    )
    return run_id


def end_run(run_id: uuid.UUID, outcome: Outcome, message: str, now: datetime) -> None:
    """Write down how a run ended, unless another worker has closed it in between."""
    db.session.execute(
        update(JobRun)
        .where(JobRun.id == run_id, JobRun.outcome == Outcome.RUNNING)
        .values(outcome=outcome, message=message[:LONGEST_MESSAGE], finished_at=now)
    )


def note_alive(holder: str, now: datetime) -> None:
    """Write down that a worker process lives."""
    row = {"id": new_id(), "holder": holder, "started_at": now, "seen_at": now}
    if not insert_or_skip(db.session(), insert(WorkerProcess).values(row), ["holder"]):
        db.session.execute(
            update(WorkerProcess).where(WorkerProcess.holder == holder).values(seen_at=now)
        )


def note_stopped(holder: str) -> None:
    """Forget a worker process that stopped in good order."""
    db.session.execute(delete(WorkerProcess).where(WorkerProcess.holder == holder))


def prune(now: datetime) -> int:
    """Delete old runs, finished leases and processes that are long gone.

    Returns:
        How many rows were deleted.
    """
    before = now - KEPT_FOR
    deleted = 0
    for condition in (
        delete(JobRun).where(JobRun.started_at < before),
        delete(JobLease).where(JobLease.finished_at < before),
        delete(WorkerProcess).where(WorkerProcess.seen_at < now - timedelta(days=1)),
    ):
        deleted += int(db.session.execute(condition).rowcount)  # type: ignore[attr-defined]
    for name in db.session.scalars(select(JobRun.name).distinct().order_by(JobRun.name)).all():
        deleted += _prune_runs_of(name)
    return deleted


def _prune_runs_of(name: str) -> int:
    oldest_kept = db.session.scalar(
        select(JobRun.started_at)
        .where(JobRun.name == name)
        .order_by(JobRun.started_at.desc())
        .offset(KEPT_RUNS_OF_A_JOB - 1)
        .limit(1)
    )
    if oldest_kept is None:
        return 0
    statement = delete(JobRun).where(JobRun.name == name, JobRun.started_at < oldest_kept)
    return int(db.session.execute(statement).rowcount)  # type: ignore[attr-defined]
