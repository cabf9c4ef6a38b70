"""Pages of a group's decisions log."""

from __future__ import annotations

import uuid

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from matchmaker.core.access import authorize
from matchmaker.core.clock import today
from matchmaker.core.downloads import download
from matchmaker.core.errors import Conflict, ProductError
from matchmaker.core.paging import page_number
from matchmaker.core.spreadsheets.writing import XLSX, write_xlsx
from matchmaker.working_groups.groups.activity import decisions, policy, queries
from matchmaker.working_groups.groups.activity.exports import decisions_table
from matchmaker.working_groups.groups.activity.forms import (
    DecisionForm,
    DecisionReplacementForm,
    day_of,
)
from matchmaker.working_groups.groups.activity.loading import (
    INVALID,
    Place,
    load_place,
    opened_form,
)
from matchmaker.working_groups.groups.models import GroupDecision

Answer = str | BaseResponse | tuple[str, int]
blueprint = Blueprint(
    "group_decisions", __name__, url_prefix="/working-groups/<uuid:group_id>/decisions"
)


@blueprint.get("")
def index(group_id: uuid.UUID) -> str:
    """The decisions log, latest first."""
    place = load_place(group_id)
    authorize(policy.can_view_inside(place.actor, place.group, place.standing), hidden=True)
    page = queries.decisions_page(group_id, page_number(request.args.get("page")))
    replaced = [each.replaced_by_id for each in page.items if each.replaced_by_id]
    return render_template(
        "working_groups/activity/decisions.html",
        place=place,
        page=page,
        numbers=queries.decision_numbers(replaced),
        may_log=policy.can_log_decision(place.actor, place.group, place.standing),
    )


@blueprint.get("/export.xlsx")
def export(group_id: uuid.UUID) -> Response:
    """The whole log as an Excel file."""
    place = load_place(group_id)
    authorize(policy.can_view_inside(place.actor, place.group, place.standing), hidden=True)
    table = decisions_table(place.group, queries.decisions_to_export(group_id), place.now)
    name = f"{place.group.name}_決定の記録_{today(place.now):%Y%m%d}.xlsx"
    return download(write_xlsx(table), name, XLSX)


@blueprint.route("/new", methods=["GET", "POST"])
def new(group_id: uuid.UUID) -> Answer:
    """Write a decision into the log."""
    place = load_place(group_id)
    authorize(policy.can_log_decision(place.actor, place.group, place.standing), hidden=True)
    form = opened_form(DecisionForm, data={"decided_on": today(place.now)})
    if form.validate_on_submit():
        try:
            decision = _logged(place, form)
        except ProductError as error:
            form.add_error(error.field, error.message)
        else:
            flash(f"決定{decision.number}として記録しました。", "success")
            return redirect(url_for(".index", group_id=group_id))
    return _form_page(place, form, None)


def _logged(place: Place, form: DecisionForm) -> GroupDecision:
    day = day_of(form.decided_on) or today(place.now)
    return decisions.log_decision(place.group, form.text.data or "", day, place.actor, place.now)


@blueprint.route("/<uuid:decision_id>/replacements/new", methods=["GET", "POST"])
def replace(group_id: uuid.UUID, decision_id: uuid.UUID) -> Answer:
    """Log a decision in the place of an earlier one."""
    place, old = load_place(group_id), queries.decision_of(group_id, decision_id)
    authorize(policy.can_log_decision(place.actor, place.group, place.standing), hidden=True)
    form = opened_form(
        DecisionReplacementForm, data={"text": old.text, "decided_on": today(place.now)}
    )
    if form.validate_on_submit():
        try:
            new_one = _replaced(place, old, form)
        except Conflict:
            raise
        except ProductError as error:
            form.add_error(error.field, error.message)
        else:
            flash(f"決定{old.number}を、決定{new_one.number}で置き換えました。", "success")
            return redirect(url_for(".index", group_id=group_id))
    return _form_page(place, form, old)


def _replaced(place: Place, old: GroupDecision, form: DecisionReplacementForm) -> GroupDecision:
    day = day_of(form.decided_on) or today(place.now)
    return decisions.replace_decision(
        place.group, old, form.text.data or "", day, form.reason.data or "", place.actor, place.now
    )


def _form_page(place: Place, form: DecisionForm, old: GroupDecision | None) -> Answer:
    page = render_template(
        "working_groups/activity/decision_form.html", place=place, form=form, old=old
    )
    return (page, INVALID) if form.is_submitted() else page
