"""Leases: two workers never run the same job in the same slot at the same time.

Each function is one short statement or two; the caller commits.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import insert, or_, select, update
from sqlalchemy.sql.dml import Update

from matchmaker.core.db import db, new_id
from matchmaker.core.dialect import insert_or_skip
from matchmaker.jobs.domain import Job, pause_after_failure
from matchmaker.jobs.models import JobLease


def is_open(job: Job, slot: str, holder: str, now: datetime) -> bool:
    """Whether ``holder`` could take or already has the lease (a read, so that asking is cheap)."""
    row = _find(job, slot)
    if row is None:
        return True
    return row.finished_at is None and (row.holder == holder or row.expires_at <= now)


def is_held_well(job: Job, slot: str, holder: str, now: datetime) -> bool:
    """Whether ``holder`` has the lease for at least half of its time still."""
    row = _find(job, slot)
    enough = now + timedelta(seconds=job.lease_seconds / 2)
    return row is not None and row.holder == holder and row.expires_at >= enough


def has_failed(job: Job, slot: str) -> bool:
    """Whether the last run of the slot failed."""
    row = _find(job, slot)
    return row is not None and row.attempts > 0


def take(job: Job, slot: str, holder: str, now: datetime) -> bool:
    """Take the lease when nobody else has it.

    Returns:
        Whether ``holder`` has it now.
    """
    expires_at = now + timedelta(seconds=job.lease_seconds)
    row = {
        "id": new_id(),
        "name": job.name,
        "slot": slot,
        "holder": holder,
        "acquired_at": now,
        "expires_at": expires_at,
        "attempts": 0,
        "finished_at": None,
    }
    if insert_or_skip(db.session(), insert(JobLease).values(row), ["name", "slot"]):
        return True
    statement = (
        _lease(job, slot)
        .where(JobLease.finished_at.is_(None))
        .where(or_(JobLease.holder == holder, JobLease.expires_at <= now))
        .values(holder=holder, acquired_at=now, expires_at=expires_at)
    )
    return _changed(statement)


def renew(holder: str, jobs: Collection[Job], now: datetime) -> None:
    """Prolong the leases that a living worker has."""
    for job in jobs:
        db.session.execute(
            update(JobLease)
            .where(JobLease.name == job.name, JobLease.holder == holder)
            .where(JobLease.finished_at.is_(None))
            .values(expires_at=now + timedelta(seconds=job.lease_seconds))
        )


def finish(job: Job, slot: str, holder: str, now: datetime) -> bool:
    """Close the slot for good: it has been done.

    Returns:
        Whether the lease was still the holder's.
    """
    return _changed(_lease(job, slot).where(JobLease.holder == holder).values(finished_at=now))


def succeed(job: Job, slot: str, holder: str) -> None:
    """Forget earlier failures."""
    db.session.execute(
        _lease(job, slot).where(JobLease.holder == holder, JobLease.attempts > 0).values(attempts=0)
    )


def pause(job: Job, slot: str, holder: str, now: datetime) -> None:
    """After a failure let nobody run the job for a while, longer each time."""
    row = _find(job, slot)
    if row is None or row.holder != holder:
        return
    attempts = row.attempts + 1
    expires_at = now + pause_after_failure(job.schedule, attempts)
    values = {"holder": "", "attempts": attempts, "expires_at": expires_at}
    db.session.execute(_lease(job, slot).where(JobLease.holder == holder).values(values))


def release_all(holder: str, now: datetime) -> None:
    """Give back every lease, so that another worker can go on at once."""
    db.session.execute(
        update(JobLease)
        .where(JobLease.holder == holder, JobLease.finished_at.is_(None))
        .values(holder="", expires_at=now)
    )


def _find(job: Job, slot: str) -> JobLease | None:
    query = select(JobLease).where(JobLease.name == job.name, JobLease.slot == slot)
    return db.session.scalars(query.execution_options(populate_existing=True)).one_or_none()


def _lease(job: Job, slot: str) -> Update:
    return update(JobLease).where(JobLease.name == job.name, JobLease.slot == slot)


def _changed(statement: Update) -> bool:
    result = db.session.execute(statement.execution_options(synchronize_session=False))
    return bool(result.rowcount)  # type: ignore[attr-defined]
