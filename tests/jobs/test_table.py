"""The table of jobs and the real worker command."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from flask import Flask

from config import ROOT
from matchmaker.app import create_app
from matchmaker.core.db import db
from matchmaker.jobs.domain import Outcome
from matchmaker.jobs.running import Runner
from matchmaker.jobs.table import JOBS
from tests.conftest import make_settings

PATIENCE = 60.0


def test_every_job_has_its_own_name_and_a_description_in_japanese() -> None:
    names = [job.name for job in JOBS]
    assert sorted(set(names)) == sorted(names)
    assert all(job.description.endswith("。") for job in JOBS)


def test_no_job_is_listed_twice() -> None:
    functions = [job.function for job in JOBS]
    assert len(set(functions)) == len(functions)


def test_every_job_can_run_on_an_empty_database(app: Flask) -> None:
    with app.app_context():
        outcomes = {job.name: Runner("test").run_if_due(job) for job in JOBS}
        assert outcomes == dict.fromkeys(outcomes, Outcome.DONE)


def test_the_worker_command_shows_that_it_lives_and_stops_when_asked(
    migrated_database: Path, tmp_path: Path
) -> None:
    shutil.copy(migrated_database, tmp_path / "meguriawase.db")
    environment = {
        **os.environ,
        "INSTANCE_DIR": str(tmp_path),
        "ENVIRONMENT": "test",
        "EMBEDDING_MODEL": "none",
        "DATABASE_URL": "",
    }
    worker = subprocess.Popen([sys.executable, "-m", "flask", "worker"], cwd=ROOT, env=environment)
    try:
        wait_for(lambda: readiness(tmp_path) == "ok")
        worker.send_signal(signal.SIGTERM)
        assert worker.wait(timeout=PATIENCE) == 0
    finally:
        worker.kill()
        worker.wait()
    assert readiness(tmp_path) == "never seen"


def readiness(folder: Path) -> str:
    """What ``/readyz`` says of the worker."""
    app = create_app(make_settings(folder))
    answer = app.test_client().get("/readyz").json
    with app.app_context():
        db.engine.dispose()
    assert answer is not None
    return str(answer["checks"]["worker"])


def wait_for(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.2)
