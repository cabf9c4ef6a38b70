"""Real worker processes on one database: side by side, killed, and stopped in good order."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest

from config import ROOT
from matchmaker.core import clock
from matchmaker.core.db import db
from matchmaker.jobs import queries
from matchmaker.jobs.domain import Outcome
from tests.jobs.core_app import make_core_app

PATIENCE = 30.0


@dataclass(frozen=True, slots=True)
class Trace:
    """One line that a job left."""

    job: str
    step: str
    holder: str
    at: float


@dataclass(slots=True)
class Workers:
    """Worker processes of one test."""

    folder: Path
    daily_at: str
    processes: list[subprocess.Popen[bytes]]

    def start(self, seconds: float) -> subprocess.Popen[bytes]:
        """Start one whose runs take ``seconds``."""
        arguments = [str(self.folder), str(seconds), self.daily_at]
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.jobs.worker_process", *arguments],
            cwd=ROOT,
            stderr=(self.folder / f"log-{len(self.processes)}").open("wb"),
        )
        self.processes.append(process)
        return process

    def traces(self, job: str, step: str) -> list[Trace]:
        """What ``job`` left so far."""
        path = self.folder / "trace"
        lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
        words = [line.split() for line in lines]
        return [
            Trace(job, step, each[2], float(each[3])) for each in words if each[:2] == [job, step]
        ]

    def wait_for(self, condition: Callable[[], bool], what: str) -> None:
        """Wait until ``condition`` holds."""
        deadline = time.monotonic() + PATIENCE
        while not condition():
            if time.monotonic() > deadline:
                logs = [p.read_text(encoding="utf-8") for p in self.folder.glob("log-*")]
                pytest.fail(f"{what} did not happen\n" + "\n".join(logs)[-4000:])
            time.sleep(0.05)


@pytest.fixture
def workers(tmp_path: Path) -> Iterator[Workers]:
    """Processes are killed at the end of the test, whatever it did."""
    make_core_app(tmp_path)
    an_hour_ago = (clock.now() - timedelta(hours=1)).astimezone(clock.JST)
    started = Workers(tmp_path, f"{an_hour_ago:%H:%M}", [])
    yield started
    for process in started.processes:
        if process.poll() is None:
            process.kill()
        process.wait()


def runs_of(folder: Path, job: str) -> list[str]:
    app = make_core_app(folder)
    with app.app_context():
        outcomes = [run.outcome for run in queries.recent_runs() if run.name == job]
        db.session.remove()
    return outcomes


def test_two_workers_at_once_run_each_slot_once(workers: Workers) -> None:
    for _ in range(2):
        workers.start(seconds=0.1)
    workers.wait_for(lambda: len(workers.traces("frequent", "end")) >= 5, "five frequent runs")
    assert len(workers.traces("daily", "end")) == 1
    assert len({trace.holder for trace in workers.traces("frequent", "begin")}) == 1
    assert runs_of(workers.folder, "test.daily") == [Outcome.DONE]


def test_after_kill_9_in_mid_run_another_worker_goes_on_when_the_lease_ends(
    workers: Workers,
) -> None:
    first = workers.start(seconds=60)
    workers.wait_for(lambda: bool(workers.traces("daily", "begin")), "the first run")
    workers.wait_for(lambda: bool(workers.traces("frequent", "begin")), "the frequent run")
    workers.start(seconds=0.1)
    os.kill(first.pid, signal.SIGKILL)
    killed_at = time.monotonic()
    workers.wait_for(lambda: bool(workers.traces("daily", "end")), "the second run")
    assert workers.traces("daily", "end")[0].at - killed_at < 15
    assert len(workers.traces("daily", "begin")) == 2
    workers.wait_for(lambda: bool(workers.traces("frequent", "end")), "the frequent run")
    workers.wait_for(
        lambda: sorted(runs_of(workers.folder, "test.daily")) == [Outcome.ABANDONED, Outcome.DONE],
        "the record of both runs",
    )


def test_sigterm_lets_the_run_at_work_finish_and_gives_leases_back(workers: Workers) -> None:
    first = workers.start(seconds=2)
    workers.wait_for(lambda: bool(workers.traces("daily", "begin")), "a run")
    first.send_signal(signal.SIGTERM)
    assert first.wait(timeout=PATIENCE) == 0
    assert len(workers.traces("daily", "end")) == 1
    assert runs_of(workers.folder, "test.daily") == [Outcome.DONE]
    app = make_core_app(workers.folder)
    with app.app_context():
        assert queries.workers() == []
    begun = len(workers.traces("frequent", "begin"))
    workers.start(seconds=0.1)
    workers.wait_for(lambda: len(workers.traces("frequent", "begin")) > begun, "the next worker")
