"""Commands on surveys. They flush, record events and never commit."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import insert

from matchmaker.core.actor import Actor
from matchmaker.core.db import db
from matchmaker.core.dialect import insert_or_skip
from matchmaker.core.domain_events import record
from matchmaker.core.errors import Conflict, ProductError
from matchmaker.core.uploads import CheckedFile
from matchmaker.questions.domain import Questionnaire, refuse_change_when_frozen
from matchmaker.questions.files import Subject, save_files
from matchmaker.surveys.domain import SurveyData, SurveyState, check_survey, state_at
from matchmaker.surveys.events import (
    SurveyAnswered,
    SurveyChanged,
    SurveyCreated,
    SurveyRemoved,
)
from matchmaker.surveys.models import (
    Survey,
    SurveyAnswer,
    SurveyGuestParticipation,
    SurveyParticipation,
)
from matchmaker.surveys.registry import subject_of_kind

ANSWER = "surveys:answer"
"""Kind of subject under which the files of an answer are kept."""

NOBODY = Actor(name="（名前を聞かないアンケート）")
FIRST_ANSWER = "最初の回答"
NEW_ONE_INSTEAD = "変えたいときは、このアンケートを締め切り、新しく作ってください。"
NAMES_STAY = "最初の回答があったため、名前を聞くかどうかは変えられません。"
BEGIN_STAYS = "最初の回答があったため、始まりの時刻は変えられません。"
STAYS_CLOSED = (
    "名前を聞かないアンケートは、締め切ったあとに、また始めることはできません。"
    "結果を見比べると、だれの回答か分かるおそれがあるためです。"
)
CHANGED_MEANWHILE = "ほかの人が先に変えました。いまの内容を確かめて、もう一度保存してください。"
QUESTIONS_CHANGED = "開いている間に質問が変わりました。確かめて、もう一度送ってください。"
TWICE = "このアンケートには、もう回答しています。回答は1人1回です。"
NOT_YET = "このアンケートは、まだ始まっていません。"
TOO_LATE = "このアンケートは締め切りました。回答は受け付けていません。"
HAS_ANSWERS = "回答があるアンケートは、消せません。締め切りを早めることはできます。"


def create_survey(
    subject_kind: str,
    subject_id: uuid.UUID,
    title: str,
    questions: Questionnaire | Sequence[Mapping[str, Any]],
    opens_at: datetime,
    closes_at: datetime,
    actor: Actor,
    now: datetime,
    is_anonymous: bool = False,
    introduction: str = "",
) -> Survey:
    """Write a survey about a record whose kind is registered.

    Args:
        questions: a questionnaire, or one as JSON.

    Raises:
        InvalidQuestionnaire: the questions do not fit together.
        ProductError: no question, a period that is none, or files asked without names.
    """
    asked = questions if isinstance(questions, Questionnaire) else None
    questionnaire = asked or Questionnaire.from_data(questions)
    data = SurveyData(title, introduction, questionnaire, opens_at, closes_at, is_anonymous)
    check_survey(data)
    subject_of_kind(subject_kind)
    survey = Survey(subject_kind=subject_kind, subject_id=subject_id, created_at=now)
    _fill(survey, data)
    db.session.add(survey)
    db.session.flush()
    details = {"subject_kind": subject_kind, "subject_id": str(subject_id), "title": title}
    record(SurveyCreated(actor=actor, now=now, subject_id=survey.id, details=details))
    return survey


def change_survey(
    survey: Survey,
    data: SurveyData,
    actor: Actor,
    now: datetime,
    *,
    expected_revision: int | None = None,
) -> None:
    """Change a survey; from the first answer on only its words around the questions and its end.

    Raises:
        Conflict: it was changed meanwhile, or what would change is fixed by answers.
        ProductError: as :func:`create_survey`.
    """
    if expected_revision is not None and expected_revision != survey.revision:
        raise Conflict(CHANGED_MEANWHILE)
    refuse_change_when_frozen(
        survey.frozen_at,
        survey.questions,
        data.questionnaire.to_data(),
        first=FIRST_ANSWER,
        instead=NEW_ONE_INSTEAD,
    )
    check_survey(data)
    _refuse_what_is_fixed(survey, data, now)
    _fill(survey, data)
    survey.revision += 1
    db.session.flush()
    record(SurveyChanged(actor=actor, now=now, subject_id=survey.id, details={"title": data.title}))


def _refuse_what_is_fixed(survey: Survey, data: SurveyData, now: datetime) -> None:
    if survey.frozen_at is None:
        return
    if survey.is_anonymous != data.is_anonymous:
        raise Conflict(NAMES_STAY, "is_anonymous")
    if survey.opens_at != data.opens_at:
        raise Conflict(BEGIN_STAYS, "opens_at")
    if survey.is_anonymous and survey.closes_at <= now < data.closes_at:
        raise Conflict(STAYS_CLOSED, "closes_at")


def _fill(survey: Survey, data: SurveyData) -> None:
    survey.title, survey.introduction = data.title, data.introduction
    survey.questions = data.questionnaire.to_data()
    survey.opens_at, survey.closes_at = data.opens_at, data.closes_at
    survey.is_anonymous = data.is_anonymous


def remove_survey(survey: Survey, actor: Actor, now: datetime) -> None:
    """Take back a survey that nobody answered.

    Raises:
        Conflict: there are answers.
    """
    if survey.frozen_at is not None:
        raise Conflict(HAS_ANSWERS)
    details = {"title": survey.title}
    record(SurveyRemoved(actor=actor, now=now, subject_id=survey.id, details=details))
    db.session.delete(survey)
    db.session.flush()


def answer_survey(
    survey: Survey,
    answers: Mapping[str, Any],
    actor: Actor,
    now: datetime,
    *,
    arriving: Mapping[str, Sequence[CheckedFile]] | None = None,
    seen_revision: int | None = None,
    respondent_id: uuid.UUID | None = None,
) -> SurveyAnswer:
    """Take a person's answers, once.

    Args:
        answers: by question id; checked here once more.
        arriving: files that came along, by question id.
        seen_revision: revision of the survey whose questions the person saw.
        respondent_id: who answers, for somebody without an account; the feature whose record the
            survey is about says who that is.

    Raises:
        Conflict: the survey is not open, the person answered already, or the questions changed.
        ProductError: something is missing or does not fit.
    """
    _refuse_when_not_open(survey, now)
    if seen_revision is not None and seen_revision != survey.revision:
        raise Conflict(QUESTIONS_CHANGED)
    questionnaire, files = Questionnaire.from_data(survey.questions), dict(arriving or {})
    coming = {question_id: len(some) for question_id, some in files.items()}
    checked = questionnaire.check(answers, complete=True, arriving=coming)
    if checked.errors:
        question_id, message = next(iter(checked.errors.items()))
        raise ProductError(message, question_id)
    _take_part(survey, actor, respondent_id)
    answer = _new_answer(survey, checked.values, actor, respondent_id, now)
    _keep_files(survey, answer, questionnaire, files, actor, now)
    who = NOBODY if survey.is_anonymous else actor
    record(SurveyAnswered(actor=who, now=now, subject_id=survey.id))
    return answer


def _refuse_when_not_open(survey: Survey, now: datetime) -> None:
    state = state_at(survey.opens_at, survey.closes_at, now)
    if state is not SurveyState.OPEN:
        raise Conflict(NOT_YET if state is SurveyState.PLANNED else TOO_LATE)


def _take_part(survey: Survey, actor: Actor, respondent_id: uuid.UUID | None) -> None:
    """Note that the person answered; the primary key lets only one of two tabs through."""
    guest, person = SurveyGuestParticipation, SurveyParticipation
    statement, column = (
        (insert(guest).values(survey_id=survey.id, respondent_id=respondent_id), "respondent_id")
        if respondent_id
        else (insert(person).values(survey_id=survey.id, user_id=actor.user_id), "user_id")
    )
    if insert_or_skip(db.session(), statement, ["survey_id", column]) != 1:
        raise Conflict(TWICE)


def _new_answer(
    survey: Survey,
    values: Mapping[str, Any],
    actor: Actor,
    respondent_id: uuid.UUID | None,
    now: datetime,
) -> SurveyAnswer:
    named = not survey.is_anonymous
    answer = SurveyAnswer(
        id=uuid.uuid4(),
        survey_id=survey.id,
        user_id=actor.user_id if named and respondent_id is None else None,
        respondent_id=respondent_id if named else None,
        answers=dict(values),
        answered_at=now if named else None,
    )
    db.session.add(answer)
    db.session.flush()
    return answer


def _keep_files(
    survey: Survey,
    answer: SurveyAnswer,
    questionnaire: Questionnaire,
    arriving: Mapping[str, Sequence[CheckedFile]],
    actor: Actor,
    now: datetime,
) -> None:
    values = answer.answers
    asked = {q.id for q in questionnaire.shown(values)}
    files = {question_id: some for question_id, some in arriving.items() if question_id in asked}
    subject = Subject(ANSWER, answer.id)
    answer.answers = save_files(subject, questionnaire, values, files, actor, now)
    survey.frozen_at = survey.frozen_at or now
    db.session.flush()
