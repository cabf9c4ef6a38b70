"""Mails that bounce: a real mail server refuses one address for good and another for now."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from flask import Flask
from sqlalchemy import select

from matchmaker.app import create_app
from matchmaker.core import clock
from matchmaker.core.db import db
from matchmaker.notifications.domain import BACK_OFF
from matchmaker.notifications.jobs import deliver_due
from matchmaker.regional_events.registrations.models import Attendee
from tests.conftest import make_settings
from tests.notifications.conftest import Mailbox, free_port
from tests.regional_events.builders import make_registration, person_data
from tests.regional_events.registrations.booking_world import BookingWorld

GONE, BUSY, FINE = "gone@example.jp", "busy@example.jp", "fine@example.jp"


class PickyMailbox(Mailbox):
    """Refuses recipients by address."""

    def __init__(self) -> None:
        super().__init__()
        self.answers = {GONE: "550 5.1.1 no such user here", BUSY: "450 4.2.2 mailbox is busy"}

    async def handle_RCPT(  # noqa: N802 - the name is the server's
        self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any
    ) -> str:
        """Take or refuse one recipient."""
        if address in self.answers:
            return self.answers[address]
        envelope.rcpt_tos.append(address)
        return "250 taken"


@pytest.fixture
def mailbox() -> PickyMailbox:
    """Where the server puts mail."""
    return PickyMailbox()


@pytest.fixture
def app(migrated_database: Path, tmp_path: Path, mailbox: PickyMailbox) -> Iterator[Flask]:
    """An application that sends to a picky server on loopback."""
    controller = Controller(mailbox, hostname="127.0.0.1", port=free_port())
    controller.start()
    shutil.copy(migrated_database, tmp_path / "meguriawase.db")
    settings = make_settings(tmp_path, smtp_host="127.0.0.1", smtp_port=controller.port)
    app = create_app(settings)
    yield app
    controller.stop()
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


def test_one_bounces_one_waits_and_the_others_get_theirs(app: Flask, mailbox: PickyMailbox) -> None:
    world = BookingWorld(app, capacity=9)
    now = clock.now()
    with app.app_context():
        event, room = world.event_and_room()
        people = [person_data(room, f"{a[:4]} 花子", email=a) for a in (GONE, BUSY, FINE)]
        made = make_registration(event, room, people=people, contact_email=FINE, now=now)
        registration_id = made.id
        db.session.commit()
        deliver_due(now)
    assert set(mailbox.recipients) == {FINE}
    states = {mail.address: (mail.state, mail.reason) for mail in world.mails("参加が確定")}
    assert states[GONE][0] == "failed"
    assert states[BUSY][0] == "waiting"
    assert states[FINE] == ("sent", "")
    page = world.visitor("desk@example.com").open(f"{world.base}/{registration_id}").text
    assert "550" in page
    assert "no such user here" in page
    del mailbox.answers[BUSY]
    with app.app_context():
        deliver_due(now + BACK_OFF[0] + timedelta(minutes=1))
        names = db.session.scalars(select(Attendee.state)).all()
    assert mailbox.recipients.count(BUSY) == 1
    assert mailbox.recipients.count(FINE) == 1
    assert GONE not in mailbox.recipients
    assert set(names) == {"confirmed"}, "a bounce takes nobody's seat"
