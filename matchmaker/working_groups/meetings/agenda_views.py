"""Pages for the agenda, the materials and the checklist of a meeting (its organisers)."""

from __future__ import annotations

import uuid

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response

from matchmaker.core.errors import NotFound, ProductError
from matchmaker.core.form_stash import stashed_values
from matchmaker.working_groups.groups.activity.documents import Upload, add_document
from matchmaker.working_groups.meetings import agenda, preparation, presentation, queries
from matchmaker.working_groups.meetings.domain import publish_at
from matchmaker.working_groups.meetings.forms import (
    AgendaForm,
    MaterialForm,
    StepForm,
    agenda_values,
    uuid_of,
)
from matchmaker.working_groups.meetings.loading import OpenMeeting, open_to_run
from matchmaker.working_groups.meetings.models import PreparationStep
from matchmaker.working_groups.meetings.views import revision_of

INVALID = 422
Answer = str | Response | tuple[str, int]
blueprint = Blueprint("meeting_agendas", __name__, url_prefix="/meetings/<uuid:meeting_id>")


@blueprint.get("/agenda")
def edit(meeting_id: uuid.UUID) -> Answer:
    """The form of the agenda."""
    opened = open_to_run(meeting_id)
    stored = {"items": agenda_values(opened.meeting.agenda)}
    form = AgendaForm(stashed_values(request.path), data=stored)
    form.revision.data = form.revision.data or str(opened.meeting.revision)
    form.add_blank_rows()
    return _agenda_page(opened, form)


@blueprint.post("/agenda")
def update(meeting_id: uuid.UUID) -> Answer:
    """Save the agenda, or give the form more rows."""
    opened = open_to_run(meeting_id)
    form = AgendaForm()
    if "add_rows" in request.form:
        form.add_blank_rows()
        return _agenda_page(opened, form)
    form.validate_on_submit()
    lines = form.lines()
    if form.errors:
        return _agenda_page(opened, form)
    try:
        agenda.save_agenda(
            opened.meeting, lines, opened.actor, opened.now,
            expected_revision=revision_of(form.revision.data),
        )  # fmt: skip
    except ProductError as error:
        form.add_error(error.field, error.message)
        form.revision.data = str(opened.meeting.revision)
        return _agenda_page(opened, form)
    flash("議題を保存しました。", "success")
    return redirect(url_for("meetings.show", meeting_id=meeting_id))


@blueprint.post("/agenda/copies")
def copy(meeting_id: uuid.UUID) -> Response:
    """Take over the agenda of the group's last meeting."""
    opened = open_to_run(meeting_id)
    try:
        number = agenda.copy_last_agenda(opened.meeting, opened.actor, opened.now)
    except ProductError as error:
        flash(error.message, "error")
        return redirect(url_for("meetings.show", meeting_id=meeting_id))
    flash(f"前回の議題を{number}件写しました。今回に合わせて直してください。", "success")
    return redirect(url_for(".edit", meeting_id=meeting_id))


@blueprint.get("/materials")
def materials(meeting_id: uuid.UUID) -> Answer:
    """The materials of a meeting and the form for one more."""
    opened = open_to_run(meeting_id)
    return _materials_page(opened, MaterialForm(stashed_values(request.path)))


@blueprint.post("/materials")
def add_material(meeting_id: uuid.UUID) -> Answer:
    """Add a material."""
    opened = open_to_run(meeting_id)
    form = MaterialForm()
    if not form.validate_on_submit():
        return _materials_page(opened, form)
    try:
        _add(opened, form)
    except ProductError as error:
        form.add_error(error.field, error.message)
        return _materials_page(opened, form)
    flash("資料を加えました。", "success")
    return redirect(url_for(".materials", meeting_id=meeting_id))


@blueprint.post("/preparation-steps")
def add_step(meeting_id: uuid.UUID) -> Answer:
    """Add a step to the checklist."""
    opened = open_to_run(meeting_id)
    form = StepForm()
    try:
        due_on = form.due_day()
        if form.errors:
            raise ProductError(next(iter(form.due_on.errors)))
        preparation.add_step(
            opened.meeting, form.label.data or "", due_on, opened.actor, opened.now
        )
    except ProductError as error:
        flash(error.message, "error")
    return _to_checklist(meeting_id)


@blueprint.post("/preparation-steps/<uuid:step_id>/marks")
def mark_step(meeting_id: uuid.UUID, step_id: uuid.UUID) -> Response:
    """Tick a step or take the tick away."""
    opened = open_to_run(meeting_id)
    done = request.form.get("done") == "1"
    step = _step(meeting_id, step_id)
    preparation.mark_step(opened.meeting, step, done=done, actor=opened.actor, now=opened.now)
    return _to_checklist(meeting_id)


@blueprint.post("/preparation-steps/<uuid:step_id>/deletions")
def remove_step(meeting_id: uuid.UUID, step_id: uuid.UUID) -> Response:
    """Take a step off the checklist."""
    opened = open_to_run(meeting_id)
    step = _step(meeting_id, step_id)
    label = step.label
    preparation.remove_step(opened.meeting, step, opened.actor, opened.now)
    flash(f"「{label}」を消しました。", "success")
    return _to_checklist(meeting_id)


def _step(meeting_id: uuid.UUID, step_id: uuid.UUID) -> PreparationStep:
    step = queries.get_step(meeting_id, step_id)
    if step is None:
        raise NotFound
    return step


def _to_checklist(meeting_id: uuid.UUID) -> Response:
    return redirect(url_for("meetings.show", meeting_id=meeting_id, _anchor="preparation"))


def _add(opened: OpenMeeting, form: MaterialForm) -> None:
    meeting = opened.meeting
    item_id = uuid_of(form.agenda_item_id.data)
    file = form.file.data
    upload = (
        Upload(file.filename or "", file.read()) if isinstance(file, FileStorage) and file else None
    )
    add_document(
        opened.group, form.title.data or "", upload, form.chosen_visibility(), opened.actor,
        opened.now, meeting_id=meeting.id,
        agenda_item_id=item_id if item_id in {item.id for item in meeting.agenda} else None,
        publish_at=publish_at(form.chosen_moment(), meeting.starts_at, meeting.ends_at),
    )  # fmt: skip


def _agenda_page(opened: OpenMeeting, form: AgendaForm) -> Answer:
    people = queries.invited_people(opened.group.id, opened.today)
    form.offer_people([(str(each.user_id), each.user.name) for each in people])
    page = render_template(
        "meetings/agenda.html",
        opened=opened,
        meeting=opened.meeting,
        group=opened.group,
        form=form,
        has_last=queries.last_meeting_before(opened.meeting) is not None,
        title=presentation.listed(opened.meeting).title,
    )
    return (page, INVALID) if form.errors or form.form_errors else page


def _materials_page(opened: OpenMeeting, form: MaterialForm) -> Answer:
    form.offer_items(opened.meeting.agenda)
    page = render_template(
        "meetings/materials.html",
        opened=opened,
        meeting=opened.meeting,
        group=opened.group,
        form=form,
        shown=presentation.meeting_page(opened),
    )
    return (page, INVALID) if form.errors or form.form_errors else page
