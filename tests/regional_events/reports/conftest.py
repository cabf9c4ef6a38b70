"""A held event with people who came and people who did not, and browsers of its staff."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from matchmaker.accounts.service import create_user, grant_global_role
from matchmaker.core import clock
from matchmaker.core.actor import Actor, GlobalRole
from matchmaker.core.db import db
from matchmaker.regional_events.planning.domain import Duty, TrackKind
from matchmaker.regional_events.planning.models import EventStaff
from matchmaker.regional_events.planning.queries import get_event
from matchmaker.regional_events.reception.domain import CheckInWay
from matchmaker.regional_events.reception.models import CheckIn
from matchmaker.regional_events.registrations.models import Attendee, Registration
from matchmaker.regional_events.registrations.queries import get_registration
from tests.regional_events.builders import make_event, make_registration, make_track

PASSWORD = "midori-no-yama-42"
COORDINATOR = Actor(
    user_id=uuid.UUID(int=7), name="調整 太郎", global_roles=frozenset({GlobalRole.SECRETARIAT})
)


@dataclass(slots=True)
class Held:
    """What :func:`held` made.

    Args:
        event_id: it ended an hour ago.
        came: attendees who were checked in.
        missed: attendees with a seat who were not.
        now: when the test began.
    """

    event_id: uuid.UUID
    came: list[uuid.UUID]
    missed: list[uuid.UUID]
    now: datetime


Hold = Callable[..., Held]


def people_of(registration: Registration) -> list[Attendee]:
    """The people of a registration, loaded anew."""
    return get_registration(registration.id).attendees


def check_in(attendee: Attendee, at: datetime) -> None:
    """Note that somebody was there."""
    row = CheckIn(
        event_id=attendee.event_id, attendee_id=attendee.id, way=CheckInWay.LIST, at=at,
        received_at=at,
    )  # fmt: skip
    db.session.add(row)


@pytest.fixture
def hold(app: Flask) -> Hold:
    """Makes an event that is over, with guests; some of them came."""

    def make(came: int = 6, missed: int = 2) -> Held:
        with app.app_context():
            now = clock.now()
            event = make_event(now)
            track = make_track(event, capacity=max(10, came + missed))
            make_track(event, kind=TrackKind.ARCHIVE, name="録画", capacity=None)
            people = [
                people_of(make_registration(event, track, (f"参加 者{number}",)))[0]
                for number in range(came + missed)
            ]
            for person in people[:came]:
                check_in(person, now)
            event = get_event(event.id)
            event.starts_at, event.ends_at = now - timedelta(hours=4), now - timedelta(hours=1)
            db.session.commit()
            ids = [person.id for person in people]
            return Held(event.id, ids[:came], ids[came:], now)

    return make


SignIn = Callable[..., FlaskClient]


@pytest.fixture
def signed_in(app: Flask) -> SignIn:
    """A browser with somebody signed in: ``secretariat``, a duty, or ``stranger``."""
    app.config["WTF_CSRF_ENABLED"] = False

    def sign_in(name: str, event_id: uuid.UUID | None = None) -> FlaskClient:
        with app.app_context():
            now = clock.now()
            user = create_user(f"{name}@example.com", name, PASSWORD, now)
            if name == "secretariat":
                grant_global_role(user, GlobalRole.SECRETARIAT, now=now)
            if name in set(Duty) and event_id is not None:
                db.session.add(
                    EventStaff(event_id=event_id, user_id=user.id, duty=Duty(name), created_at=now)
                )
            db.session.commit()
        client = app.test_client()
        sent = {"email": f"{name}@example.com", "password": PASSWORD}
        assert client.post("/sign-in", data=sent).status_code == 302
        return client

    return sign_in
