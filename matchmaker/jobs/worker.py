"""The worker process: asks each job at its pace whether something is due.

APScheduler only keeps the pace. What is due is decided by the jobs, and who may run them by leases
in the database, so that any number of workers may run and any of them may die.
"""

from __future__ import annotations

import logging
import os
import signal
import socket
import threading
import time
import uuid
from collections.abc import Sequence
from types import FrameType

import structlog
from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.interval import IntervalTrigger
from flask import Flask

from matchmaker.core import clock
from matchmaker.core.db import db
from matchmaker.jobs.domain import Job
from matchmaker.jobs.running import Runner

KEEP_ALIVE_SECONDS = 10
MISFIRE_GRACE_SECONDS = 300
# Process managers kill after five seconds (honcho) or more. What is cut off then is done again.
STOP_SECONDS = 4
TIME_ZONE = "Asia/Tokyo"
log = structlog.get_logger()


def holder_name() -> str:
    """A name for this process that no other process has had."""
    return f"{socket.gethostname()[:60]}:{os.getpid()}:{uuid.uuid4().hex[:8]}"


class Worker:
    """One worker process.

    Args:
        app: the application whose database holds what is due.
        jobs: what to do.
        runner: how a job is run; made from the process's name when left out.
    """

    def __init__(self, app: Flask, jobs: Sequence[Job], runner: Runner | None = None) -> None:
        self._app = app
        self._jobs = jobs
        self._runner = runner or Runner(holder_name())
        self._stop = threading.Event()
        self._scheduler = self._make_scheduler()

    def run(self) -> None:
        """Work until SIGTERM or SIGINT, then finish what is at work and give everything back."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._ask_to_stop)
        # That a job is not asked again while it is at work is meant, not worth a line each time.
        logging.getLogger("apscheduler").setLevel(logging.ERROR)
        self._keep_alive()
        self._scheduler.start()
        log.info("worker_started", holder=self._runner.holder, jobs=len(self._jobs))
        self._stop.wait()
        self._shut_down()

    def _make_scheduler(self) -> BackgroundScheduler:
        scheduler = BackgroundScheduler(
            timezone=TIME_ZONE,
            executors={"default": ThreadPoolExecutor(len(self._jobs) + 1)},
            job_defaults={
                "coalesce": True,
                "max_instances": 1,
                "misfire_grace_time": MISFIRE_GRACE_SECONDS,
            },
        )
        scheduler.add_job(
            self._keep_alive, IntervalTrigger(seconds=KEEP_ALIVE_SECONDS, timezone=TIME_ZONE)
        )
        begin = clock.now()
        for job in self._jobs:
            trigger = IntervalTrigger(seconds=job.schedule.asked_every, timezone=TIME_ZONE)
            # Asked at once: what was missed while no worker ran need not wait.
            scheduler.add_job(self._ask, trigger, args=[job], id=job.name, next_run_time=begin)
        return scheduler

    def _ask(self, job: Job) -> None:
        if self._stop.is_set():
            return
        with self._app.app_context():
            try:
                self._runner.run_if_due(job)
            except Exception:
                # The database did not answer: the next question comes anyway.
                db.session.rollback()
                log.exception("job_not_asked", job=job.name)

    def _keep_alive(self) -> None:
        with self._app.app_context():
            try:
                self._runner.keep_alive()
            except Exception:
                db.session.rollback()
                log.exception("worker_not_noted")

    def _ask_to_stop(self, _number: int, _frame: FrameType | None) -> None:
        self._stop.set()

    def _shut_down(self) -> None:
        self._scheduler.pause()
        deadline = time.monotonic() + STOP_SECONDS
        while self._runner.running() and time.monotonic() < deadline:
            time.sleep(0.05)
        unfinished = [job.name for job in self._runner.running()]
        with self._app.app_context():
            self._runner.stop()
        log.info("worker_stopped", holder=self._runner.holder, unfinished=unfinished)
        if unfinished:
            # Threads cannot be ended; what they had begun is rolled back and done again later.
            os._exit(0)
        self._scheduler.shutdown(wait=True)
