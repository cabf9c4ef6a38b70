"""Reads of surveys and their answers."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select

from matchmaker.accounts.models import User
from matchmaker.core.actor import Actor
from matchmaker.core.db import db
from matchmaker.core.errors import NotFound
from matchmaker.surveys.models import (
    Survey,
    SurveyAnswer,
    SurveyGuestParticipation,
    SurveyParticipation,
)
from matchmaker.surveys.policy import Standing
from matchmaker.surveys.registry import subject_of_kind

MOST_OF_SUBJECT = 50
MOST_ANSWERS = 5000
MOST_AT_ONCE = 200


def get_survey(survey_id: uuid.UUID) -> Survey:
    """One survey.

    Raises:
        NotFound: there is none.
    """
    survey = db.session.get(Survey, survey_id)
    if survey is None:
        raise NotFound
    return survey


def find_survey(survey_id: uuid.UUID) -> Survey | None:
    """One survey, or None when it was taken back."""
    return db.session.get(Survey, survey_id)


def surveys_of(subject_kind: str, subject_id: uuid.UUID) -> Sequence[Survey]:
    """Surveys about one record, the latest first."""
    query = (
        select(Survey)
        .where(Survey.subject_kind == subject_kind, Survey.subject_id == subject_id)
        .order_by(Survey.opens_at.desc(), Survey.id.desc())
        .limit(MOST_OF_SUBJECT)
    )
    return db.session.scalars(query).all()


def standing_of(actor: Actor, survey: Survey) -> Standing:
    """What the actor is to the survey's subject."""
    return standing_in(actor, survey.subject_kind, survey.subject_id)


def standing_in(actor: Actor, subject_kind: str, subject_id: uuid.UUID) -> Standing:
    """What the actor is to a record that surveys are about."""
    subject = subject_of_kind(subject_kind)
    takes_part = actor.is_signed_in and subject.can_answer(actor, subject_id)
    organizes = actor.is_signed_in and subject.can_read_results(actor, subject_id)
    return Standing(takes_part=takes_part, organizes=organizes)


def has_answered(survey_id: uuid.UUID, user_id: uuid.UUID | None) -> bool:
    """Whether the person has answered."""
    if user_id is None:
        return False
    return db.session.get(SurveyParticipation, (survey_id, user_id)) is not None


def has_guest_answered(survey_id: uuid.UUID, respondent_id: uuid.UUID) -> bool:
    """Whether somebody without an account has answered."""
    key = (survey_id, respondent_id)
    return db.session.get(SurveyGuestParticipation, key) is not None


def guests_with_answer(survey_id: uuid.UUID) -> set[uuid.UUID]:
    """Respondents without an account who have answered."""
    query = (
        select(SurveyGuestParticipation.respondent_id)
        .where(SurveyGuestParticipation.survey_id == survey_id)
        .order_by(SurveyGuestParticipation.respondent_id)
    )
    return set(db.session.scalars(query))


def count_answers(survey_id: uuid.UUID) -> int:
    """How many answers there are."""
    query = select(func.count()).select_from(SurveyAnswer)
    return db.session.scalar(query.where(SurveyAnswer.survey_id == survey_id)) or 0


def answers_of(survey: Survey) -> Sequence[SurveyAnswer]:
    """All answers: without names in the order of their random ids, else by time."""
    query = select(SurveyAnswer).where(SurveyAnswer.survey_id == survey.id).limit(MOST_ANSWERS)
    if not survey.is_anonymous:
        query = query.order_by(SurveyAnswer.answered_at)
    return db.session.scalars(query.order_by(SurveyAnswer.id)).all()


def names_of(survey: Survey, answers: Sequence[SurveyAnswer]) -> dict[uuid.UUID, str]:
    """Names of the people who gave these answers, with or without an account."""
    ids = {answer.user_id for answer in answers if answer.user_id}
    query = select(User.id, User.name).where(User.id.in_(ids)).order_by(User.id)
    guests = [answer.respondent_id for answer in answers if answer.respondent_id]
    named = subject_of_kind(survey.subject_kind).guest_names(guests) if guests else {}
    return {**named, **{row.id: row.name for row in db.session.execute(query)}}


def people_without_answer(survey: Survey) -> list[User]:
    """Participants who have not answered yet."""
    query = (
        select(SurveyParticipation.user_id)
        .where(SurveyParticipation.survey_id == survey.id)
        .order_by(SurveyParticipation.user_id)
    )
    done = set(db.session.scalars(query))
    people = subject_of_kind(survey.subject_kind).participants(survey.subject_id)
    return [person for person in people if person.id not in done]


def surveys_to_announce(now: datetime) -> Sequence[Survey]:
    """Open surveys whose participants were not asked yet."""
    return _open(now, Survey.announced_at.is_(None))


def surveys_to_remind(now: datetime) -> Sequence[Survey]:
    """Open surveys that were announced and whose participants were not reminded yet."""
    return _open(now, Survey.announced_at.is_not(None), Survey.reminded_at.is_(None))


def _open(now: datetime, *conditions: object) -> Sequence[Survey]:
    query = (
        select(Survey)
        .where(Survey.opens_at <= now, Survey.closes_at > now, *conditions)  # type: ignore[arg-type]
        .order_by(Survey.closes_at, Survey.id)
        .limit(MOST_AT_ONCE)
    )
    return db.session.scalars(query).all()


def has_answer(survey_id: uuid.UUID, answer_id: uuid.UUID) -> bool:
    """Whether the answer belongs to the survey."""
    answer = db.session.get(SurveyAnswer, answer_id)
    return answer is not None and answer.survey_id == survey_id
