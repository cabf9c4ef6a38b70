"""Pages of the report of an event: reading, writing, publishing, its versions."""

from __future__ import annotations

import uuid

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from matchmaker.core.access import authorize
from matchmaker.core.errors import NotFound, ProductError
from matchmaker.core.text import whole_number
from matchmaker.regional_events.planning.loading import OpenEvent, open_event, open_to_plan
from matchmaker.regional_events.planning.notices import event_when, where_text
from matchmaker.regional_events.reports import content, service
from matchmaker.regional_events.reports.domain import REPORT_STATES, ReportMove, ReportState
from matchmaker.regional_events.reports.forms import MoveForm, ReportForm
from matchmaker.regional_events.reports.loading import opened
from matchmaker.regional_events.reports.models import EventReport
from matchmaker.regional_events.reports.policy import can_read_report

INVALID = 422
Answer = str | tuple[str, int] | Response
blueprint = Blueprint(
    "event_reports", __name__, url_prefix="/regional-events/<uuid:event_id>/report"
)


@blueprint.get("")
def show(event_id: uuid.UUID) -> str:
    """The report: for everybody once it is published."""
    place, report = readable(event_id)
    return report_page(place, report, MoveForm(formdata=None))


@blueprint.get("/print")
def print_form(event_id: uuid.UUID) -> str:
    """The report on paper."""
    place, report = readable(event_id)
    return render_template("event_reports/print.html", **_shown(place, report))


def readable(event_id: uuid.UUID) -> tuple[OpenEvent, EventReport | None]:
    """The event and its report for somebody who may read it."""
    place = open_event(event_id)
    report = service.find_report(event_id)
    is_public = report is not None and report.state is ReportState.PUBLISHED
    authorize(can_read_report(place.actor, place.standing, is_public), hidden=True)
    return place, report


def report_page(place: OpenEvent, report: EventReport | None, form: MoveForm) -> str:
    """The page of a report, with the steps of its staff."""
    moves = REPORT_STATES.possible(report.state) if report and place.plans else []
    return render_template(
        "event_reports/show.html",
        **_shown(place, report),
        form=form,
        moves=moves,
        states=REPORT_STATES,
    )


def _shown(place: OpenEvent, report: EventReport | None) -> dict[str, object]:
    return {
        "event": place.event,
        "opened": place,
        "view": content.report_view(place.event, report, place.now),
        "when": event_when(place.event),
        "where": where_text(place.event),
    }


@blueprint.get("/edit")
def edit(event_id: uuid.UUID) -> str:
    """The words of the report."""
    place = open_to_plan(event_id)
    report = service.find_report(event_id)
    form = opened(ReportForm)
    if not form.revision.data:
        form.fill(report)
    return _edit_page(place, report, form)


@blueprint.post("/edit")
def update(event_id: uuid.UUID) -> Answer:
    """Keep the words; a published report is corrected."""
    place, form = open_to_plan(event_id), ReportForm()
    report = service.find_report(event_id)
    if not form.validate_on_submit():
        return _edit_page(place, report, form), INVALID
    try:
        service.save_report(
            place.event, form.report_data(), place.actor, place.now,
            expected_revision=form.seen_revision(), reason=form.reason.data or "",
        )  # fmt: skip
    except ProductError as error:
        form.add_error(error.field, error.message)
        return _edit_page(place, report, form), error.status
    flash("報告を保存しました。", "success")
    return redirect(url_for("event_reports.show", event_id=event_id))


def _edit_page(place: OpenEvent, report: EventReport | None, form: ReportForm) -> str:
    is_public = report is not None and report.state is ReportState.PUBLISHED
    return render_template(
        "event_reports/edit.html", event=place.event, form=form, is_public=is_public
    )


@blueprint.post("/moves")
def move(event_id: uuid.UUID) -> Answer:
    """Publish the report, or take it back."""
    place, form = open_to_plan(event_id), MoveForm()
    report = service.find_report(event_id)
    if report is None or form.move.data not in set(ReportMove):
        raise NotFound
    wanted = ReportMove(form.move.data)
    try:
        service.move_report(
            place.event, report, wanted, form.reason.data or "", place.actor, place.now
        )
    except ProductError as error:
        form.add_error(error.field, error.message)
        return report_page(place, report, form), error.status
    done = "公開しました" if wanted is ReportMove.PUBLISH else "下書きに戻しました"
    flash(f"報告を{done}。", "success")
    return redirect(url_for("event_reports.show", event_id=event_id))


@blueprint.get("/versions")
def versions(event_id: uuid.UUID) -> str:
    """The published versions, and two of them compared."""
    place = open_to_plan(event_id)
    report = service.find_report(event_id)
    if report is None:
        raise NotFound
    found = service.versions_of(report)
    by_number = {version.number: version for version in found}
    new = by_number.get(whole_number(request.args.get("new")) or 0, found[0] if found else None)
    old = by_number.get(whole_number(request.args.get("old")) or (new.number - 1 if new else 0))
    parts = [
        ("概要", content.compare(old.summary if old else "", new.summary)),
        ("成果とこれから", content.compare(old.outcome if old else "", new.outcome)),
    ] if new else []  # fmt: skip
    return render_template(
        "event_reports/versions.html",
        event=place.event, versions=found, old=old, new=new, parts=parts,
    )  # fmt: skip
