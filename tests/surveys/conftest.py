"""A gathering with participants and an organiser, and browsers in which they are signed in."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from matchmaker.accounts.models import User
from matchmaker.accounts.service import create_user
from matchmaker.core import clock
from matchmaker.core.actor import SYSTEM, Actor
from matchmaker.core.db import db
from matchmaker.surveys.models import Survey
from matchmaker.surveys.registry import SurveySubject, register_subject
from matchmaker.surveys.service import create_survey

PASSWORD = "midori-no-yama-42"
KIND = "tests:gathering"
GATHERING = uuid.UUID("00000000-0000-0000-0000-0000000ca11e")
QUESTIONS: list[dict[str, Any]] = [
    {
        "id": "rating",
        "kind": "choice",
        "label": "いかがでしたか",
        "required": True,
        "other": True,
        "options": [{"id": "good", "label": "よかった"}, {"id": "bad", "label": "よくなかった"}],
    },
    {
        "id": "reason",
        "kind": "text",
        "label": "よくなかった点",
        "required": True,
        "when": {"question": "rating", "options": ["bad"]},
    },
    {"id": "hours", "kind": "number", "label": "移動の時間", "unit": "時間", "decimals": 1},
]
FILES: list[dict[str, Any]] = [
    {"id": "paper", "kind": "file", "label": "資料", "required": True, "most_files": 2}
]


class Gathering:
    """Something that surveys are about.

    Args:
        people: ids of those who take part.
        organizer: id of who runs it.
    """

    def __init__(self, people: list[uuid.UUID], organizer: uuid.UUID) -> None:
        self.people = people
        self.organizer = organizer

    def subject(self) -> SurveySubject:
        """How it is asked about."""
        return SurveySubject(
            participants=lambda _id: [db.session.get_one(User, one) for one in self.people],
            can_answer=lambda actor, _id: actor.user_id in self.people,
            can_read_results=lambda actor, _id: actor.user_id == self.organizer,
            label=lambda _id: "竹の利用の集まり",
            url=lambda _id: "/",
        )


@pytest.fixture
def gathering(app: Flask) -> Iterator[Gathering]:
    """Six participants (``person0`` …), one organiser, one stranger."""
    app.config["WTF_CSRF_ENABLED"] = False
    names = [*(f"person{number}" for number in range(6)), "organizer", "stranger"]
    with app.app_context():
        now = clock.now()
        users = [create_user(f"{n}@example.com", n, PASSWORD, now).id for n in names]
        db.session.commit()
    made = Gathering(users[:6], users[6])
    register_subject(KIND, made.subject())
    yield made


SignIn = Callable[[str], FlaskClient]


@pytest.fixture
def signed_in(app: Flask, gathering: Gathering) -> SignIn:
    """A browser in which the person of that name is signed in."""

    def sign_in(name: str) -> FlaskClient:
        client = app.test_client()
        data = {"email": f"{name}@example.com", "password": PASSWORD}
        assert client.post("/sign-in", data=data).status_code == 302
        return client

    return sign_in


MakeSurvey = Callable[..., uuid.UUID]


@pytest.fixture
def make_survey(app: Flask, gathering: Gathering) -> MakeSurvey:
    """Makes a survey that began an hour ago and gives its id."""

    def make(
        questions: list[dict[str, Any]] = QUESTIONS,
        *,
        begins: timedelta = timedelta(hours=-1),
        ends: timedelta = timedelta(days=10),
        is_anonymous: bool = False,
    ) -> uuid.UUID:
        with app.app_context():
            now = clock.now()
            survey = create_survey(
                KIND, GATHERING, "集まりのあとで", questions, now + begins, now + ends, SYSTEM, now,
                is_anonymous,
            )  # fmt: skip
            db.session.commit()
            return survey.id

    return make


def actor_of(user_id: uuid.UUID) -> Actor:
    """Somebody without a role."""
    return Actor(user_id=user_id, name="参加者")


def end_survey(app: Flask, survey_id: uuid.UUID, at: datetime | None = None) -> None:
    """Let a survey be over."""
    with app.app_context():
        survey = db.session.get_one(Survey, survey_id)
        survey.closes_at = at or clock.now() - timedelta(seconds=1)
        db.session.commit()
