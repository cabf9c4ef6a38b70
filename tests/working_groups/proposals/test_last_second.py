"""Fifty proposals handed in within the last second, over HTTP, in real processes."""

from __future__ import annotations

import os
import socket
import sqlite3
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask

from config import ROOT
from matchmaker.core import clock
from matchmaker.core.db import db
from matchmaker.working_groups.calls.models import Call
from tests.working_groups.proposals.world import PLAN, World, browser

PROPOSALS = 50
WRITERS = ("officer", "maker", "hauler")
LAST_SECONDS = 1.0
ENVIRONMENT = {
    "ENVIRONMENT": "test",
    "SECRET_KEY": "test-secret-key-of-a-test-installation-0123456789",
    "EMBEDDING_MODEL": "none",
    "LOG_LEVEL": "ERROR",
    "OMP_NUM_THREADS": "1",
}


@pytest.fixture
def crowd(app: Flask, built: World) -> list[tuple[str, str]]:
    """Session cookie and address of the submission for each of fifty proposals."""
    with app.app_context():
        leads = [WRITERS[number % len(WRITERS)] for number in range(PROPOSALS)]
        made = [(name, built.write(built.begin(name), name, plan=PLAN).id) for name in leads]
        db.session.commit()
    cookies = {name: _session(app, name) for name in WRITERS}
    return [(cookies[name], f"/proposals/{id_}/submission") for name, id_ in made]


def _session(app: Flask, name: str) -> str:
    cookie = browser(app, name).get_cookie("session")
    assert cookie is not None
    return cookie.value


def test_each_is_kept_or_refused_by_the_clock_and_told(
    app: Flask, built: World, crowd: list[tuple[str, str]], tmp_path: Path
) -> None:
    with served(tmp_path) as port:
        deadline = clock.now() + timedelta(seconds=4)
        _close_at(app, built, deadline)
        answers = _hand_in_at_once(port, crowd, deadline)
    accepted = [address for address, status, _body in answers if status == 302]
    refused = [body for _address, status, body in answers if status != 302]
    assert len(answers) == PROPOSALS
    assert accepted, "at least those who came first are in time"
    assert all("締切" in body and "過ぎたため、提出できません" in body for body in refused)
    _check_what_is_stored(tmp_path, accepted, deadline)


def _close_at(app: Flask, built: World, deadline: datetime) -> None:
    with app.app_context():
        db.session.get_one(Call, built.call_id).closes_at = deadline
        db.session.commit()


def _hand_in_at_once(
    port: int, crowd: list[tuple[str, str]], deadline: datetime
) -> list[tuple[str, int, str]]:
    """All press within the last second; some of them just too late."""
    answers: list[tuple[str, int, str]] = []

    def press(cookie: str, address: str, moment: float) -> None:
        time.sleep(max(0.0, moment - time.time()))
        answers.append((address, *_post(port, cookie, address)))

    start = deadline.timestamp() - LAST_SECONDS
    step = (LAST_SECONDS + 0.2) / PROPOSALS
    threads = [
        threading.Thread(target=press, args=(cookie, address, start + number * step))
        for number, (cookie, address) in enumerate(crowd)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return answers


class _Stay(urllib.request.HTTPRedirectHandler):
    """A redirect is the answer."""

    def redirect_request(self, *_args: object, **_more: object) -> None:
        return None


def _post(port: int, cookie: str, address: str) -> tuple[int, str]:
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}{address}", data=b"", headers={"Cookie": f"session={cookie}"}
    )
    try:
        with urllib.request.build_opener(_Stay).open(request, timeout=60) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


def _check_what_is_stored(folder: Path, accepted: list[str], deadline: datetime) -> None:
    """Kept are those who were told so, in time, with numbers without gaps and one mail each."""
    with sqlite3.connect(folder / "meguriawase.db") as connection:
        rows = connection.execute(
            "SELECT number, submitted_at, state FROM proposals WHERE number IS NOT NULL"
        ).fetchall()
        mails = connection.execute(
            "SELECT subject_id, COUNT(*) FROM outbox_messages"
            " WHERE dedupe_key LIKE 'proposal-submit:%' GROUP BY subject_id"
        ).fetchall()
        (last,) = connection.execute("SELECT MAX(last_number) FROM calls").fetchone()
    connection.close()
    assert sorted(number for number, _at, _state in rows) == list(range(1, len(accepted) + 1))
    assert last == len(accepted)
    assert {state for _number, _at, state in rows} == {"submitted"}
    moments = [datetime.fromisoformat(at).replace(tzinfo=UTC) for _number, at, _state in rows]
    assert max(moments) < deadline
    assert len(mails) == len(accepted)
    assert {count for _proposal, count in mails} == {1}


@contextmanager
def served(
    folder: Path, application: str = "tests.working_groups.proposals.open_service:app"
) -> Iterator[int]:
    """The real web process with its workers on the database of the test."""
    port = _free_port()
    environment = {**os.environ, **ENVIRONMENT, "INSTANCE_DIR": str(folder)}
    with (folder / "web.log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "gunicorn", "-c", "gunicorn.conf.py", "-w", "2",
             "--threads", "4", "-b", f"127.0.0.1:{port}", application],
            cwd=ROOT, env=environment, stdout=log, stderr=log,
        )  # fmt: skip
        try:
            _wait_until_ready(port, process, folder / "web.log")
            yield port
        finally:
            process.terminate()
            process.wait(timeout=30)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_until_ready(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    for _ in range(300):
        assert process.poll() is None, log.read_text()
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5):
                return
        except OSError:
            time.sleep(0.1)
    raise AssertionError(log.read_text())
