"""An event that is held right now and takes questions, with moderators and audience."""

from __future__ import annotations

import re
import uuid
from datetime import datetime, timedelta

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from matchmaker.accounts.models import User
from matchmaker.accounts.service import create_user, grant_global_role
from matchmaker.core import clock
from matchmaker.core.actor import SYSTEM, Actor, GlobalRole
from matchmaker.core.db import db, new_id
from matchmaker.regional_events.floor import service
from matchmaker.regional_events.floor.domain import QuestionKind, QuestionMove, QuestionSource
from matchmaker.regional_events.floor.keys import guest_key, room_code
from matchmaker.regional_events.floor.models import FloorQuestion
from matchmaker.regional_events.floor.moderation import move_question
from matchmaker.regional_events.floor.policy import Voice
from matchmaker.regional_events.floor.queries import floor_of
from matchmaker.regional_events.planning import queries
from matchmaker.regional_events.planning.domain import Duty
from matchmaker.regional_events.planning.models import EventStaff, RegionalEvent
from matchmaker.regional_events.planning.programme.models import ProgrammeSession
from matchmaker.regional_events.registrations.domain import PersonData, RegistrationData, Source
from matchmaker.regional_events.registrations.models import Attendee
from matchmaker.regional_events.registrations.service import register
from tests.regional_events.builders import make_event, make_track

PASSWORD = "midori-no-yama-42"
PEOPLE = ("secretariat", "moderator", "second", "outsider")
TOKEN = re.compile(r'name="submission_key"[^>]*value="([^"]+)"')


class FloorWorld:
    """The application with an event that began half an hour ago.

    Args:
        app: an application on an empty, migrated database.
        begins_in: from now until the start; negative for an event that is on.
    """

    def __init__(self, app: Flask, begins_in: timedelta = timedelta(minutes=-30)) -> None:
        app.config["WTF_CSRF_ENABLED"] = False
        self.app = app
        self.now = clock.now()
        self.users: dict[str, uuid.UUID] = {}
        with app.app_context():
            self._people()
            self._event(self.now + begins_in)
            db.session.commit()

    def _people(self) -> None:
        for name in PEOPLE:
            user = create_user(f"{name}@example.com", name, PASSWORD, self.now)
            self.users[name] = user.id
            if name == "secretariat":
                grant_global_role(user, GlobalRole.SECRETARIAT, now=self.now)

    def _event(self, starts_at: datetime) -> None:
        event = make_event(
            self.now,
            starts_at=starts_at,
            ends_at=starts_at + timedelta(hours=2),
            opens_at=self.now - timedelta(days=20),
        )
        self.event_id = event.id
        self.track_id = make_track(event, name="大会議室", capacity=50).id
        session = ProgrammeSession(
            event_id=event.id, position=0, title="パネル討論", starts_at=starts_at,
            ends_at=starts_at + timedelta(hours=1), takes_questions=True,
        )  # fmt: skip
        db.session.add(session)
        for name in ("moderator", "second"):
            duty = EventStaff(
                event_id=event.id, user_id=self.users[name], duty=Duty.MODERATION,
                created_at=self.now,
            )  # fmt: skip
            db.session.add(duty)
        db.session.flush()
        self.session_id = session.id

    @property
    def event(self) -> RegionalEvent:
        """The event, in the present session."""
        return queries.get_event(self.event_id)

    def actor(self, name: str = "moderator") -> Actor:
        """Somebody as policies see them."""
        user = db.session.get_one(User, self.users[name])
        return Actor(user_id=user.id, name=name)

    def voice(self, name: str = "a", **changes: bool) -> Voice:
        """A guest in the room."""
        return Voice(guest_key(self.event_id, name), is_guest=changes.get("is_guest", True))

    def ask(self, text: str, name: str = "a", *, accept: bool = False) -> FloorQuestion:
        """A question of a guest in the room."""
        question = service.ask(
            self.event, text, QuestionKind.QUESTION, QuestionSource.ROOM, self.voice(name),
            self.now, service.AskOptions(submission_key=new_id().hex),
        )  # fmt: skip
        if accept:
            self.move(question, QuestionMove.ACCEPT)
        return question

    def stored(self, text: str, name: str = "a", *, accept: bool = True) -> uuid.UUID:
        """The same, committed, for tests over HTTP."""
        with self.app.app_context():
            question_id = self.ask(text, name, accept=accept).id
            db.session.commit()
            return question_id

    def move(self, question: FloorQuestion, move: QuestionMove, words: str = "") -> None:
        """A step of a moderator who sees the question as it is."""
        actor = self.actor()
        move_question(question, move, question.revision, actor, self.now, words=words)

    def attendee(self, name: str = "環境 花子") -> Attendee:
        """Somebody with a seat and without an account."""
        data = RegistrationData(
            people=[PersonData(name=name, track_id=self.track_id)],
            contact_name=name, contact_email="", submission_key=new_id().hex,
            category="citizen", source=Source.DESK,
        )  # fmt: skip
        registration = register(self.event, data, SYSTEM, self.now - timedelta(hours=1))
        query = select(Attendee).where(Attendee.registration_id == registration.id)
        return db.session.scalars(query).one()

    def code(self) -> str:
        """What the screen in the room shows."""
        with self.app.app_context():
            return room_code(self.event_id, floor_of(self.event_id).join_version, clock.now())

    def client(self, name: str = "moderator") -> FlaskClient:
        """A browser in which somebody is signed in; nobody for ``visitor``."""
        client = self.app.test_client()
        if name != "visitor":
            answer = client.post(
                "/sign-in", data={"email": f"{name}@example.com", "password": PASSWORD}
            )
            assert answer.status_code == 302, answer.text
        return client

    def guest(self) -> FlaskClient:
        """A browser that joined by the code of the room."""
        client = self.app.test_client()
        answer = client.get(self.address("/entrances"), query_string={"code": self.code()})
        assert answer.status_code == 302, answer.text
        return client

    def address(self, rest: str = "") -> str:
        """Path of a page of the floor."""
        return f"/regional-events/{self.event_id}/floor{rest}"
