"""The reports that a pilot owes, row by row, brought into line with its period."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from matchmaker.core.db import db
from matchmaker.partnering.pilots.models import Pilot, PilotReport
from matchmaker.partnering.pilots.schedule import Period, periods_of


def remake_reports(pilot: Pilot, reports: Sequence[PilotReport]) -> None:
    """Keep what was handed in; make the rest anew from the period of the pilot.

    What was typed for a period stays when its first day does.

    Args:
        pilot: with its new dates.
        reports: all its reports in their order; handed-in ones come first.
    """
    handed_in = [each for each in reports if each.handed_in_at is not None]
    first = handed_in[-1].period_to + timedelta(days=1) if handed_in else pilot.starts_on
    wanted = {
        each.first: each
        for each in periods_of(first, pilot.ends_on, pilot.report_interval, pilot.report_days)
    }
    for report in reports:
        if report.handed_in_at is not None:
            continue
        period = wanted.pop(report.period_from, None)
        if period is None:
            db.session.delete(report)
        else:
            _follow(report, period)
    db.session.flush()
    db.session.add_all(
        PilotReport(
            pilot_id=pilot.id, period_from=each.first, period_to=each.last, due_on=each.due_on,
            draft={},
        )
        for each in wanted.values()
    )  # fmt: skip
    db.session.flush()


def _follow(report: PilotReport, period: Period) -> None:
    """A report with a new day is reminded of anew."""
    if report.due_on != period.due_on:
        report.reminded_before_at = report.reminded_late_at = None
    report.period_to, report.due_on = period.last, period.due_on
