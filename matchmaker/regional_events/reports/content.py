"""What the report of an event shows beside its words: figures, questions, meetings, survey."""

from __future__ import annotations

import difflib
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from matchmaker.core.db import db
from matchmaker.questions.domain import Questionnaire
from matchmaker.regional_events.floor.queries import AnsweredQuestion, answered_questions
from matchmaker.regional_events.planning.models import RegionalEvent
from matchmaker.regional_events.reports import photos, service
from matchmaker.regional_events.reports.domain import FEWEST_ANSWERS, ReportState
from matchmaker.regional_events.reports.figures import EventFigures, figures_of, from_data
from matchmaker.regional_events.reports.models import (
    EventPhoto,
    EventReport,
    EventReportVersion,
)
from matchmaker.regional_events.tables.domain import OutcomeVerdict
from matchmaker.regional_events.tables.models import MeetingOutcome
from matchmaker.surveys.domain import SurveyState, shows_results, state_at
from matchmaker.surveys.models import Survey
from matchmaker.surveys.queries import answers_of, count_answers
from matchmaker.surveys.results import QuestionResult, summarize

WANTED = (OutcomeVerdict.INTEREST, OutcomeVerdict.FOLLOW_UP)


@dataclass(frozen=True, slots=True)
class MeetingCounts:
    """Meetings at the tables, as numbers only.

    Args:
        told: meetings of which at least one side said what came of it.
        wanted: those in which at least one side wants to go on.
        mutual: those in which both sides do.
    """

    told: int = 0
    wanted: int = 0
    mutual: int = 0


@dataclass(frozen=True, slots=True)
class ReportView:
    """All that a page of a report shows.

    Args:
        figures: as published, or as counted now for a draft.
        version: the published version, if there is one.
    """

    report: EventReport | None
    version: EventReportVersion | None
    summary: str
    outcome: str
    figures: EventFigures
    photos: Sequence[EventPhoto]
    questions: Sequence[AnsweredQuestion]
    meetings: MeetingCounts
    survey: Sequence[QuestionResult]
    survey_answers: int


def report_view(event: RegionalEvent, report: EventReport | None, now: datetime) -> ReportView:
    """The report as readers see it: the published words, or the draft."""
    is_public = report is not None and report.state is ReportState.PUBLISHED
    version = service.latest_version(report) if report is not None and is_public else None
    counted = from_data(version.figures) if version else figures_of(event.id)
    shows_questions = report is None or report.shows_questions
    results, answers = _survey(event, now) if report is None or report.shows_survey else ((), 0)
    return ReportView(
        report=report,
        version=version,
        summary=version.summary if version else (report.summary if report else ""),
        outcome=version.outcome if version else (report.outcome if report else ""),
        figures=counted,
        photos=photos.photos_of(event.id),
        questions=answered_questions(event.id) if shows_questions else (),
        meetings=(
            meeting_counts(event.id) if report is None or report.shows_meetings else MeetingCounts()
        ),
        survey=results,
        survey_answers=answers,
    )


def meeting_counts(event_id: uuid.UUID) -> MeetingCounts:
    """Count meetings (two statements); two people in one slot are one meeting."""
    mine, other = MeetingOutcome, aliased(MeetingOutcome)
    pair = (
        other.event_id == mine.event_id,
        other.slot == mine.slot,
        other.guest_id == mine.partner_id,
        other.partner_id == mine.guest_id,
    )
    query = (
        select(mine.verdict, other.verdict, func.count(mine.id))
        .select_from(mine)
        .outerjoin(other, (pair[0]) & (pair[1]) & (pair[2]) & (pair[3]))
        .where(mine.event_id == event_id)
        .group_by(mine.verdict, other.verdict)
    )
    told = wanted = mutual = 0.0
    for one, two, number in db.session.execute(query).tuples():
        weight = number if two is None else number / 2
        told += weight
        wanted += weight if one in WANTED or two in WANTED else 0
        mutual += weight if one in WANTED and two in WANTED else 0
    return MeetingCounts(round(told), round(wanted), round(mutual))


def _survey(event: RegionalEvent, now: datetime) -> tuple[Sequence[QuestionResult], int]:
    """Results with bars only, from five answers on and after the end: no words, no names."""
    survey = db.session.get(Survey, event.survey_id) if event.survey_id else None
    if survey is None:
        return (), 0
    state, number = state_at(survey.opens_at, survey.closes_at, now), count_answers(survey.id)
    is_enough = number >= FEWEST_ANSWERS and state is SurveyState.CLOSED
    if not is_enough or not shows_results(survey.is_anonymous, state, number):
        return (), 0
    given = [answer.answers for answer in answers_of(survey)]
    results = summarize(Questionnaire.from_data(survey.questions), given)
    return [result for result in results if result.bars and result.count >= FEWEST_ANSWERS], number


@dataclass(frozen=True, slots=True)
class DiffLine:
    """One line of a comparison: ``kept``, ``added`` or ``removed``."""

    kind: str
    text: str


DIFF_KINDS = {"  ": "kept", "+ ": "added", "- ": "removed"}


def compare(old: str, new: str) -> list[DiffLine]:
    """What was added and removed between two texts, line by line."""
    lines = difflib.ndiff(old.splitlines(), new.splitlines())
    return [DiffLine(DIFF_KINDS[line[:2]], line[2:]) for line in lines if line[:2] in DIFF_KINDS]
