"""A release whose process is killed leaves nothing; pressed by many at once it happens once."""

from __future__ import annotations

import http.client
import sqlite3
import threading
import time
from pathlib import Path

import pytest
from flask import Flask

from matchmaker.core.db import db
from tests.working_groups.proposals.test_last_second import served
from tests.working_groups.reviews import steps
from tests.working_groups.reviews.world import World, build

SERVICE = "tests.working_groups.attacks.deadly_service:app"
PRESSES = 6


@pytest.fixture
def decided(app: Flask) -> World:
    """A call all of whose decisions are checked."""
    with app.app_context():
        world = build(app)
        steps.assign(world)
        for who in ("first", "second"):
            steps.hand_in(world, who, "bamboo", 5, 4)
            steps.hand_in(world, who, "food", 2, 2)
        steps.hand_in(world, "partial", "food", 2, 2)
        steps.decide_all(world)
        db.session.commit()
        return world


def test_all_or_nothing_and_each_mail_once(decided: World, tmp_path: Path) -> None:
    cookie = decided.client("secretary").get_cookie("session")
    assert cookie is not None
    (tmp_path / "bomb").touch()
    before = stored(tmp_path)
    with served(tmp_path, SERVICE) as port:
        assert press(port, decided, cookie.value) is None, "the process was killed"
        assert not (tmp_path / "bomb").exists()
        assert stored(tmp_path) == before, "nothing is left of it"
        answers = press_at_once(port, decided, cookie.value)
    assert set(answers) <= {302, 409}, answers
    assert 302 in answers
    after = stored(tmp_path)
    assert after["decisions"] == [("released",), ("released",)]
    assert after["calls"] == [("decided",)]
    assert after["proposals"] == [("adopted",), ("declined",)]
    assert len(after["groups"]) == 1
    assert {number for _address, number in after["mails"]} == {1}
    assert {a for a, _number in after["mails"]} >= {
        "lead@example.com", "partner@example.com", "outsider@example.com"
    }  # fmt: skip


def press_at_once(port: int, world: World, cookie: str) -> list[int | None]:
    """The button, pressed in several tabs at the same moment."""
    answers: list[int | None] = []
    threads = [
        threading.Thread(target=lambda: answers.append(press_patiently(port, world, cookie)))
        for _ in range(PRESSES)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=90)
    assert len(answers) == PRESSES
    return answers


def press_patiently(port: int, world: World, cookie: str) -> int | None:
    """Press again while the killed process is being replaced."""
    for _ in range(20):
        status = press(port, world, cookie)
        if status is not None:
            return status
        time.sleep(0.5)
    return None


def press(port: int, world: World, cookie: str) -> int | None:
    """Release; None when the connection broke."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        path = f"/calls/{world.call_id}/decisions/releases"
        connection.request("POST", path, b"", {"Cookie": f"session={cookie}"})
        return connection.getresponse().status
    except OSError:
        return None
    finally:
        connection.close()


def stored(folder: Path) -> dict[str, list[tuple[object, ...]]]:
    """What a release changes."""
    questions = {
        "decisions": "SELECT state FROM decisions",
        "calls": "SELECT state FROM calls",
        "proposals": "SELECT state FROM proposals ORDER BY number",
        "groups": "SELECT name FROM working_groups WHERE origin_proposal_id IS NOT NULL",
        "mails": "SELECT address, COUNT(*) FROM outbox_messages"
        " WHERE dedupe_key LIKE 'decision-released%' GROUP BY address",
        "audit": "SELECT COUNT(*) FROM audit_entries",
    }
    with sqlite3.connect(folder / "meguriawase.db") as connection:
        found = {name: connection.execute(text).fetchall() for name, text in questions.items()}
    connection.close()
    return found
