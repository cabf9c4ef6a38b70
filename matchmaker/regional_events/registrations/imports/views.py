"""Pages of imports of guests: choose a list, see what is in it, start, watch."""

from __future__ import annotations

import uuid

from flask import Blueprint, Response, flash, jsonify, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Redirect

from matchmaker.core.downloads import download
from matchmaker.core.errors import Conflict, NotFound, ProductError
from matchmaker.core.spreadsheets.faults import error_report
from matchmaker.core.spreadsheets.writing import CSV, XLSX
from matchmaker.regional_events.planning.loading import OpenEvent, open_to_plan
from matchmaker.regional_events.registrations.imports import files, presentation, queries, service
from matchmaker.regional_events.registrations.imports.domain import (
    GUESTS,
    MOST_ROWS,
    STATE_LABELS,
    WORKING_STATES,
    Choices,
    ImportState,
    RowState,
)
from matchmaker.regional_events.registrations.imports.forms import WAIT, ListFileForm, StartForm
from matchmaker.regional_events.registrations.imports.models import GuestImport

INVALID = 422
Answer = Redirect | str | tuple[str, int]
blueprint = Blueprint(
    "event_imports", __name__, url_prefix="/regional-events/<uuid:event_id>/registrations/imports"
)


@blueprint.get("/new")
def new(event_id: uuid.UUID) -> str:
    """Choose a file; the imports of late."""
    return _new_page(open_to_plan(event_id), ListFileForm(formdata=None))


@blueprint.post("/new")
def create(event_id: uuid.UUID) -> Answer:
    """Check the file that was chosen."""
    opened, form = open_to_plan(event_id), ListFileForm()
    made = _checked(opened, form)
    if made is None:
        return _new_page(opened, form), INVALID
    return redirect(_address(made))


def _checked(opened: OpenEvent, form: ListFileForm) -> GuestImport | None:
    """The checked list; None when something has to be mended (told at its place)."""
    upload = request.files.get("file")
    if not form.validate_on_submit():
        return None
    if upload is None or not upload.filename:
        form.add_error("file", "ファイルを選んでください。")
        return None
    try:
        return service.check(opened.event, upload.filename, upload.read(), opened.actor, opened.now)
    except ProductError as error:
        form.add_error(error.field, error.message)
        return None


@blueprint.get("/<uuid:import_id>")
def show(event_id: uuid.UUID, import_id: uuid.UUID) -> str:
    """The import as it stands: preview, progress or result."""
    opened, made = _open(event_id, import_id)
    return _page(opened, made, StartForm(formdata=None))


@blueprint.post("/<uuid:import_id>/start")
def start(event_id: uuid.UUID, import_id: uuid.UUID) -> Answer:
    """Let the worker register the good rows."""
    (opened, made), form = _open(event_id, import_id), StartForm()
    if not form.validate_on_submit():
        return _page(opened, made, form), INVALID
    choices = Choices(form.full.data == WAIT, form.tells.data)
    try:
        service.start(made, opened.event, choices, opened.actor, opened.now)
    except Conflict as error:
        flash(error.message, "error")
    return redirect(_address(made))


@blueprint.post("/<uuid:import_id>/deletions")
def discard(event_id: uuid.UUID, import_id: uuid.UUID) -> Redirect:
    """Forget a list that was only checked."""
    _opened, made = _open(event_id, import_id)
    name = made.file_name
    service.discard(made)
    flash(f"「{name}」の取り込みをやめました。", "success")
    return redirect(url_for("event_imports.new", event_id=event_id))


@blueprint.get("/<uuid:import_id>/progress")
def progress(event_id: uuid.UUID, import_id: uuid.UUID) -> Response:
    """How far it has come, for the polling script."""
    _opened, made = _open(event_id, import_id)
    return jsonify(presentation.progress(made, _address(made)))


@blueprint.get("/<uuid:import_id>/errors")
def errors(event_id: uuid.UUID, import_id: uuid.UUID) -> Response:
    """The faulty rows, each message beside its cell."""
    _opened, made = _open(event_id, import_id)
    rows = queries.rows_in(made.id, [RowState.FAULTY, RowState.FAILED])
    content = error_report(GUESTS, made.columns, rows)
    return download(content, f"{made.file_name.rpartition('.')[0]}_直すところ.xlsx", XLSX)


@blueprint.get("/template")
def template(event_id: uuid.UUID) -> Response:
    """The template, as Excel or (``?format=csv``) as CSV."""
    event = open_to_plan(event_id).event
    if request.args.get("format") == "csv":
        return download(files.template_csv(event), "参加者名簿ひな形.csv", CSV)
    return download(files.template_workbook(event), "参加者名簿ひな形.xlsx", XLSX)


def _open(event_id: uuid.UUID, import_id: uuid.UUID) -> tuple[OpenEvent, GuestImport]:
    """The event for those who run it, and one of its imports.

    Raises:
        NotFound: the event has none of that id.
    """
    opened, made = open_to_plan(event_id), queries.get_import(import_id)
    if made is None or made.event_id != event_id:
        raise NotFound("お探しの取り込みは見つかりません。古いものは消えています。")
    return opened, made


def _address(made: GuestImport) -> str:
    return url_for("event_imports.show", event_id=made.event_id, import_id=made.id)


def _new_page(opened: OpenEvent, form: ListFileForm) -> str:
    return render_template(
        "event_imports/new.html",
        event=opened.event,
        form=form,
        most_rows=MOST_ROWS,
        imports=queries.recent_imports(opened.event.id),
        state_labels=STATE_LABELS,
    )


def _page(opened: OpenEvent, made: GuestImport, form: StartForm) -> str:
    event = opened.event
    if made.state is ImportState.CHECKED:
        shown = presentation.preview(event, made)
        return render_template(
            "event_imports/preview.html", event=event, made=made, form=form, **shown
        )
    if made.state in WORKING_STATES:
        message = presentation.progress_text(made)
        return render_template(
            "event_imports/progress.html", event=event, made=made, message=message
        )
    shown = presentation.result(event, made)
    return render_template("event_imports/result.html", event=event, made=made, **shown)
