"""Pages of the staff after an event: survey, costs, deletion of guests."""

from __future__ import annotations

import uuid

from flask import flash, redirect, render_template, request, url_for

from matchmaker.core.errors import ProductError
from matchmaker.core.text import fold, whole_number
from matchmaker.regional_events.planning.loading import OpenEvent, open_to_plan
from matchmaker.regional_events.planning.programme.queries import programme_of
from matchmaker.regional_events.reports import costs, survey
from matchmaker.regional_events.reports.costs import CostRow
from matchmaker.regional_events.reports.forms import (
    EMPTY_ROWS,
    CostsForm,
    EventSurveyForm,
    ForgetForm,
)
from matchmaker.regional_events.reports.loading import day_or_none, opened
from matchmaker.regional_events.reports.people import asked_people
from matchmaker.regional_events.reports.retention import queries as retention
from matchmaker.regional_events.reports.retention.service import forget_registration
from matchmaker.regional_events.reports.views import INVALID, Answer, blueprint
from matchmaker.surveys.domain import TITLE_LENGTH

__all__ = ["blueprint"]

SURVEY_MADE = "アンケートを作りました。1時間後に、出席した人へメールでお願いします。"
NO_REGISTRATION = "この番号の参加登録はありません。"


@blueprint.get("/surveys/new")
def new_survey(event_id: uuid.UUID) -> str:
    """Begin a survey to those who came."""
    place = open_to_plan(event_id)
    title = f"{place.event.name}のアンケート"[:TITLE_LENGTH]
    return _survey_page(place, opened(EventSurveyForm, title=title))


@blueprint.post("/surveys")
def create_survey(event_id: uuid.UUID) -> Answer:
    """Make it, with the usual questions, which can be changed on the next page."""
    place, form = open_to_plan(event_id), EventSurveyForm()
    try:
        if form.validate_on_submit():
            made = survey.survey_event(
                place.event, form.title.data or "", day_or_none(form.until),
                form.names.data == "anonymous", place.actor, place.now,
                [session.title for session in programme_of(event_id)],
            )  # fmt: skip
            flash(
                "アンケートを作りました。1時間後に、出席した人へメールでお願いします。", "success"
            )
            return redirect(url_for("surveys.edit", survey_id=made.id))
    except ProductError as error:
        form.add_error(error.field, error.message)
        return _survey_page(place, form), error.status
    return _survey_page(place, form), INVALID


def _survey_page(place: OpenEvent, form: EventSurveyForm) -> str:
    asked = len(asked_people(place.event.id))
    return render_template("event_reports/survey.html", event=place.event, form=form, asked=asked)


@blueprint.get("/costs")
def edit_costs(event_id: uuid.UUID) -> str:
    """The costs of the event."""
    place = open_to_plan(event_id)
    known = [
        CostRow(cost.label, _typed(cost.planned_yen), _typed(cost.actual_yen))
        for cost in costs.costs_of(event_id)
    ]
    rows = known or [CostRow(label) for label in costs.USUAL_LABELS]
    return _costs_page(place, CostsForm(formdata=None), rows)


@blueprint.post("/costs")
def update_costs(event_id: uuid.UUID) -> Answer:
    """Keep them."""
    place, form = open_to_plan(event_id), CostsForm()
    sent = request.form
    rows = form.sent_rows(sent.getlist("label"), sent.getlist("planned"), sent.getlist("actual"))
    if not form.validate_on_submit():
        return _costs_page(place, form, rows), INVALID
    try:
        costs.save_costs(place.event, rows, place.actor, place.now)
    except ProductError as error:
        form.add_error(None, error.message)
        return _costs_page(place, form, rows, error.field), error.status
    flash("費用を保存しました。", "success")
    return redirect(url_for("event_reports.edit_costs", event_id=event_id))


def _typed(yen: int | None) -> str:
    return "" if yen is None else f"{yen:,}"


def _costs_page(
    place: OpenEvent, form: CostsForm, rows: list[CostRow], faulty: str | None = None
) -> str:
    return render_template(
        "event_reports/costs.html",
        event=place.event,
        form=form,
        rows=[*rows, *([CostRow()] * EMPTY_ROWS)],
        faulty=faulty,
        total=costs.sums_of([place.event.id]).get(place.event.id),
    )


@blueprint.get("/guests")
def guest_data(event_id: uuid.UUID) -> str:
    """What is kept of guests and until when; deleting one registration at once."""
    return _guests_page(open_to_plan(event_id), ForgetForm(formdata=None))


@blueprint.post("/guests/deletions")
def forget_guest(event_id: uuid.UUID) -> Answer:
    """Delete one registration at a guest's wish."""
    place, form = open_to_plan(event_id), ForgetForm()
    if not form.validate_on_submit():
        return _guests_page(place, form), INVALID
    try:
        number = whole_number(fold(form.number.data or "").lstrip("#"))
        found = retention.registration_with_number(event_id, number) if number else None
        if found is None:
            raise ProductError(NO_REGISTRATION, "number")
        people = forget_registration(
            place.event, found, form.reason.data or "", place.actor, place.now
        )
    except ProductError as error:
        form.add_error(error.field, error.message)
        return _guests_page(place, form), error.status
    flash(f"{people}人の情報を消しました。", "success")
    return redirect(url_for("event_reports.guest_data", event_id=event_id))


def _guests_page(place: OpenEvent, form: ForgetForm) -> str:
    return render_template(
        "event_reports/guests.html",
        event=place.event,
        form=form,
        counts=retention.guest_counts(place.event.id),
        due_at=retention.due_at(place.event),
    )
