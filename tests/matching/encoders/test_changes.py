"""Another encoder takes over at once, when all texts are embedded and measured; nothing is lost."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, insert, select
from sqlalchemy.exc import IntegrityError

from config import ROOT
from embeddings.facts import NeedFacts
from embeddings.text import text_hash
from matchmaker.app import create_app
from matchmaker.core import clock
from matchmaker.core.actor import SYSTEM
from matchmaker.core.db import db
from matchmaker.core.errors import ProductError
from matchmaker.core.settings import current_settings
from matchmaker.matching.domain import RunState
from matchmaker.matching.encoders import jobs, queries, service
from matchmaker.matching.encoders.domain import why_refused
from matchmaker.matching.facts import to_json
from matchmaker.matching.live import live_encoder
from matchmaker.matching.models import EmbeddingRun, IndexEntry, PostVector
from tests.conftest import make_settings

Encoders = tuple[Path, Path]
PATIENCE = 240.0


@pytest.fixture
def small_set(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A judged set of two needs, so that measuring takes no time."""
    folder = tmp_path / "judged"
    folder.mkdir()
    for name in ("needs", "offerings"):
        rows = [
            f'{{"id": "{name}{i}", "title": "{title}"}}' for i, title in enumerate(("竹", "瓦"))
        ]
        (folder / f"{name}.jsonl").write_text("\n".join(rows), encoding="utf-8")
    (folder / "qrels.tsv").write_text("needs0\tofferings0\t3\nneeds1\tofferings1\t3\n")
    monkeypatch.setattr(jobs, "FROZEN_SETS", {"small": folder})


@contextmanager
def installation(app: Flask, model: Path | str) -> Iterator[Flask]:
    """The same database under another setting of the encoder."""
    folder = Path(app.config["SQLALCHEMY_DATABASE_URI"].removeprefix("sqlite:///")).parent
    other = create_app(make_settings(folder, embedding_model=str(model)))
    with other.app_context():
        yield other
        db.session.remove()
        db.engine.dispose()


def add_entries(number: int, first: int = 0) -> None:
    """Listed needs as indexing leaves them, still without vectors."""
    rows = []
    for i in range(first, first + number):
        facts = NeedFacts(
            id=str(uuid.uuid4()), title=f"竹林{i}", description="竹が道にたおれる。" * 5
        )
        rows.append(
            {
                "post_id": uuid.UUID(facts.id), "kind": "need", "seq": i + 1, "is_listed": True,
                "visibility": "public", "text_hash": text_hash(facts), "text_version": "1",
                "facts": to_json(facts), "words": "竹",
            }
        )  # fmt: skip
    db.session.execute(insert(IndexEntry), rows)
    db.session.commit()


def vectors_of(model: Path) -> int:
    query = select(func.count()).where(PostVector.model_id == str(model))
    return db.session.scalar(query.select_from(PostVector)) or 0


def serve_first(app: Flask, first: Path, number: int = 40) -> None:
    """An installation whose posts have vectors of the first encoder."""
    with installation(app, first):
        add_entries(number)
        assert jobs.follow_setting(clock.now()) == 0, "the first encoder is nobody's successor"
        encoder = jobs._load(str(first), clock.now())
        assert encoder is not None
        run = service.begin(str(first), encoder.model_id, clock.now())
        db.session.commit()
        while service.embed_batch(run, encoder, 64, clock.now()):
            run = queries.get_run(run.id)
        db.session.delete(queries.get_run(run.id))
        db.session.commit()


def states() -> dict[str, RunState]:
    return {Path(run.model).name: run.state for run in queries.recent_runs()}


@pytest.mark.usefixtures("small_set")
def test_the_old_vectors_serve_until_the_new_ones_are_complete_and_measured(
    app: Flask, encoders: Encoders
) -> None:
    first, second = encoders
    serve_first(app, first)
    with installation(app, second):
        assert live_encoder(current_settings()) == str(first), "a changed setting switches nothing"
        told: list[tuple[int, int]] = []
        seen: list[str] = []

        def report(done: int, total: int) -> None:
            told.append((done, total))
            seen.append(live_encoder(current_settings()))

        assert jobs.follow_setting(clock.now(), report) == 40
        assert told[0] == (16, 40) and told[-1] == (40, 40)
        assert set(seen) == {str(first)}
        assert live_encoder(current_settings()) == str(second)
        assert states() == {"first": RunState.RETIRED, "second": RunState.LIVE}
        assert vectors_of(first) == vectors_of(second) == 40, "going back stays possible"
        live = queries.run_in(RunState.LIVE)
        assert live is not None and set(live.figures["small"]) == {"live", "new", "needs"}
        assert jobs.follow_setting(clock.now()) == 0


@pytest.mark.usefixtures("small_set")
def test_a_post_that_comes_in_meanwhile_is_embedded_before_the_switch(
    app: Flask, encoders: Encoders
) -> None:
    first, second = encoders
    serve_first(app, first)
    with installation(app, second):
        fresh = iter([40, None])

        def report(_done: int, _total: int) -> None:
            if (number := next(fresh, None)) is not None:
                add_entries(1, first=number)

        jobs.follow_setting(clock.now(), report)
        assert vectors_of(second) == 41
        assert states()["second"] is RunState.LIVE


@pytest.mark.usefixtures("small_set")
def test_a_stopped_change_goes_on_where_it_was(app: Flask, encoders: Encoders) -> None:
    first, second = encoders
    serve_first(app, first)
    with installation(app, second):

        def stop(_done: int, _total: int) -> None:
            run = queries.run_in(RunState.RUNNING)
            assert run is not None
            service.stop(run, "夜に行うため", SYSTEM, clock.now())
            db.session.commit()

        assert jobs.follow_setting(clock.now(), stop) == 16
        assert states()["second"] is RunState.STOPPED
        assert jobs.follow_setting(clock.now()) == 0, "stopped by hand stays stopped"
        run = queries.last_run_of(str(second))
        assert run is not None
        with pytest.raises(ProductError, match="24件"):
            service.go_back(run, "早く使いたい", SYSTEM, clock.now())
        service.resume(run, SYSTEM, clock.now())
        db.session.commit()
        assert jobs.follow_setting(clock.now()) == 24
        assert states()["second"] is RunState.LIVE


@pytest.mark.usefixtures("small_set")
def test_what_was_set_aside_by_hand_does_not_come_back_by_itself(
    app: Flask, encoders: Encoders
) -> None:
    first, second = encoders
    serve_first(app, first)
    with installation(app, second):
        jobs.follow_setting(clock.now())
        former = queries.last_run_of(str(first))
        assert former is not None
        with pytest.raises(ProductError, match="理由"):
            service.go_back(former, "", SYSTEM, clock.now())
        service.go_back(former, "順番がおかしいという声", SYSTEM, clock.now())
        db.session.commit()
        assert live_encoder(current_settings()) == str(first)
        assert jobs.follow_setting(clock.now()) == 0
        assert states() == {"first": RunState.LIVE, "second": RunState.STOPPED}


def test_a_worse_encoder_is_refused_and_says_where(app: Flask, encoders: Encoders) -> None:
    first, second = encoders
    serve_first(app, first)
    worse = {"dev": {"live": 0.81, "new": 0.75, "needs": 48}, "real": {"live": 0.8, "new": 0.78}}
    assert why_refused(worse).count("dev") == 1 and "real" not in why_refused(worse)
    with installation(app, second):
        service.remember_serving(clock.now())
        run = service.begin(str(second), str(second), clock.now())
        service.decide(run, worse, clock.now())
        db.session.commit()
        assert states() == {"first": RunState.LIVE, "second": RunState.REFUSED}
        assert "0.810 → 0.750" in queries.get_run(run.id).message
        assert jobs.follow_setting(clock.now()) == 0, "a refused one is not tried again and again"


def test_a_model_that_cannot_be_loaded_leaves_the_present_one_and_a_note(
    app: Flask, encoders: Encoders, tmp_path: Path
) -> None:
    first, _second = encoders
    serve_first(app, first)
    with installation(app, tmp_path / "nothing"):
        assert jobs.follow_setting(clock.now()) == 0
        assert live_encoder(current_settings()) == str(first)
        assert states() == {"first": RunState.LIVE, "nothing": RunState.STOPPED}


def test_only_one_change_runs_and_only_one_encoder_is_live(app: Flask) -> None:
    with app.app_context():
        service.begin("a", "a", clock.now())
        with pytest.raises(IntegrityError):
            service.begin("b", "b", clock.now())
        db.session.rollback()
        for state in (RunState.LIVE, RunState.RUNNING):
            run = EmbeddingRun(
                model="x", model_id="x", state=state, figures={},
                started_at=clock.now(), updated_at=clock.now(),
            )  # fmt: skip
            db.session.add(run)
        db.session.commit()


def test_the_setting_none_ranks_by_words_whatever_was_live(app: Flask, encoders: Encoders) -> None:
    serve_first(app, encoders[0])
    with installation(app, "none"):
        assert live_encoder(current_settings()) == "none"
        assert jobs.follow_setting(clock.now()) == 0


@pytest.mark.usefixtures("small_set")
def test_a_killed_process_loses_nothing(app: Flask, encoders: Encoders) -> None:
    """The command is killed twice in the middle; the third time the change comes to its end."""
    first, second = encoders
    serve_first(app, first, number=600)
    folder = Path(app.config["SQLALCHEMY_DATABASE_URI"].removeprefix("sqlite:///")).parent
    for _ in range(2):
        _killed_after_progress(folder, second)
        with installation(app, second):
            assert live_encoder(current_settings()) == str(first)
            assert vectors_of(first) == 600
            db.session.rollback()
    with installation(app, second):
        embedded = vectors_of(second)
        assert 0 < embedded < 600
        db.session.rollback()
    with installation(app, second):
        assert jobs.follow_setting(clock.now()) == 600 - embedded, "nothing is embedded again"
    with installation(app, second):
        assert vectors_of(second) == 600
        assert queries.texts_without_vectors(str(second)) == 0
        assert states()["second"] in (RunState.LIVE, RunState.REFUSED)


def _follow(folder: Path, model: Path) -> subprocess.Popen[bytes]:
    environment = {
        **os.environ, "SECRET_KEY": "x" * 40, "INSTANCE_DIR": str(folder), "LOG_LEVEL": "ERROR",
        "EMBEDDING_MODEL": str(model), "ENVIRONMENT": "test", "OMP_NUM_THREADS": "1",
    }  # fmt: skip
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "encoder", "follow"]
    return subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL)


def _killed_after_progress(folder: Path, model: Path) -> None:
    before = _stored(folder, model)
    process = _follow(folder, model)
    ends = time.monotonic() + PATIENCE
    while _stored(folder, model) == before and process.poll() is None:
        assert time.monotonic() < ends, "the command embeds nothing"
        time.sleep(0.005)
    process.send_signal(signal.SIGKILL)
    process.wait()


def _stored(folder: Path, model: Path) -> int:
    connection = sqlite3.connect(folder / "meguriawase.db", timeout=10)
    query = "SELECT COUNT(*) FROM post_vectors WHERE model_id = ?"
    try:
        return int(connection.execute(query, (str(model),)).fetchone()[0])
    finally:
        connection.close()
