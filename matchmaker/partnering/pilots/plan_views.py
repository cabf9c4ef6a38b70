"""Pages of a pilot's plan that are tables: milestones, budget, indicators."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from decimal import Decimal

from flask import flash, redirect, render_template, url_for

from matchmaker.core.clock import today
from matchmaker.core.errors import ProductError
from matchmaker.core.text import whole_number
from matchmaker.partnering.pilots import plans, queries, service
from matchmaker.partnering.pilots.checking import FaultyInput
from matchmaker.partnering.pilots.domain import (
    MOST_BUDGET_LINES,
    MOST_INDICATORS,
    MOST_MILESTONES,
)
from matchmaker.partnering.pilots.forms import EMPTY_ROWS, RowsForm, sent_rows
from matchmaker.partnering.pilots.indicators import RULES, IndicatorKind
from matchmaker.partnering.pilots.loading import OpenPilot, open_to_write, opened, tell
from matchmaker.partnering.pilots.models import Pilot
from matchmaker.partnering.pilots.plans import Row
from matchmaker.partnering.pilots.views import INVALID, Answer, blueprint

__all__ = ["blueprint"]

MILESTONE_COLUMNS = ("title", "due", "done")
BUDGET_COLUMNS = ("label", "payer", "planned", "actual")
INDICATOR_COLUMNS = ("id", "kind", "name", "unit", "baseline", "goal", "public")
USUAL_KINDS = (IndicatorKind.COLLECTED, IndicatorKind.RECYCLED, IndicatorKind.DISPOSED)
"""What the empty page proposes."""


def _rows_page(
    template: str,
    place: OpenPilot,
    form: RowsForm,
    rows: Sequence[Row],
    empty: Row,
    messages: Mapping[str, str] | None = None,
) -> str:
    if not form.revision.data:
        form.revision.data = str(place.pilot.revision)
    return render_template(
        template,
        pilot=place.pilot,
        partners=place.partners,
        form=form,
        rows=[*rows, *([empty] * EMPTY_ROWS)],
        messages=messages or {},
        rules=RULES,
        reported=queries.reported_indicators(place.pilot.id),
    )


def _revision(form: RowsForm) -> int:
    return whole_number(form.revision.data) or 0


def _empty(columns: Sequence[str]) -> Row:
    return dict.fromkeys(columns, "")


def _day(value: object) -> str:
    return str(value) if value else ""


def _yen(value: int | None) -> str:
    return "" if value is None else f"{value:,}"


def _number(value: Decimal | None) -> str:
    return "" if value is None else f"{value.normalize():f}"


@blueprint.get("/pilots/<uuid:pilot_id>/milestones")
def edit_milestones(pilot_id: uuid.UUID) -> str:
    """The milestones as lines."""
    place = open_to_write(pilot_id)
    stored = [
        {"title": each.title, "due": _day(each.due_on), "done": _day(each.done_on)}
        for each in place.pilot.milestones
    ]
    rows = sent_rows(MILESTONE_COLUMNS, MOST_MILESTONES) or stored
    return _milestones_page(place, opened(RowsForm), rows)


def _milestones_page(
    place: OpenPilot, form: RowsForm, rows: Sequence[Row], messages: Mapping[str, str] | None = None
) -> str:
    return _rows_page(
        "pilots/milestones.html", place, form, rows, _empty(MILESTONE_COLUMNS), messages
    )


@blueprint.post("/pilots/<uuid:pilot_id>/milestones")
def update_milestones(pilot_id: uuid.UUID) -> Answer:
    """Keep them."""
    place, form = open_to_write(pilot_id), RowsForm()
    rows = sent_rows(MILESTONE_COLUMNS, MOST_MILESTONES) or []
    if not form.validate_on_submit():
        return _milestones_page(place, form, rows), INVALID
    try:
        found = plans.read_milestones(rows, place.pilot.starts_on, today(place.now))
        service.save_milestones(
            place.pilot, found, place.actor, place.now, expected_revision=_revision(form)
        )
    except ProductError as error:
        return _milestones_page(place, form, rows, tell_rows(form, error)), error.status
    flash("節目を保存しました。", "success")
    return redirect(url_for("pilots.show", pilot_id=pilot_id))


@blueprint.get("/pilots/<uuid:pilot_id>/budget")
def edit_budget(pilot_id: uuid.UUID) -> str:
    """The budget as lines."""
    place = open_to_write(pilot_id)
    stored = [
        {
            "label": each.label, "payer": each.payer, "planned": _yen(each.planned_yen),
            "actual": _yen(each.actual_yen),
        }
        for each in place.pilot.budget_lines
    ]  # fmt: skip
    rows = sent_rows(BUDGET_COLUMNS, MOST_BUDGET_LINES) or stored
    return _budget_page(place, opened(RowsForm), rows)


def _budget_page(
    place: OpenPilot, form: RowsForm, rows: Sequence[Row], messages: Mapping[str, str] | None = None
) -> str:
    return _rows_page("pilots/budget.html", place, form, rows, _empty(BUDGET_COLUMNS), messages)


@blueprint.post("/pilots/<uuid:pilot_id>/budget")
def update_budget(pilot_id: uuid.UUID) -> Answer:
    """Keep it."""
    place, form = open_to_write(pilot_id), RowsForm()
    rows = sent_rows(BUDGET_COLUMNS, MOST_BUDGET_LINES) or []
    if not form.validate_on_submit():
        return _budget_page(place, form, rows), INVALID
    try:
        found = plans.read_budget(rows)
        service.save_budget(
            place.pilot, found, place.actor, place.now, expected_revision=_revision(form)
        )
    except ProductError as error:
        return _budget_page(place, form, rows, tell_rows(form, error)), error.status
    flash("予算を保存しました。", "success")
    return redirect(url_for("pilots.show", pilot_id=pilot_id))


@blueprint.get("/pilots/<uuid:pilot_id>/indicators")
def edit_indicators(pilot_id: uuid.UUID) -> str:
    """The indicators as lines."""
    place = open_to_write(pilot_id)
    rows = sent_rows(INDICATOR_COLUMNS, MOST_INDICATORS) or _stored_indicators(place.pilot)
    return _indicators_page(place, opened(RowsForm), rows)


def _stored_indicators(pilot: Pilot) -> list[Row]:
    """What is kept, or what most pilots count."""
    stored: list[Row] = [
        {
            "id": str(each.id), "kind": each.kind.value, "name": each.name, "unit": each.unit,
            "baseline": _number(each.baseline), "goal": _number(each.goal),
            "public": "yes" if each.is_public else "",
        }
        for each in pilot.indicators
    ]  # fmt: skip
    return stored or [{**_empty(INDICATOR_COLUMNS), "kind": kind.value} for kind in USUAL_KINDS]


def _indicators_page(
    place: OpenPilot, form: RowsForm, rows: Sequence[Row], messages: Mapping[str, str] | None = None
) -> str:
    return _rows_page(
        "pilots/indicators.html", place, form, rows, _empty(INDICATOR_COLUMNS), messages
    )


@blueprint.post("/pilots/<uuid:pilot_id>/indicators")
def update_indicators(pilot_id: uuid.UUID) -> Answer:
    """Keep them."""
    place, form = open_to_write(pilot_id), RowsForm()
    rows = sent_rows(INDICATOR_COLUMNS, MOST_INDICATORS) or []
    if not form.validate_on_submit():
        return _indicators_page(place, form, rows), INVALID
    try:
        found = plans.read_indicators(rows)
        service.save_indicators(
            place.pilot, found, place.actor, place.now, expected_revision=_revision(form)
        )
    except ProductError as error:
        return _indicators_page(place, form, rows, tell_rows(form, error)), error.status
    flash("指標を保存しました。", "success")
    return redirect(url_for("pilots.show", pilot_id=pilot_id))


def tell_rows(form: RowsForm, error: ProductError) -> Mapping[str, str]:
    """Tell what is wrong above the table, with the number of each line, and at each input."""
    if not isinstance(error, FaultyInput):
        return tell(form, error)
    for name, message in error.messages.items():
        place = whole_number(name.rpartition("-")[2])
        form.add_error(None, message if place is None else f"{place + 1}行目：{message}")
    return error.messages
