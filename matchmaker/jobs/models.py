"""What the database knows of the worker: leases, runs and the sign of life of each process."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from matchmaker.core.db import Base, IdMixin


class JobLease(IdMixin, Base):
    """The right of one worker to run a job in a slot; it ends by itself when the worker dies."""

    __tablename__ = "job_leases"
    __table_args__ = (
        UniqueConstraint("name", "slot"),
        CheckConstraint("attempts >= 0", name="attempts_not_negative"),
        Index("ix_job_leases_holder", "holder"),
    )

    name: Mapped[str] = mapped_column(String(60))
    slot: Mapped[str] = mapped_column(String(40))
    holder: Mapped[str] = mapped_column(String(100))
    """The worker; empty while nobody may run it (a pause after a failure)."""
    acquired_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    attempts: Mapped[int]
    """Failures in a row in this slot."""
    finished_at: Mapped[datetime | None]


class JobRun(IdMixin, Base):
    """One run of a job. Runs that found nothing to do are not kept."""

    __tablename__ = "job_runs"
    __table_args__ = (Index("ix_job_runs_name_started_at", "name", "started_at"),)

    name: Mapped[str] = mapped_column(String(60))
    slot: Mapped[str] = mapped_column(String(40))
    holder: Mapped[str] = mapped_column(String(100))
    started_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    outcome: Mapped[str] = mapped_column(String(20))
    message: Mapped[str] = mapped_column(Text)


class WorkerProcess(IdMixin, Base):
    """A worker process and when it was last alive."""

    __tablename__ = "worker_processes"
    __table_args__ = (UniqueConstraint("holder"),)

    holder: Mapped[str] = mapped_column(String(100))
    started_at: Mapped[datetime]
    seen_at: Mapped[datetime]
