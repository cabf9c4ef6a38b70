"""Pages for materials and recordings: the planner's, and the download for those entitled."""

from __future__ import annotations

import uuid

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from matchmaker.core.access import authorize
from matchmaker.core.downloads import download_stored
from matchmaker.core.errors import ProductError
from matchmaker.core.form_stash import stashed_values
from matchmaker.core.text import whole_number
from matchmaker.regional_events.planning.loading import OpenEvent, open_event, open_to_plan
from matchmaker.regional_events.planning.programme import queries, service
from matchmaker.regional_events.planning.programme.domain import Upload
from matchmaker.regional_events.planning.programme.forms import MaterialForm, material_values
from matchmaker.regional_events.planning.programme.models import EventMaterial
from matchmaker.regional_events.planning.programme.policy import can_open_material
from matchmaker.regional_events.planning.programme.presentation import shown_materials
from matchmaker.regional_events.planning.programme.typed import upload_of

INVALID = 422
Answer = str | Response | tuple[str, int]
blueprint = Blueprint(
    "event_materials", __name__, url_prefix="/regional-events/<uuid:event_id>/materials"
)


@blueprint.get("")
def index(event_id: uuid.UUID) -> Answer:
    """The materials and the form for one more."""
    return _index_page(open_to_plan(event_id), MaterialForm(stashed_values(request.path)))


@blueprint.post("")
def create(event_id: uuid.UUID) -> Answer:
    """Add a material."""
    opened, form = open_to_plan(event_id), MaterialForm()
    if not form.validate_on_submit():
        return _index_page(opened, form)
    data = form.material_data()
    try:
        material = service.add_material(
            opened.event, data.title, _content(form), data.audience, opened.actor, opened.now,
            data.is_recording, data.session_id, data.publish_at,
        )  # fmt: skip
    except ProductError as error:
        form.refuse(error)
        return _index_page(opened, form)
    flash(f"「{material.title}」を加えました。", "success")
    return redirect(url_for(".index", event_id=event_id))


@blueprint.get("/<uuid:material_id>/edit")
def edit(event_id: uuid.UUID, material_id: uuid.UUID) -> Answer:
    """The form of a material."""
    opened = open_to_plan(event_id)
    material = queries.get_material(event_id, material_id)
    form = MaterialForm(stashed_values(request.path), data=material_values(material))
    return _edit_page(opened, form, material)


@blueprint.post("/<uuid:material_id>/edit")
def update(event_id: uuid.UUID, material_id: uuid.UUID) -> Answer:
    """Save a material."""
    opened, form = open_to_plan(event_id), MaterialForm()
    material = queries.get_material(event_id, material_id)
    if not form.validate_on_submit():
        return _edit_page(opened, form, material)
    content = _content(form)
    try:
        service.change_material(
            material, form.material_data(), None if content == material.url else content,
            opened.actor, opened.now, expected_revision=whole_number(form.revision.data),
        )  # fmt: skip
    except ProductError as error:
        form.refuse(error)
        form.revision.data = str(material.revision)
        return _edit_page(opened, form, material)
    flash(f"「{material.title}」を保存しました。", "success")
    return redirect(url_for(".index", event_id=event_id))


@blueprint.post("/<uuid:material_id>/deletions")
def remove(event_id: uuid.UUID, material_id: uuid.UUID) -> Response:
    """Take a material away."""
    opened = open_to_plan(event_id)
    material = queries.get_material(event_id, material_id)
    title = material.title
    service.remove_material(material, opened.actor, opened.now)
    flash(f"「{title}」を消しました。", "success")
    return redirect(url_for(".index", event_id=event_id))


@blueprint.get("/<uuid:material_id>/file")
def download(event_id: uuid.UUID, material_id: uuid.UUID) -> Response:
    """Hand out a file, or lead to the address, to those it is meant for."""
    opened = open_event(event_id)
    material = queries.get_material(event_id, material_id)
    is_published = queries.is_published(material, opened.now)
    authorize(
        can_open_material(
            opened.actor, material.audience, opened.standing, is_published=is_published
        ),
        hidden=True,
    )
    if material.file is None:
        return redirect(material.url)
    return download_stored(material.file)


def _content(form: MaterialForm) -> Upload | str | None:
    return upload_of(form.file) or form.url.data or None


def _index_page(opened: OpenEvent, form: MaterialForm) -> Answer:
    sessions = queries.programme_of(opened.event.id)
    form.offer_sessions(sessions)
    materials = queries.materials_of(opened.event.id, opened.actor, opened.standing, opened.now)
    page = render_template(
        "event_materials/index.html",
        event=opened.event,
        form=form,
        shown=shown_materials(materials, sessions, opened.now),
    )
    return (page, INVALID) if form.errors or form.form_errors else page


def _edit_page(opened: OpenEvent, form: MaterialForm, material: EventMaterial) -> Answer:
    form.offer_sessions(queries.programme_of(opened.event.id))
    page = render_template(
        "event_materials/edit.html", event=opened.event, form=form, material=material
    )
    return (page, INVALID) if form.errors or form.form_errors else page
