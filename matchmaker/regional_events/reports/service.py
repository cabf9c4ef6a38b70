"""The report of an event: writing, publishing, taking back, correcting."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, insert, select

from matchmaker.core.actor import Actor
from matchmaker.core.db import db, new_id
from matchmaker.core.dialect import insert_or_skip
from matchmaker.core.domain_events import record
from matchmaker.core.errors import Conflict, ProductError
from matchmaker.core.text import clean_line, clean_text
from matchmaker.regional_events.planning.models import RegionalEvent
from matchmaker.regional_events.reports import figures
from matchmaker.regional_events.reports.domain import (
    MOST_VERSIONS,
    REASON_LENGTH,
    REPORT_STATES,
    TEXT_LENGTH,
    ReportMove,
    ReportState,
)
from matchmaker.regional_events.reports.events import ReportCorrected, ReportMoved, ReportSaved
from matchmaker.regional_events.reports.models import EventReport, EventReportVersion

CHANGED_MEANWHILE = "ほかの人が先に変えました。いまの内容を確かめて、もう一度保存してください。"
NOT_OVER = "報告は、イベントが終わってから公開できます。"
NO_SUMMARY = "公開するには、概要を書いてください。"
NO_REASON = "公開中の報告を直すときは、理由を入れてください。"
TOO_OFTEN = f"直せるのは{MOST_VERSIONS}回までです。"


@dataclass(frozen=True, slots=True)
class ReportData:
    """What the staff writes.

    Args:
        summary: what the event was, in a few paragraphs.
        outcome: what came of it.
        shows_survey, shows_questions, shows_meetings: which counted parts readers see.
    """

    summary: str
    outcome: str = ""
    shows_survey: bool = True
    shows_questions: bool = True
    shows_meetings: bool = True


def find_report(event_id: uuid.UUID) -> EventReport | None:
    """The report of an event, if somebody has begun it."""
    return db.session.scalar(select(EventReport).where(EventReport.event_id == event_id))


def versions_of(report: EventReport) -> Sequence[EventReportVersion]:
    """The published versions, newest first."""
    query = (
        select(EventReportVersion)
        .where(EventReportVersion.report_id == report.id)
        .order_by(EventReportVersion.number.desc())
        .limit(MOST_VERSIONS)
    )
    return db.session.scalars(query).all()


def latest_version(report: EventReport) -> EventReportVersion | None:
    """What readers see, or saw last."""
    found = versions_of(report)
    return found[0] if found else None


def save_report(
    event: RegionalEvent,
    data: ReportData,
    actor: Actor,
    now: datetime,
    *,
    expected_revision: int | None = None,
    reason: str = "",
) -> EventReport:
    """Begin or change a report; a published one is corrected, with a reason.

    Args:
        event: the event.
        data: what it says.
        actor: who writes.
        now: the present moment.
        expected_revision: of the report that the person saw; None or 0 for none.
        reason: why a published report is corrected.

    Raises:
        Conflict: somebody else changed it meanwhile.
        ProductError: a text is missing or too long, or the reason is.
    """
    data = _checked(data)
    report = find_report(event.id) or _begin(event, now)
    if expected_revision is not None and expected_revision != report.revision:
        raise Conflict(CHANGED_MEANWHILE)
    is_public = report.state is ReportState.PUBLISHED
    reason = _correction_reason(reason, data) if is_public else ""
    _fill(report, data, now)
    db.session.flush()
    if is_public:
        _keep_version(report, reason, actor, now)
        return report
    record(ReportSaved(actor=actor, now=now, subject_id=event.id))
    return report


def _begin(event: RegionalEvent, now: datetime) -> EventReport:
    """A new report; of two who begin one at once, both go on with the same."""
    statement = insert(EventReport).values(
        id=new_id(), event_id=event.id, state=ReportState.DRAFT, state_reason="", summary="",
        outcome="", shows_survey=True, shows_questions=True, shows_meetings=True, revision=0,
        created_at=now, updated_at=now,
    )  # fmt: skip
    insert_or_skip(db.session(), statement, ["event_id"])
    query = select(EventReport).where(EventReport.event_id == event.id)
    return db.session.scalars(query.execution_options(populate_existing=True)).one()


def _checked(data: ReportData) -> ReportData:
    summary, outcome = clean_text(data.summary), clean_text(data.outcome)
    for name, text in (("summary", summary), ("outcome", outcome)):
        if len(text) > TEXT_LENGTH:
            raise ProductError(f"{TEXT_LENGTH:,}文字以内で入れてください。", name)
    return ReportData(
        summary, outcome, data.shows_survey, data.shows_questions, data.shows_meetings
    )


def _correction_reason(reason: str, data: ReportData) -> str:
    reason = clean_line(reason)
    if not reason or len(reason) > REASON_LENGTH:
        raise ProductError(NO_REASON, "reason")
    if not data.summary:
        raise ProductError(NO_SUMMARY, "summary")
    return reason


def _fill(report: EventReport, data: ReportData, now: datetime) -> None:
    report.summary, report.outcome = data.summary, data.outcome
    report.shows_survey, report.shows_questions = data.shows_survey, data.shows_questions
    report.shows_meetings = data.shows_meetings
    report.revision += 1
    report.updated_at = now


def move_report(
    event: RegionalEvent,
    report: EventReport,
    move: ReportMove,
    reason: str,
    actor: Actor,
    now: datetime,
) -> None:
    """Publish a report, or take it back with a reason.

    Raises:
        IllegalMove: it is not in the state for that (a second tab, a double click).
        ProductError: the event is not over, the summary or the reason is missing.
    """
    db.session.refresh(report, with_for_update=True)
    reason = clean_line(reason)[:REASON_LENGTH]
    state = REPORT_STATES.check(report.state, move, reason)
    if move is ReportMove.PUBLISH:
        _refuse_unready(event, report, now)
        report.published_at = report.published_at or now
    report.state, report.state_reason = state, reason
    report.revision += 1
    report.updated_at = now
    db.session.flush()
    record(ReportMoved(actor=actor, now=now, subject_id=event.id, reason=reason, move=move))
    if move is ReportMove.PUBLISH:
        _keep_version(report, reason, actor, now)


def _refuse_unready(event: RegionalEvent, report: EventReport, now: datetime) -> None:
    if now < event.ends_at:
        raise ProductError(NOT_OVER)
    if not report.summary:
        raise ProductError(NO_SUMMARY, "summary")


def _keep_version(report: EventReport, reason: str, actor: Actor, now: datetime) -> None:
    newest = select(func.max(EventReportVersion.number))
    number = db.session.scalar(newest.where(EventReportVersion.report_id == report.id)) or 0
    if number >= MOST_VERSIONS:
        raise ProductError(TOO_OFTEN)
    version = EventReportVersion(
        report_id=report.id,
        number=number + 1,
        summary=report.summary,
        outcome=report.outcome,
        figures=figures.as_data(figures.figures_of(report.event_id)),
        reason=reason,
        actor_id=actor.user_id,
        actor_name=actor.name,
        created_at=now,
    )
    db.session.add(version)
    db.session.flush()
    if version.number > 1:
        details = {"number": version.number}
        record(
            ReportCorrected(
                actor=actor, now=now, subject_id=report.event_id, reason=reason, details=details
            )
        )
