"""Sending in, confirming by link, cancelling."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from matchmaker.core.actor import SYSTEM, VISITOR
from matchmaker.core.db import db
from matchmaker.regional_events.registrations.domain import AttendeeState
from matchmaker.regional_events.registrations.models import Attendee
from matchmaker.regional_events.registrations.service import (
    cancel_attendee,
    confirm_registration,
    restore_attendee,
)
from tests.regional_events.builders import make_event, make_registration, make_track

NOW = datetime(2026, 11, 2, 3, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def context(app: Flask) -> Iterator[None]:
    with app.app_context():
        yield


def states() -> list[str]:
    return [a.state.value for a in db.session.scalars(select(Attendee).order_by(Attendee.id))]


def test_smoke() -> None:
    event = make_event(NOW, hold_hours=0)
    track = make_track(event, capacity=1)
    first = make_registration(event, track, now=NOW)
    make_registration(event, track, now=NOW)
    assert states() == ["confirmed", "waiting"]
    guest = make_registration(event, track, now=NOW, actor=VISITOR)
    assert states() == ["confirmed", "waiting", "pending"]
    confirm_registration(guest, NOW)
    one = db.session.scalars(select(Attendee).where(Attendee.registration_id == first.id)).one()
    cancel_attendee(one, "", SYSTEM, NOW)
    assert states() == ["cancelled", "confirmed", "waiting"]
    restore_attendee(one, "まちがい", SYSTEM, NOW)
    assert states() == ["waiting", "confirmed", "waiting"]
    assert one.state is AttendeeState.WAITING
    assert timedelta(0) == timedelta(0)
