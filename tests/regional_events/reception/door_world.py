"""An event that is held right now, with people of the reception, for the tests of the door."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from matchmaker.accounts.models import User
from matchmaker.accounts.service import create_user, grant_global_role
from matchmaker.core import clock
from matchmaker.core.actor import SYSTEM, Actor, GlobalRole
from matchmaker.core.db import db, new_id
from matchmaker.regional_events.planning import queries
from matchmaker.regional_events.planning.domain import Duty, TrackKind
from matchmaker.regional_events.planning.models import EventStaff, RegionalEvent, Track
from matchmaker.regional_events.registrations.domain import (
    PersonData,
    RegistrationData,
    Source,
)
from matchmaker.regional_events.registrations.models import Attendee
from matchmaker.regional_events.registrations.service import register
from tests.regional_events.builders import make_event, make_track

PASSWORD = "midori-no-yama-42"
CAPACITY = 10
PEOPLE = ("secretariat", "receptionist", "outsider")


class DoorWorld:
    """The application with an event that began half an hour ago.

    Args:
        app: an application on an empty, migrated database.
        now: the present moment; the real one when left out.
        csrf: whether forms need their token.
        capacity: chairs in the room.
    """

    def __init__(
        self,
        app: Flask,
        now: datetime | None = None,
        *,
        csrf: bool = False,
        capacity: int = CAPACITY,
    ) -> None:
        app.config["WTF_CSRF_ENABLED"] = csrf
        self.app = app
        self.now = now or clock.now()
        self.users: dict[str, uuid.UUID] = {}
        with app.app_context():
            self._people()
            self._event(capacity)
            db.session.commit()

    def _people(self) -> None:
        for name in PEOPLE:
            user = create_user(f"{name}@example.com", name, PASSWORD, self.now)
            self.users[name] = user.id
            if name == "secretariat":
                grant_global_role(user, GlobalRole.SECRETARIAT, now=self.now)

    def _event(self, capacity: int) -> None:
        starts_at = self.now - timedelta(minutes=30)
        event = make_event(
            self.now,
            starts_at=starts_at,
            ends_at=self.now + timedelta(hours=2),
            opens_at=self.now - timedelta(days=20),
        )
        self.event_id = event.id
        self.room_id = make_track(event, name="大会議室", capacity=capacity).id
        stream = make_track(
            event, name="オンライン配信", kind=TrackKind.ONLINE, capacity=None, position=1
        )
        self.stream_id = stream.id
        staff = EventStaff(
            event_id=event.id, user_id=self.users["receptionist"], duty=Duty.RECEPTION,
            created_at=self.now,
        )  # fmt: skip
        db.session.add(staff)

    @property
    def event(self) -> RegionalEvent:
        """The event, in the present session."""
        return queries.get_event(self.event_id)

    @property
    def room(self) -> Track:
        """The room, in the present session."""
        return db.session.get_one(Track, self.room_id)

    def actor(self, name: str = "receptionist") -> Actor:
        """Somebody as policies see them."""
        user = db.session.get_one(User, self.users[name])
        roles = frozenset({GlobalRole.SECRETARIAT} if name == "secretariat" else ())
        return Actor(user_id=user.id, name=name, global_roles=roles)

    def client(self, name: str = "receptionist") -> FlaskClient:
        """A browser in which somebody is signed in."""
        client = self.app.test_client()
        if name != "visitor":
            answer = client.post(
                "/sign-in", data={"email": f"{name}@example.com", "password": PASSWORD}
            )
            assert answer.status_code == 302, answer.text
        return client

    def person(
        self, name: str, track_id: uuid.UUID | None = None, organization: str = "", **changes: Any
    ) -> Attendee:
        """Somebody whom the staff registered the day before."""
        data = RegistrationData(
            people=[PersonData(name=name, track_id=track_id or self.room_id, **changes)],
            contact_name=name,
            contact_email="",
            submission_key=new_id().hex,
            organization_name=organization,
            category="other" if organization else "citizen",
            source=Source.DESK,
        )
        registration = register(self.event, data, SYSTEM, self.now - timedelta(days=1))
        query = select(Attendee).where(Attendee.registration_id == registration.id)
        return db.session.scalars(query).one()

    def stored_person(self, name: str, **changes: Any) -> tuple[uuid.UUID, str]:
        """The same, committed, for tests over HTTP; gives id and code."""
        with self.app.app_context():
            attendee = self.person(name, **changes)
            db.session.commit()
            return attendee.id, attendee.code

    def address(self, rest: str = "") -> str:
        """Path of a page of the reception."""
        return f"/regional-events/{self.event_id}/reception{rest}"
