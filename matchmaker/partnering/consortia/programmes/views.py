"""Pages of support programmes: the public list and its upkeep."""

from __future__ import annotations

import uuid

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from matchmaker.core import clock
from matchmaker.core.access import authorize, current_actor
from matchmaker.core.errors import Conflict
from matchmaker.core.forms import RecordForm
from matchmaker.core.paging import page_number
from matchmaker.core.text import whole_number
from matchmaker.partnering.consortia.programmes import policy, queries, service
from matchmaker.partnering.consortia.programmes.conditions import FIGURES, goal_text
from matchmaker.partnering.consortia.programmes.content import (
    PROGRAMME_FIELDS,
    loaded,
    programme_of,
    stored,
)
from matchmaker.partnering.consortia.programmes.fitting import words
from matchmaker.partnering.consortia.programmes.forms import programme_form
from matchmaker.partnering.consortia.programmes.models import SupportProgramme

blueprint = Blueprint("support_programmes", __name__, url_prefix="/support-programmes")
INVALID, CONFLICT = 422, 409
Answer = str | tuple[str, int] | Response


@blueprint.get("")
def index() -> str:
    """All programmes of the list; the secretariat sees those taken off it as well."""
    actor = authorize(policy.can_read_list(current_actor()))
    may_keep = policy.can_keep(actor)
    page = queries.programmes_page(page_number(request.args.get("page")), with_hidden=may_keep)
    return render_template(
        "support_programmes/index.html", page=page, may_keep=may_keep, words=words(), loaded=loaded
    )


@blueprint.get("/<uuid:programme_id>")
def show(programme_id: uuid.UUID) -> str:
    """One programme with its conditions."""
    row = queries.get(programme_id)
    actor = current_actor()
    authorize(policy.can_read_programme(actor, row.is_listed), hidden=True)
    programme = programme_of(row.values)
    goals = [
        goal_text(each, programme.goals[each.code])
        for each in FIGURES
        if each.code in programme.goals
    ]
    return render_template(
        "support_programmes/show.html", row=row, programme=programme, values=loaded(row.values),
        goals=goals, words=words(), may_keep=policy.can_keep(actor),
    )  # fmt: skip


@blueprint.get("/new")
def new() -> str:
    """An empty form."""
    authorize(policy.can_keep(current_actor()))
    return _form_page(programme_form(None), None)


@blueprint.post("/new")
def create() -> Answer:
    """Put a programme on the list."""
    actor = authorize(policy.can_keep(current_actor()))
    form = programme_form(None, sent=True)
    cleaned = form.clean(complete=True) if form.validate_on_submit() else None
    if cleaned is None or cleaned.errors:
        return _form_page(form, None), INVALID
    programme = service.add(stored(cleaned.values), actor, clock.now())
    flash("支援策を加えました。", "success")
    return redirect(url_for("support_programmes.show", programme_id=programme.id))


@blueprint.get("/<uuid:programme_id>/edit")
def edit(programme_id: uuid.UUID) -> str:
    """The form of a programme."""
    authorize(policy.can_keep(current_actor()))
    programme = queries.get(programme_id)
    return _form_page(programme_form(programme), programme)


@blueprint.post("/<uuid:programme_id>/edit")
def update(programme_id: uuid.UUID) -> Answer:
    """Write other fields, or take the programme off the list."""
    actor = authorize(policy.can_keep(current_actor()))
    programme, form = queries.get(programme_id), programme_form(None, sent=True)
    cleaned = form.clean(complete=True) if form.validate_on_submit() else None
    if cleaned is None or cleaned.errors:
        return _form_page(form, programme), INVALID
    try:
        service.change(
            programme, stored(cleaned.values), whole_number(form.revision.data or "") or 0,
            actor, clock.now(), is_listed=bool(form["is_listed"].data),
        )  # fmt: skip
    except Conflict as conflict:
        form.add_error(None, conflict.message)
        form.revision.data = str(programme.revision)
        return _form_page(form, programme), CONFLICT
    flash("支援策を保存しました。", "success")
    return redirect(url_for("support_programmes.show", programme_id=programme.id))


def _form_page(form: RecordForm, programme: SupportProgramme | None) -> str:
    return render_template(
        "support_programmes/edit.html", form=form, programme=programme, table=PROGRAMME_FIELDS
    )
