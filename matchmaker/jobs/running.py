"""One question of the worker: is the job due, may I run it, and how did it go?"""

from __future__ import annotations

import threading
import uuid
from collections.abc import Callable, Sequence
from datetime import datetime

import structlog

from matchmaker.core import clock
from matchmaker.core.db import db
from matchmaker.core.dialect import reading_only
from matchmaker.jobs import leases, service
from matchmaker.jobs.domain import ALWAYS, Job, Outcome

log = structlog.get_logger()
Clock = Callable[[], datetime]


class Runner:
    """Runs jobs in the name of one worker process, within an application context.

    Args:
        holder: the worker's name, different for each process.
        now: where the time comes from.
    """

    def __init__(self, holder: str, now: Clock = clock.now) -> None:
        self.holder = holder
        self._now = now
        self._running: dict[str, Job] = {}
        self._lock = threading.Lock()

    def running(self) -> Sequence[Job]:
        """Jobs at work at this moment."""
        with self._lock:
            return list(self._running.values())

    def run_if_due(self, job: Job) -> Outcome | None:
        """Run ``job`` when its slot is open and no other worker has it.

        Returns:
            How it went, or None when there was no need or right to run it.
        """
        now = self._now()
        slot = job.schedule.slot(now)
        if not self._acquire(job, slot, now):
            return None
        with self._lock:
            self._running[job.name] = job
        try:
            return self._run(job, slot, now)
        finally:
            with self._lock:
                self._running.pop(job.name, None)

    def keep_alive(self) -> None:
        """Show that the worker lives and prolong the leases of the jobs at work."""
        now = self._now()
        leases.renew(self.holder, self.running(), now)
        service.note_alive(self.holder, now)
        db.session.commit()

    def stop(self) -> None:
        """Give everything back, so that another worker can go on at once."""
        leases.release_all(self.holder, self._now())
        service.note_stopped(self.holder)
        db.session.commit()

    def _acquire(self, job: Job, slot: str, now: datetime) -> bool:
        with reading_only():
            db.session.rollback()
            is_open = leases.is_open(job, slot, self.holder, now)
            is_held = leases.is_held_well(job, slot, self.holder, now)
            db.session.rollback()
        if not is_open or is_held:
            return is_open
        taken = leases.take(job, slot, self.holder, now)
        db.session.commit()
        return taken

    def _run(self, job: Job, slot: str, now: datetime) -> Outcome:
        # A run that is asked every few seconds is written down only when it did something.
        run_id = None if slot == ALWAYS else self._begin(job, slot, now)
        try:
            count = job.function(now)
            db.session.commit()
        except Exception as error:
            db.session.rollback()
            log.exception("job_failed", job=job.name, slot=slot)
            self._fail(job, slot, run_id or self._begin(job, slot, now), error)
            return Outcome.FAILED
        if run_id or count:
            self._succeed(job, slot, run_id or self._begin(job, slot, now), count)
        else:
            self._forget_failures(job, slot)
        return Outcome.DONE

    def _begin(self, job: Job, slot: str, now: datetime) -> uuid.UUID:
        run_id = service.begin_run(job, slot, self.holder, now)
        db.session.commit()
        return run_id

    def _succeed(self, job: Job, slot: str, run_id: uuid.UUID, count: int | None) -> None:
        now = self._now()
        message = "" if count is None else f"{count}件"
        service.end_run(run_id, Outcome.DONE, message, now)
        if slot == ALWAYS:
            leases.succeed(job, slot, self.holder)
        else:
            leases.finish(job, slot, self.holder, now)
        db.session.commit()
        log.info("job_done", job=job.name, slot=slot, count=count)

    def _fail(self, job: Job, slot: str, run_id: uuid.UUID, error: Exception) -> None:
        now = self._now()
        service.end_run(run_id, Outcome.FAILED, f"{type(error).__name__}: {error}", now)
        leases.pause(job, slot, self.holder, now)
        db.session.commit()

    def _forget_failures(self, job: Job, slot: str) -> None:
        with reading_only():
            db.session.rollback()
            has_failed = leases.has_failed(job, slot)
            db.session.rollback()
        if has_failed:
            leases.succeed(job, slot, self.holder)
            db.session.commit()
