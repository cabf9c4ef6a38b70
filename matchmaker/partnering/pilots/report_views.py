"""Pages of the reports of a pilot: writing, handing in, correcting, reading their versions."""

from __future__ import annotations

import uuid
from collections.abc import Mapping

from flask import flash, redirect, render_template, request, url_for

from matchmaker.core.access import authorize
from matchmaker.core.clock import end_of_day
from matchmaker.core.errors import ProductError
from matchmaker.core.form_stash import stashed_values
from matchmaker.core.text import whole_number
from matchmaker.partnering.pilots import queries, reporting
from matchmaker.partnering.pilots.domain import REPORT_LABELS, report_state
from matchmaker.partnering.pilots.forms import ReportForm, sent_values
from matchmaker.partnering.pilots.indicators import RULES
from matchmaker.partnering.pilots.loading import OpenPilot, open_pilot, opened, renew, tell
from matchmaker.partnering.pilots.models import PilotReport
from matchmaker.partnering.pilots.reporting import ReportInput, ValueInput
from matchmaker.partnering.pilots.views import INVALID, Answer, blueprint

__all__ = ["blueprint"]

KEEP = "keep"
"""Name of the button that keeps a draft."""


@blueprint.get("/pilots/<uuid:pilot_id>/reports/<uuid:report_id>")
def show_report(pilot_id: uuid.UUID, report_id: uuid.UUID) -> str:
    """One report with its versions."""
    place = open_pilot(pilot_id)
    report = queries.get_report(place.pilot, report_id)
    return render_template(
        "pilots/report.html",
        place=place,
        pilot=place.pilot,
        report=report,
        state=report_state(report.period_to, report.due_on, report.handed_in_at, place.now),
        labels=REPORT_LABELS,
        indicators={each.id: each for each in place.pilot.indicators},
    )


@blueprint.get("/pilots/<uuid:pilot_id>/reports/<uuid:report_id>/edit")
def edit_report(pilot_id: uuid.UUID, report_id: uuid.UUID) -> str:
    """Write a report, or correct one that was handed in."""
    place, report = _open_report(pilot_id, report_id)
    form, stored = opened(ReportForm), _stored(report)
    kept = stashed_values(request.path)
    if kept is None:
        form.fill(stored, report.revision)
        return _report_page(place, report, form, stored.values)
    return _report_page(place, report, form, sent_values(kept, place.pilot.indicators))


def _open_report(pilot_id: uuid.UUID, report_id: uuid.UUID) -> tuple[OpenPilot, PilotReport]:
    place = open_pilot(pilot_id)
    report = queries.get_report(place.pilot, report_id)
    authorize(place.reports if report.handed_in_at is None else place.corrects)
    return place, report


def _stored(report: PilotReport) -> ReportInput:
    if report.current is not None:
        return reporting.correction_of(report.current)
    return reporting.draft_of(report)


def _report_page(
    place: OpenPilot,
    report: PilotReport,
    form: ReportForm,
    values: Mapping[str, ValueInput],
    messages: Mapping[str, str] | None = None,
) -> str:
    return render_template(
        "pilots/report_edit.html",
        place=place,
        pilot=place.pilot,
        report=report,
        form=form,
        is_over=place.now >= end_of_day(report.period_to),
        rules=RULES,
        values=values,
        blank=ValueInput(),
        messages=messages or {},
    )


@blueprint.post("/pilots/<uuid:pilot_id>/reports/<uuid:report_id>/edit")
def hand_in_report(pilot_id: uuid.UUID, report_id: uuid.UUID) -> Answer:
    """Keep a draft, hand the report in, or correct it."""
    place, report = _open_report(pilot_id, report_id)
    form = ReportForm()
    typed = form.typed(place.pilot.indicators)
    if not form.validate_on_submit():
        return _report_page(place, report, form, typed.values), INVALID
    revision = whole_number(form.revision.data) or 0
    try:
        if KEEP in request.form:
            reporting.keep_draft(report, typed, revision)
            flash("下書きを残しました。まだ提出していません。", "success")
        else:
            reporting.hand_in(
                place.pilot, report, typed, place.actor, place.now, expected_revision=revision
            )
            flash("報告を提出しました。", "success")
    except ProductError as error:
        messages = tell_values(form, place, error)
        renew(form, report.revision, error)
        return _report_page(place, report, form, typed.values, messages), error.status
    return redirect(url_for("pilots.show_report", pilot_id=pilot_id, report_id=report_id))


def tell_values(form: ReportForm, place: OpenPilot, error: ProductError) -> Mapping[str, str]:
    """Tell what is wrong above the form, naming the indicator, and at each input."""
    names = {str(each.id): each.name for each in place.pilot.indicators}
    messages = tell(form, error)
    form.form_errors[:] = [
        f"{names[key.partition('-')[2]]}：{message}" if key.partition("-")[2] in names else message
        for key, message in messages.items()
        if key not in form
    ]
    return messages
