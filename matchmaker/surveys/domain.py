"""Rules of surveys: when one is open, when it is remembered, who sees results. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from matchmaker.core.errors import ProductError
from matchmaker.questions.domain import QuestionKind, Questionnaire

FEWEST_ANONYMOUS = 5
"""Below this many answers, those of a survey without names would tell who gave them."""

REMINDED_BEFORE = timedelta(days=3)
LONGEST_PERIOD = timedelta(days=366)
TITLE_LENGTH = 100
INTRODUCTION_LENGTH = 2000

NO_QUESTIONS = "質問を1つ以上入れてください。"
NO_FILES_WITHOUT_NAMES = (
    "名前を聞かないアンケートでは、ファイルの質問は使えません。ファイルから人が分かるためです。"
)
WRONG_PERIOD = "締め切りは、始まりより後にしてください。"
LONG_PERIOD = "期間は1年以内にしてください。"


class SurveyState(StrEnum):
    """Where a survey stands; it follows from the clock alone."""

    PLANNED = "planned"
    OPEN = "open"
    CLOSED = "closed"


STATE_LABELS: Mapping[SurveyState, str] = {
    SurveyState.PLANNED: "開始前",
    SurveyState.OPEN: "受付中",
    SurveyState.CLOSED: "締め切り",
}


@dataclass(frozen=True, slots=True)
class SurveyData:
    """What the organiser writes.

    Args:
        title: heading, at most 100 characters.
        introduction: what the answers are used for.
        questionnaire: what is asked.
        opens_at: from when answers are taken.
        closes_at: from this moment on none is taken.
        is_anonymous: whether answers are kept without the person and the time.
    """

    title: str
    introduction: str
    questionnaire: Questionnaire
    opens_at: datetime
    closes_at: datetime
    is_anonymous: bool = False


def state_at(opens_at: datetime, closes_at: datetime, now: datetime) -> SurveyState:
    """The state at a moment; an answer at ``closes_at`` comes too late."""
    if now < opens_at:
        return SurveyState.PLANNED
    return SurveyState.OPEN if now < closes_at else SurveyState.CLOSED


def reminder_due_at(opens_at: datetime, closes_at: datetime) -> datetime:
    """When those who did not answer are reminded: three days before the end, or half-way when the
    survey is shorter than six days."""
    return max(closes_at - REMINDED_BEFORE, opens_at + (closes_at - opens_at) / 2)


def shows_results(is_anonymous: bool, state: SurveyState, count: int) -> bool:
    """Whether results may be read.

    Without names they are shown only after the end and from five answers on: with fewer, or by
    comparing the results before and after somebody answered, one could tell who said what.
    """
    return not is_anonymous or (state is SurveyState.CLOSED and count >= FEWEST_ANONYMOUS)


def check_survey(data: SurveyData) -> None:
    """Refuse a survey that cannot be held.

    Raises:
        ProductError: with the field it belongs to.
    """
    for message, field in _faults(data):
        raise ProductError(message, field)


def _faults(data: SurveyData) -> Sequence[tuple[str, str | None]]:
    kinds = {question.kind for question in data.questionnaire.questions}
    faults: list[tuple[str, str | None]] = []
    if not data.title:
        faults.append(("題名を入れてください。", "title"))
    if not kinds:
        faults.append((NO_QUESTIONS, None))
    if data.is_anonymous and QuestionKind.FILE in kinds:
        faults.append((NO_FILES_WITHOUT_NAMES, "is_anonymous"))
    if data.opens_at >= data.closes_at:
        faults.append((WRONG_PERIOD, "closes_at"))
    elif data.closes_at - data.opens_at > LONGEST_PERIOD:
        faults.append((LONG_PERIOD, "closes_at"))
    return faults
