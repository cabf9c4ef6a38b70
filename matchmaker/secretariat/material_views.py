"""The vocabulary of materials: list, add, rename, stop and resume offering."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from flask import flash, redirect, render_template, request, url_for

from matchmaker.core import clock
from matchmaker.core.access import authorize, current_actor
from matchmaker.core.actor import Actor
from matchmaker.core.errors import ProductError
from matchmaker.core.paging import page_number
from matchmaker.posts.models import Material
from matchmaker.secretariat import policy, queries, service
from matchmaker.secretariat.domain import material_id
from matchmaker.secretariat.forms import MaterialForm, NewMaterialForm, ReasonForm
from matchmaker.secretariat.views import Answer, blueprint

Decide = Callable[[Material, str, Actor, datetime], None]
DECISION = "decision-"
"""Prefix that keeps the fields of the second form on the page apart from those of the first."""


@blueprint.get("/materials")
def materials() -> str:
    """All entries with how often each is used, and a form for a new one."""
    authorize(policy.can_edit_vocabulary(current_actor()))
    return materials_page(NewMaterialForm())


@blueprint.post("/materials")
def add_material() -> Answer:
    """Add an entry."""
    actor = authorize(policy.can_edit_vocabulary(current_actor()))
    form = NewMaterialForm()
    if not form.validate_on_submit():
        return materials_page(form), 422
    try:
        added = service.add_material(form.code.data or "", form.name.data or "", actor, clock.now())
    except ProductError as error:
        form.add_error(error.field, error.message)
        return materials_page(form), 422
    flash(f"品目「{added.name}」を加えました。", "success")
    return redirect(url_for("secretariat.materials"))


def materials_page(form: NewMaterialForm) -> str:
    """The list as a page."""
    return render_template(
        "secretariat/materials.html",
        page=queries.materials_page(page_number(request.args.get("page"))),
        use=queries.material_use(),
        form=form,
    )


@blueprint.get("/materials/<string:code>")
def material(code: str) -> str:
    """One entry with what can be done to it."""
    authorize(policy.can_edit_vocabulary(current_actor()))
    found = queries.material_with(code)
    return material_page(found, MaterialForm(name=found.name), ReasonForm(prefix=DECISION))


@blueprint.post("/materials/<string:code>/names")
def rename_material(code: str) -> Answer:
    """Give an entry another name."""
    actor = authorize(policy.can_edit_vocabulary(current_actor()))
    found, form = queries.material_with(code), MaterialForm()
    if not form.validate_on_submit():
        return material_page(found, form, ReasonForm(formdata=None, prefix=DECISION)), 422
    try:
        name, reason = form.name.data or "", form.reason.data or ""
        service.rename_material(found, name, reason, actor, clock.now())
    except ProductError as error:
        form.add_error(error.field, error.message)
        return material_page(found, form, ReasonForm(formdata=None, prefix=DECISION)), 422
    flash(f"名前を「{found.name}」に変えました。", "success")
    return redirect(url_for("secretariat.materials"))


@blueprint.post("/materials/<string:code>/deactivations")
def deactivate_material(code: str) -> Answer:
    """Stop offering an entry for new posts."""
    return decide(code, service.deactivate_material, "の利用を止めました。")


@blueprint.post("/materials/<string:code>/reactivations")
def reactivate_material(code: str) -> Answer:
    """Offer an entry again."""
    return decide(code, service.reactivate_material, "をまた選べるようにしました。")


def decide(code: str, decision: Decide, words: str) -> Answer:
    """Carry out a decision that needs a reason."""
    actor = authorize(policy.can_edit_vocabulary(current_actor()))
    found, form = queries.material_with(code), ReasonForm(prefix=DECISION)
    if not form.validate_on_submit():
        return material_page(found, MaterialForm(formdata=None, name=found.name), form), 422
    decision(found, form.reason.data or "", actor, clock.now())
    flash(f"品目「{found.name}」{words}", "success")
    return redirect(url_for("secretariat.materials"))


def material_page(found: Material, form: MaterialForm, reason_form: ReasonForm) -> str:
    """One entry as a page."""
    return render_template(
        "secretariat/material.html",
        material=found,
        subject_id=material_id(found.code),
        form=form if form.errors or not reason_form.errors else reason_form,
        name_form=form,
        reason_form=reason_form,
    )
