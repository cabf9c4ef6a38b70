"""Long work in small transactions: jobs whose rows the worker writes batch by batch.

Each batch is one transaction. A worker that is killed loses at most the batch it was writing; the
next one goes on with the rows that still wait. Of two workers that take up the same job at once,
one gets the ticket and the other writes nothing.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Generic, Protocol, TypeVar

import structlog
from sqlalchemy import Text, update
from sqlalchemy.orm import Mapped, mapped_column

from matchmaker.core.db import db
from matchmaker.core.dialect import reading_only

MOST_ATTEMPTS = 5
"""Batches that may fail in a row before a job is given up."""

log = structlog.get_logger()


class BatchMixin:
    """Columns of a job that is done in batches.

    Args:
        step_count: steps of the present work.
        steps_done: those that are through.
        ticket: counted up by each batch, so that only one of two workers gets to write it.
        attempts: batches that failed since the last one that did not.
        failure: why the job was given up, in Japanese.
    """

    step_count: Mapped[int] = mapped_column(default=0)
    steps_done: Mapped[int] = mapped_column(default=0)
    ticket: Mapped[int] = mapped_column(default=0)
    attempts: Mapped[int] = mapped_column(default=0)
    failure: Mapped[str] = mapped_column(Text, default="")
    created_at: Mapped[datetime]
    started_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]


class BatchJob(Protocol):
    """What is asked of a job."""

    @property
    def ticket(self) -> int:
        """How many batches were begun."""

    @property
    def state(self) -> Any:
        """Where it stands."""


Job = TypeVar("Job", bound=BatchJob)


@dataclass(frozen=True, slots=True)
class BatchWork(Generic[Job]):
    """One kind of job.

    Args:
        name: what the log calls it.
        model: the table; it has the columns of :class:`BatchMixin`, ``id`` and ``state``.
        working: states in which a job waits for the worker.
        waiting: ids of the jobs that wait, the longest waiting first.
        load: the job of that id.
        write: writes the next batch within the present transaction and gives the number of steps,
            at least 1 when the job went on at all.
        give_up: lets a job end that failed too often.
    """

    name: str
    model: Any
    working: frozenset[StrEnum]
    waiting: Callable[[], Sequence[uuid.UUID]]
    load: Callable[[uuid.UUID], Job | None]
    write: Callable[[Job, datetime], int]
    give_up: Callable[[Job, datetime], None]

    def run(self, now: datetime) -> int:
        """Do all jobs that wait, a batch of each in turn; gives the number of steps."""
        steps = 0
        while job_ids := self._waiting():
            worked = sum(self._run_batch(job_id, now) for job_id in job_ids)
            if not worked:
                break
            steps += worked
        return steps

    def _waiting(self) -> Sequence[uuid.UUID]:
        with reading_only():
            job_ids = self.waiting()
            db.session.rollback()
        return job_ids

    def _run_batch(self, job_id: uuid.UUID, now: datetime) -> int:
        try:
            job = self._claim(job_id)
            worked = 0 if job is None else self.write(job, now)
            db.session.commit()
        except Exception:
            db.session.rollback()
            log.exception("batch_failed", work=self.name, job_id=str(job_id))
            self._count_failure(job_id, now)
            return 0
        finally:
            db.session.expunge_all()
        return worked

    def _claim(self, job_id: uuid.UUID) -> Job | None:
        """Take the next ticket; another worker that read the same one writes nothing."""
        job = self.load(job_id)
        if job is None or job.state not in self.working:
            return None
        table = self.model
        statement = (
            update(table)
            .where(table.id == job_id, table.ticket == job.ticket, table.state == job.state)
            .values(ticket=job.ticket + 1, attempts=0)
        )
        result: Any = db.session.execute(statement)
        return job if result.rowcount == 1 else None

    def _count_failure(self, job_id: uuid.UUID, now: datetime) -> None:
        job: Any = self.load(job_id)
        if job is not None and job.state in self.working:
            job.attempts += 1
            if job.attempts >= MOST_ATTEMPTS:
                self.give_up(job, now)
        db.session.commit()
        db.session.expunge_all()
