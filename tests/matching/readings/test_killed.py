"""A worker that is killed while it reads loses nothing; two at once leave one reading a pair."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from config import ROOT
from matchmaker.core.db import db
from matchmaker.core.dialect import reading_only
from matchmaker.matching.readings.models import PairReading, PartnersRead
from matchmaker.matching.readings.service import CHUNK
from tests.matching.readings.world import SharedWords, stored, use, with_posts, work
from tests.posts.file_world import World

PATIENCE = 60
PAIRS = 3 * CHUNK
WORKER = """
import sys
import time
from pathlib import Path
from matchmaker.app import create_app
from tests.conftest import make_settings
from tests.matching.readings.world import SharedWords, use, work

class Slow(SharedWords):
    def read(self, pairs):
        time.sleep(float(sys.argv[2]))
        return super().read(pairs)

folder = Path(sys.argv[1])
app = create_app(make_settings(folder))
with app.app_context():
    use(app, Slow(trace=folder / "trace"))
    print("ready", flush=True)
    work()
"""


class Workers:
    """Worker processes on the database of a world."""

    def __init__(self, app: Flask) -> None:
        path = app.config["SQLALCHEMY_DATABASE_URI"].removeprefix("sqlite:///")
        self.folder = Path(path).parent
        self.processes: list[subprocess.Popen[str]] = []

    def start(self, seconds: float) -> subprocess.Popen[str]:
        """Start one that takes ``seconds`` for each chunk of pairs, and wait until it begins."""
        process = subprocess.Popen(
            [sys.executable, "-c", WORKER, str(self.folder), str(seconds)],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.processes.append(process)
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        return process

    def pairs_read(self) -> int:
        """How many pairs all of them read, twice-read ones twice."""
        path = self.folder / "trace"
        return len(path.read_text(encoding="utf-8").splitlines()) if path.exists() else 0


@pytest.fixture
def workers(app: Flask) -> Iterator[Workers]:
    """They are gone at the end, whatever the test did."""
    started = Workers(app)
    yield started
    for process in started.processes:
        if process.poll() is None:
            process.kill()
        process.communicate()


def test_a_killed_worker_loses_at_most_the_pairs_it_was_reading(
    world: World, workers: Workers
) -> None:
    with world.app.app_context():
        with_posts(world, 1, PAIRS)
        process = workers.start(seconds=0.5)
        deadline = time.monotonic() + PATIENCE
        while stored() < CHUNK and time.monotonic() < deadline:
            time.sleep(0.02)
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
        assert 0 < stored() < PAIRS, "it was not killed in the middle"
        use(world.app, SharedWords(trace=workers.folder / "trace"))
        work()
        assert stored() == PAIRS
        assert workers.pairs_read() <= PAIRS + CHUNK


def test_two_workers_at_once_agree(world: World, workers: Workers) -> None:
    with world.app.app_context():
        with_posts(world, 2, 12)
        both = [workers.start(seconds=0.1), workers.start(seconds=0.1)]
        assert [process.wait(PATIENCE) for process in both] == [0, 0]
        assert stored() == 24
        with reading_only():
            pairs = select(PairReading.need_id, PairReading.offering_id).distinct()
            assert db.session.scalar(select(func.count()).select_from(pairs.subquery())) == 24
            assert set(db.session.scalars(select(PartnersRead.attempts))) == {0}
