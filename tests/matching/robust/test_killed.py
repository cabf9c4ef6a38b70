"""A worker that is killed in the middle of prices or of a training: the next one does it, once."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from config import ROOT
from matchmaker.core import clock
from matchmaker.core.actor import SYSTEM
from matchmaker.core.db import db
from matchmaker.matching.exposure import jobs as exposure
from matchmaker.matching.exposure.models import ExposurePrice, ExposureRun
from matchmaker.matching.models import RankingVersion
from matchmaker.matching.releases import jobs, service
from matchmaker.matching.releases.domain import RequestKind, RequestState
from matchmaker.matching.releases.models import RankingRequest
from matchmaker.offerings.types import OFFERING
from tests.matching.conftest import index_all
from tests.matching.releases.conftest import Bench, bench, judged, misleading
from tests.posts.file_world import World, published

__all__ = ["bench", "judged", "misleading"]
PATIENCE = 120
WORKER = """
import sys, time
from pathlib import Path
from matchmaker.app import create_app
from matchmaker.core import clock
from matchmaker.core.actor import SYSTEM
from matchmaker.matching.exposure import jobs as exposure, service as prices
from matchmaker.matching.releases import jobs, service as versions, training
from tests.conftest import make_settings
from tests.matching.releases.conftest import use_encoder

def wait_to_be_killed(*_):
    print("in the middle", flush=True)
    time.sleep(600)

def after(function):
    def stopping(*args, **keywords):
        result = function(*args, **keywords)
        wait_to_be_killed()
        return result
    return stopping

def price():
    # All prices are written, but not yet committed.
    prices._forget_old_runs = wait_to_be_killed
    exposure.refresh_prices(clock.now())

def train():
    # The version is written, but the request is not ended yet.
    versions.store_version = after(versions.store_version)
    engine = use_encoder(app)
    jobs.current_workshop = lambda: training.Workshop(
        engine, jobs.current_engine().rules(), Path(sys.argv[3]), Path(sys.argv[1]) / "cache"
    )
    jobs.run_requests(clock.now())

app = create_app(make_settings(Path(sys.argv[1])))
with app.app_context():
    {"price": price, "train": train}[sys.argv[2]]()
"""


def kill_in_the_middle(app: Flask, *arguments: str) -> None:
    """Start a worker of its own process and kill it where it must hurt most."""
    folder = Path(app.config["SQLALCHEMY_DATABASE_URI"].removeprefix("sqlite:///")).parent
    process = subprocess.Popen(
        [sys.executable, "-c", WORKER, str(folder), *arguments],
        cwd=ROOT, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        assert process.stdout is not None
        lines = iter(process.stdout.readline, "")
        assert any(line == "in the middle\n" for line in lines), "it ended before it was killed"
        os.kill(process.pid, signal.SIGKILL)
    finally:
        process.kill()
        process.communicate(timeout=PATIENCE)


def count(model: type) -> int:
    return db.session.scalar(select(func.count()).select_from(model)) or 0


def test_prices_are_there_whole_or_not_at_all(world: World) -> None:
    with world.app.app_context():
        published(world)
        published(world, OFFERING)
        index_all()
        db.session.remove()
        kill_in_the_middle(world.app, "price")
        assert (count(ExposureRun), count(ExposurePrice)) == (0, 0)
        db.session.rollback()
        assert exposure.refresh_prices(clock.now()) == 1
        assert exposure.refresh_prices(clock.now()) == 0, "it is done for today"
        assert count(ExposureRun) == 1


def test_a_training_leaves_one_version_and_one_ended_request(
    bench: Bench,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with bench.app.app_context():
        service.request_run(RequestKind.TRAIN, SYSTEM, clock.now())
        db.session.commit()
        db.session.remove()
        kill_in_the_middle(bench.app, "train", str(bench.judged))
        request = db.session.scalars(select(RankingRequest)).one()
        assert request.state is RequestState.RUNNING, "it stands as the dead worker left it"
        assert request.attempts == 1
        assert count(RankingVersion) == 0
        db.session.remove()
        monkeypatch.setattr(jobs, "current_workshop", bench.workshop)
        assert jobs.run_requests(clock.now()) == 1
        assert jobs.run_requests(clock.now()) == 0
        request = db.session.scalars(select(RankingRequest)).one()
        assert (request.state, count(RankingVersion)) == (RequestState.DONE, 1)
