"""Reading what the worker did."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select

from matchmaker.core.db import db
from matchmaker.jobs.models import JobLease, JobRun, WorkerProcess


def latest_runs() -> dict[str, JobRun]:
    """The last run of each job by the job's name."""
    rank = func.row_number().over(
        partition_by=JobRun.name, order_by=(JobRun.started_at.desc(), JobRun.id.desc())
    )
    ranked = select(JobRun.id, rank.label("rank")).subquery()
    query = select(JobRun).join(ranked, ranked.c.id == JobRun.id).where(ranked.c.rank == 1)
    return {run.name: run for run in db.session.scalars(query.order_by(JobRun.name))}


def recent_runs(limit: int = 50) -> Sequence[JobRun]:
    """The newest runs of all jobs, at most ``limit``."""
    query = select(JobRun).order_by(JobRun.started_at.desc(), JobRun.id.desc()).limit(limit)
    return db.session.scalars(query).all()


def paused_leases(now: datetime) -> dict[str, JobLease]:
    """Jobs that wait after a failure, by name."""
    query = (
        select(JobLease)
        .where(JobLease.holder == "", JobLease.attempts > 0, JobLease.finished_at.is_(None))
        .where(JobLease.expires_at > now)
        .order_by(JobLease.name, JobLease.slot)
    )
    return {lease.name: lease for lease in db.session.scalars(query)}


def workers() -> Sequence[WorkerProcess]:
    """Worker processes, the one that was alive last first."""
    query = select(WorkerProcess).order_by(WorkerProcess.seen_at.desc()).limit(10)
    return db.session.scalars(query).all()


def last_sign_of_life() -> datetime | None:
    """When any worker was last alive."""
    return db.session.scalar(
        select(WorkerProcess.seen_at).order_by(WorkerProcess.seen_at.desc()).limit(1)
    )
