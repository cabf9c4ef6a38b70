"""A release whose process is killed leaves nothing; pressed by many at once it happens once."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask

from matchmaker.core.db import db
from tests.attacks.pressing import SERVICE, Service, ask
from tests.working_groups.proposals.test_last_second import served
from tests.working_groups.reviews import steps
from tests.working_groups.reviews.world import World, build

MAILS = (
    "SELECT address, COUNT(*) FROM outbox_messages"
    " WHERE dedupe_key LIKE 'decision-released%' GROUP BY address"
)


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
    path = f"/calls/{decided.call_id}/decisions/releases"
    with served(tmp_path, SERVICE) as port:
        service = Service(port, tmp_path, {"secretary": cookie.value})
        answers = service.killed_then_pressed("DecisionReleased", "secretary", path, {})
    assert set(answers) <= {302, 409}, answers
    assert 302 in answers
    assert ask(tmp_path, "SELECT state FROM decisions") == [("released",), ("released",)]
    assert ask(tmp_path, "SELECT state FROM calls") == [("decided",)]
    states = ask(tmp_path, "SELECT state FROM proposals ORDER BY number")
    assert states == [("adopted",), ("declined",)]
    groups = "SELECT name FROM working_groups WHERE origin_proposal_id IS NOT NULL"
    assert len(ask(tmp_path, groups)) == 1
    sent = ask(tmp_path, MAILS)
    assert {number for _address, number in sent} == {1}
    assert {address for address, _number in sent} >= {
        "lead@example.com",
        "partner@example.com",
        "outsider@example.com",
    }
