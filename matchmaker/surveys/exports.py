"""The answers to a survey as a table for Excel."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime

from matchmaker.core.formatting import format_moment
from matchmaker.core.spreadsheets.cells import Cell
from matchmaker.core.spreadsheets.writing import Column, OutTable
from matchmaker.questions.domain import Questionnaire
from matchmaker.questions.presentation import Files, answer_cells, answer_columns
from matchmaker.surveys.models import Survey, SurveyAnswer

GONE = "（退会した人・削除済みの人）"
NUMBER = Column("番号", "回答の番号です。", "数", 8)
PERSON = (
    Column("回答した人", "回答した人の名前です。", "文字", 20),
    Column("回答した日時（日本時間）", "回答が送られた日時です。", "日時", 20),
)


def answers_table(
    survey: Survey,
    answers: Sequence[SurveyAnswer],
    names: Mapping[uuid.UUID, str],
    files: Files,
    now: datetime,
) -> OutTable:
    """One row for each answer; without names there is neither person nor time.

    Args:
        names: of the people, by id; of those without an account by respondent.
        files: given as answers, by id as text.
        now: when the file is made.
    """
    questionnaire = Questionnaire.from_data(survey.questions)
    person = () if survey.is_anonymous else PERSON
    rows = (
        (
            number,
            *_person(survey, answer, names),
            *answer_cells(questionnaire, answer.answers, files),
        )
        for number, answer in enumerate(answers, start=1)
    )
    about = [("アンケート", survey.title), ("作成日時", format_moment(now))]
    return OutTable("回答", (NUMBER, *person, *answer_columns(questionnaire)), rows, about)


def _person(
    survey: Survey, answer: SurveyAnswer, names: Mapping[uuid.UUID, str]
) -> tuple[Cell, ...]:
    if survey.is_anonymous:
        return ()
    person = answer.user_id or answer.respondent_id
    name = names.get(person, GONE) if person else GONE
    return (name, answer.answered_at)
