"""A worker that is killed in the middle of an import loses nothing and doubles nothing."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
import uuid
from pathlib import Path

from flask import Flask
from sqlalchemy import func, select

from config import ROOT
from matchmaker.core import clock
from matchmaker.core.db import db
from matchmaker.core.dialect import reading_only
from matchmaker.needs.models import Need
from matchmaker.needs.types import NEED
from matchmaker.posts.imports import jobs, queries, service
from matchmaker.posts.imports.domain import BATCH_ROWS, Choices, ImportMode, JobState
from matchmaker.posts.imports.models import ImportRow
from tests.posts.file_world import World, make_world, need_workbook

ROWS = BATCH_ROWS * 8
PATIENCE = 60
WORKER = """
import sys
from pathlib import Path
from matchmaker.app import create_app
from matchmaker.core import clock
from matchmaker.posts.imports import jobs
from tests.conftest import make_settings
app = create_app(make_settings(Path(sys.argv[1])))
with app.app_context():
    print("ready", flush=True)
    jobs.run_due_imports(clock.now())
"""


def started_import(world: World) -> uuid.UUID:
    """An import of 400 rows that waits for the worker."""
    with world.app.app_context():
        now = clock.now()
        content = need_workbook(ROWS)
        job = service.check(NEED, world.organization_id, "表.xlsx", content, world.editor, now)
        service.start(job, Choices(ImportMode.ALL), world.editor, now)
        job_id = job.id
        db.session.commit()
    return job_id


def written(app: Flask) -> int:
    with app.app_context(), reading_only():  # takes no lock that the worker waits for
        number = db.session.scalar(select(func.count()).select_from(Need)) or 0
        db.session.rollback()
    return number


def kill_in_the_middle(app: Flask, folder: Path) -> int:
    """Start a worker, kill it once some batches are written; gives the rows written."""
    worker = subprocess.Popen(
        [sys.executable, "-c", WORKER, str(folder)],
        cwd=ROOT, stdout=subprocess.PIPE, env={**os.environ, "OMP_NUM_THREADS": "1"},
    )  # fmt: skip
    try:
        deadline = time.monotonic() + PATIENCE
        while written(app) < BATCH_ROWS * 2 and time.monotonic() < deadline:
            time.sleep(0.02)
    finally:
        os.kill(worker.pid, signal.SIGKILL)
        worker.wait()
        assert worker.stdout is not None
        worker.stdout.close()
    return written(app)


def test_the_next_worker_goes_on_and_no_row_is_written_twice(app: Flask, tmp_path: Path) -> None:
    world = make_world(app)
    job_id = started_import(world)
    left_behind = kill_in_the_middle(app, tmp_path)
    assert BATCH_ROWS * 2 <= left_behind < ROWS
    assert left_behind % BATCH_ROWS == 0
    with app.app_context():
        jobs.run_due_imports(clock.now())
        job = queries.get_job(job_id)
        assert job is not None
        assert (job.state, job.steps_done) == (JobState.DONE, ROWS)
        titles = list(db.session.scalars(select(Need.title).order_by(Need.title)))
        assert len(titles) == len(set(titles)) == ROWS
        posts = set(db.session.scalars(select(ImportRow.post_id).order_by(ImportRow.row_number)))
        assert len(posts) == ROWS


def test_two_workers_at_once_write_each_row_once(app: Flask, tmp_path: Path) -> None:
    world = make_world(app)
    job_id = started_import(world)
    workers = [
        subprocess.Popen([sys.executable, "-c", WORKER, str(tmp_path)], cwd=ROOT) for _ in range(2)
    ]
    assert [worker.wait(timeout=PATIENCE * 3) for worker in workers] == [0, 0]
    with app.app_context():
        jobs.run_due_imports(clock.now())
        job = queries.get_job(job_id)
        assert job is not None
        assert job.state is JobState.DONE
    assert written(app) == ROWS
