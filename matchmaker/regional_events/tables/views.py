"""Pages of the staff: settings, people, versions of the plan, outcomes."""

from __future__ import annotations

import uuid

from flask import Blueprint, Response, flash, jsonify, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Redirect

from matchmaker.core.access import authorize
from matchmaker.core.clock import today
from matchmaker.core.downloads import download
from matchmaker.core.errors import NotFound, ProductError
from matchmaker.core.form_stash import stashed_values
from matchmaker.core.spreadsheets.writing import XLSX, write_xlsx
from matchmaker.core.text import whole_number
from matchmaker.regional_events.planning.loading import OpenEvent, open_event
from matchmaker.regional_events.registrations.models import Attendee
from matchmaker.regional_events.tables import policy, presentation, queries, service
from matchmaker.regional_events.tables.exports import outcome_table
from matchmaker.regional_events.tables.forms import (
    SettingsForm,
    StaffAnswerForm,
    answer_values,
    setting_values,
)
from matchmaker.regional_events.tables.models import TablePlan

INVALID = 422
Answer = str | Redirect | tuple[str, int]
blueprint = Blueprint(
    "event_tables", __name__, url_prefix="/regional-events/<uuid:event_id>/tables"
)


def open_to_arrange(event_id: uuid.UUID) -> OpenEvent:
    """The event for those who make the plan.

    Raises:
        NotFound: there is none, or the person may not know of it.
        NotAllowed: the person does not run it.
    """
    opened = open_event(event_id)
    authorize(policy.can_arrange(opened.actor, opened.standing))
    return opened


@blueprint.get("")
def index(event_id: uuid.UUID) -> str:
    """The desk of the tables: where things stand, and the versions of the plan."""
    opened = open_to_arrange(event_id)
    plan = queries.find_plan(event_id)
    return render_template(
        "event_tables/index.html",
        event=opened.event,
        plan=plan,
        desk=presentation.desk(plan, opened.now) if plan else None,
    )


@blueprint.get("/settings")
def edit(event_id: uuid.UUID) -> Answer:
    """The settings."""
    opened, plan = open_to_arrange(event_id), queries.find_plan(event_id)
    usual = setting_values(plan) if plan else presentation.usual_settings(opened.event)
    return _settings_page(opened, SettingsForm(stashed_values(request.path), data=usual), plan)


@blueprint.post("/settings")
def update(event_id: uuid.UUID) -> Answer:
    """Open the tables, or change their settings."""
    opened, plan = open_to_arrange(event_id), queries.find_plan(event_id)
    form = SettingsForm()
    settings = form.settings()
    if settings is None:
        return _settings_page(opened, form, plan)
    revision = whole_number(form.revision.data) or 0
    try:
        if plan is None:
            service.open_tables(opened.event, settings, opened.actor, opened.now)
        else:
            service.change_settings(
                plan, opened.event, settings, opened.actor, opened.now, expected_revision=revision
            )
    except ProductError as error:
        form.refuse(error)
        return _settings_page(opened, form, plan)
    flash("配席の設定を保存しました。", "success")
    return redirect(url_for(".index", event_id=event_id))


def _settings_page(opened: OpenEvent, form: SettingsForm, plan: TablePlan | None) -> Answer:
    page = render_template("event_tables/settings.html", event=opened.event, form=form, plan=plan)
    return (page, INVALID) if form.errors or form.form_errors else page


@blueprint.get("/people")
def people(event_id: uuid.UUID) -> str:
    """Who takes part, who does not, who has not answered."""
    opened, plan = open_to_arrange(event_id), queries.get_plan(event_id)
    return render_template(
        "event_tables/people.html",
        event=opened.event,
        plan=plan,
        rows=presentation.people_rows(plan),
    )


@blueprint.get("/people/<uuid:attendee_id>")
def edit_person(event_id: uuid.UUID, attendee_id: uuid.UUID) -> Answer:
    """The answer of one person, for the staff to write down."""
    opened, plan = open_to_arrange(event_id), queries.get_plan(event_id)
    attendee = _attendee(event_id, attendee_id)
    guest = queries.guest_of(plan.id, attendee_id)
    form = StaffAnswerForm(stashed_values(request.path), data=answer_values(guest))
    return _person_page(opened, form, attendee)


@blueprint.post("/people/<uuid:attendee_id>")
def update_person(event_id: uuid.UUID, attendee_id: uuid.UUID) -> Answer:
    """Write down what somebody said otherwise than on their page; add somebody at the door."""
    opened, plan = open_to_arrange(event_id), queries.get_plan(event_id)
    attendee, form = _attendee(event_id, attendee_id), StaffAnswerForm()
    given = form.given()
    if given is None:
        return _person_page(opened, form, attendee)
    try:
        service.answer(
            plan, attendee, given, opened.actor, opened.now,
            expected_revision=whole_number(form.revision.data) or 0,
            is_secretariat=bool(form.is_secretariat.data),
        )  # fmt: skip
    except ProductError as error:
        form.add_error(error.field, error.message)
        return _person_page(opened, form, attendee)
    flash(f"{attendee.name}さんの回答を記録しました。", "success")
    return redirect(url_for(".people", event_id=event_id))


def _attendee(event_id: uuid.UUID, attendee_id: uuid.UUID) -> Attendee:
    attendee = queries.attendee_by_id(attendee_id)
    if attendee is None or attendee.event_id != event_id:
        raise NotFound
    return attendee


def _person_page(opened: OpenEvent, form: StaffAnswerForm, attendee: Attendee) -> Answer:
    form.offer(
        queries.own_posts(attendee.organization_id),
        queries.organizations_there(opened.event.id, attendee.organization_id),
    )
    page = render_template(
        "event_tables/person.html",
        event=opened.event,
        attendee=attendee,
        form=form,
    )
    return (page, INVALID) if form.errors or form.form_errors else page


@blueprint.get("/outcomes")
def outcomes(event_id: uuid.UUID) -> str:
    """What came of the meetings, as both sides say."""
    opened = open_to_arrange(event_id)
    queries.get_plan(event_id)
    rows = queries.outcomes_of(event_id)
    return render_template(
        "event_tables/outcomes.html",
        event=opened.event,
        rows=[presentation.outcome_row(each) for each in rows],
        tally=presentation.tally_of(rows),
    )


@blueprint.get("/outcomes/export")
def export(event_id: uuid.UUID) -> Response:
    """The same as an Excel file."""
    opened = open_to_arrange(event_id)
    table = outcome_table(opened.event, queries.outcomes_of(event_id), opened.now)
    return download(write_xlsx(table), f"対話の結果_{today(opened.now)}.xlsx", XLSX)


@blueprint.get("/versions/<uuid:version_id>/progress")
def progress(event_id: uuid.UUID, version_id: uuid.UUID) -> Response:
    """Whether a version is done, for the page that waits for it."""
    open_to_arrange(event_id)
    version = queries.get_version(queries.get_plan(event_id).id, version_id)
    here = url_for("event_table_versions.show", event_id=event_id, version_id=version_id)
    return jsonify(presentation.progress(version, here))
