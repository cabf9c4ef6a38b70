"""Participants are asked once when a survey begins; those without an answer are reminded once."""

from __future__ import annotations

import uuid
from collections import Counter
from datetime import UTC, datetime, timedelta

from flask import Flask
from sqlalchemy import select

from matchmaker.core import clock
from matchmaker.core.db import db
from matchmaker.notifications.models import OutboxMessage
from matchmaker.notifications.registry import can_still_receive
from matchmaker.surveys.consequences import SUBJECT
from matchmaker.surveys.domain import reminder_due_at
from matchmaker.surveys.jobs import ask_for_answers
from matchmaker.surveys.queries import get_survey
from matchmaker.surveys.service import answer_survey
from tests.surveys.conftest import Gathering, MakeSurvey, actor_of


def subjects(app: Flask) -> Counter[str]:
    with app.app_context():
        query = select(OutboxMessage).where(OutboxMessage.subject_kind == SUBJECT)
        return Counter(message.subject for message in db.session.scalars(query))


def ask(app: Flask, moment: datetime) -> int:
    with app.app_context():
        return ask_for_answers(moment)


def answer(app: Flask, survey_id: uuid.UUID, person: uuid.UUID) -> None:
    with app.app_context():
        given = {"rating": ["good"]}
        answer_survey(get_survey(survey_id), given, actor_of(person), clock.now())
        db.session.commit()


def test_everybody_is_asked_once_and_reminded_once(
    app: Flask, make_survey: MakeSurvey, gathering: Gathering
) -> None:
    survey_id, now = make_survey(), clock.now()
    assert ask(app, now) == 1
    assert ask(app, now) == 0
    assert subjects(app) == {"アンケートへの回答のお願い：集まりのあとで": 6}
    answer(app, survey_id, gathering.people[0])
    assert ask(app, now + timedelta(days=6)) == 0
    assert ask(app, now + timedelta(days=8)) == 1
    assert ask(app, now + timedelta(days=9)) == 0
    assert subjects(app)["まもなく締め切りです：アンケートへの回答のお願い：集まりのあとで"] == 5


def test_nobody_is_asked_before_the_start_or_after_the_end(
    app: Flask, make_survey: MakeSurvey
) -> None:
    make_survey(begins=timedelta(hours=2), ends=timedelta(hours=3))
    now = clock.now()
    assert ask(app, now) == 0
    assert ask(app, now + timedelta(hours=4)) == 0
    assert subjects(app) == {}


def test_waiting_mail_is_held_back_from_those_who_answered(
    app: Flask, make_survey: MakeSurvey, gathering: Gathering
) -> None:
    survey_id = make_survey()
    answer(app, survey_id, gathering.people[0])
    with app.app_context():
        assert not can_still_receive(SUBJECT, gathering.people[0], survey_id)
        assert can_still_receive(SUBJECT, gathering.people[1], survey_id)
        assert not can_still_receive(SUBJECT, gathering.organizer, survey_id)
        assert not can_still_receive(SUBJECT, gathering.people[1], uuid.uuid4())


def test_the_mail_says_what_when_and_where(app: Flask, make_survey: MakeSurvey) -> None:
    survey_id = make_survey(is_anonymous=True)
    ask(app, clock.now())
    with app.app_context():
        body = db.session.scalars(select(OutboxMessage.body)).first() or ""
    assert f"/surveys/{survey_id}" in body
    assert "竹の利用の集まり" in body
    assert "だれの回答かは、記録に残りません" in body
    assert "年" in body.split("締め切り：")[1]


def test_short_surveys_are_remembered_half_way() -> None:
    begin = datetime(2026, 12, 31, 0, 0, tzinfo=UTC)
    assert reminder_due_at(begin, begin + timedelta(days=2)) == begin + timedelta(days=1)
    assert reminder_due_at(begin, begin + timedelta(days=14)) == begin + timedelta(days=11)
