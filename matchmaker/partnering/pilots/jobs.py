"""The worker's part: reminders of reports, once before they are due and once when they are late."""

from __future__ import annotations

import uuid
from datetime import datetime

from matchmaker.core.actor import SYSTEM
from matchmaker.core.db import db
from matchmaker.core.dialect import reading_only
from matchmaker.core.domain_events import record
from matchmaker.partnering.pilots import queries
from matchmaker.partnering.pilots.domain import REPORTED_STATES, reminder_due
from matchmaker.partnering.pilots.events import PilotReportDue
from matchmaker.partnering.pilots.models import PilotReport


def remind_of_reports(now: datetime) -> int:
    """Remind of what is due soon or late.

    Returns:
        The number of reminders.
    """
    with reading_only():
        wanted = queries.reports_to_remind(now)
        db.session.rollback()
    return sum(_remind(report_id, now) for report_id in wanted)


def _remind(report_id: uuid.UUID, now: datetime) -> int:
    """One reminder in a transaction of its own; what changed meanwhile is looked at anew."""
    report = db.session.get(PilotReport, report_id, with_for_update=True, populate_existing=True)
    is_late = _due_reminder(report, now) if report is not None else None
    if report is not None and is_late is not None:
        if is_late:
            report.reminded_late_at = now
        report.reminded_before_at = report.reminded_before_at or now
        record(
            PilotReportDue(
                actor=SYSTEM, now=now, subject_id=report.pilot_id, report_id=report.id,
                is_late=is_late,
            )
        )  # fmt: skip
    db.session.commit()
    return int(is_late is not None)


def _due_reminder(report: PilotReport, now: datetime) -> bool | None:
    """Which reminder is due and was not sent; the one when late makes the one before needless."""
    if report.handed_in_at is not None:
        return None
    if queries.get(report.pilot_id).state not in REPORTED_STATES:
        return None
    is_late = reminder_due(report.due_on, now)
    done = report.reminded_late_at if is_late else report.reminded_before_at
    return is_late if done is None else None
