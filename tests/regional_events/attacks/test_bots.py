"""Programs that register: caught by the hidden field, by haste, by numbers; and forged starts."""

from __future__ import annotations

import uuid
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from itsdangerous import URLSafeSerializer
from sqlalchemy import func, select

from matchmaker.app import create_app
from matchmaker.core import clock
from matchmaker.core.db import db
from matchmaker.notifications.models import OutboxMessage
from matchmaker.regional_events.registrations.forms import ENTRY_SALT, start_mark, started_at
from matchmaker.regional_events.registrations.models import Registration
from tests.conftest import make_settings
from tests.regional_events.registrations.booking_world import BookingWorld

SAME_ADDRESS_MOST, FROM_ONE_PLACE_MOST = 10, 60


def counts(app: Flask) -> tuple[int, int]:
    """Registrations and mails."""
    with app.app_context():
        kinds = (Registration, OutboxMessage)
        first, second = (db.session.scalar(select(func.count()).select_from(k)) for k in kinds)
        return int(first or 0), int(second or 0)


@pytest.mark.parametrize("mark", ["", "x", "1.e30", "WzFd.x", "é", "x" * 5000])
def test_forged_starts_register_nobody(app: Flask, mark: str) -> None:
    world = BookingWorld(app)
    page = world.register(started=mark)
    assert page.status_code == 422
    assert "区別できませんでした" in page.text
    assert counts(app) == (0, 0)


def test_a_start_in_the_future_is_none(app: Flask) -> None:
    world = BookingWorld(app)
    with app.app_context():
        ahead = start_mark(clock.now() + timedelta(days=1))
    assert world.register(started=ahead).status_code == 422
    assert counts(app) == (0, 0)


def test_an_installation_without_a_set_key_signs_with_its_own(tmp_path: Path) -> None:
    app = create_app(make_settings(tmp_path, secret_key=""))
    forged = URLSafeSerializer("", salt=ENTRY_SALT).dumps(1.0)
    with app.app_context():
        assert started_at(forged) is None
        now = clock.now()
        assert started_at(start_mark(now)) == now
        db.engine.dispose()


def test_the_eleventh_with_one_address_is_told_so_and_stores_nothing(app: Flask) -> None:
    world = BookingWorld(app, capacity=50)
    for number in range(SAME_ADDRESS_MOST):
        assert world.register(submission_key=str(number)).status_code == 302
    before = counts(app)
    spellings = ("hanako@example.net", "HANAKO@example.net", " hanako@example.net ")
    for spelling in spellings:
        page = world.register(submission_key=uuid.uuid4().hex, contact_email=spelling)
        assert page.status_code == 429
        assert "しばらく" in page.text
    assert counts(app) == before


def test_one_place_registers_sixty_a_minute_at_most(app: Flask) -> None:
    world = BookingWorld(app, capacity=200)
    visitor, statuses = world.visitor(), []
    for number in range(FROM_ONE_PLACE_MOST + 5):
        answer = world.register(
            visitor, contact_email=f"bot{number}@example.net", website="https://spam.example"
        )
        statuses.append(answer.status_code)
    assert statuses == [422] * FROM_ONE_PLACE_MOST + [429] * 5
    assert counts(app) == (0, 0)
