"""Pages of imports; needs and offerings register the same routes, each on its own blueprint."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

from flask import Blueprint, Response, flash, jsonify, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Redirect

from matchmaker.core import clock
from matchmaker.core.access import authorize, current_actor
from matchmaker.core.actor import Actor
from matchmaker.core.downloads import download
from matchmaker.core.errors import NotFound, ProductError
from matchmaker.core.spreadsheets.faults import error_report
from matchmaker.core.spreadsheets.writing import CSV, XLSX
from matchmaker.organizations import queries as organization_queries
from matchmaker.posts.imports import files, policy, presentation, queries, service
from matchmaker.posts.imports.domain import (
    JOB_LABELS,
    WORKING_STATES,
    Choices,
    ImportMode,
    JobState,
    RowState,
)
from matchmaker.posts.imports.forms import ImportFileForm, ImportStartForm
from matchmaker.posts.imports.models import ImportJob
from matchmaker.posts.registry import register_with
from matchmaker.posts.types import PostType
from matchmaker.posts.vocabularies import DatabaseVocabularies

UNPROCESSABLE = 422
Answer = Redirect | tuple[str, int] | str


def register_import_routes(blueprint: Blueprint, post_type: PostType) -> None:
    """``/needs/imports/…``: choose a file, see what is in it, start, watch, undo."""
    register_with(blueprint, post_type)
    _register_beginning(blueprint, post_type)
    _register_steps(blueprint, post_type)
    _register_files(blueprint, post_type)


def _register_beginning(blueprint: Blueprint, post_type: PostType) -> None:
    @blueprint.get("/imports/new")
    def import_new() -> str:
        """Choose a file."""
        actor = authorize(policy.can_import_somewhere(current_actor()))
        return new_page(post_type, make_form(actor), actor)

    @blueprint.post("/imports/new")
    def import_create() -> Answer:
        """Check the file that was chosen."""
        actor = authorize(policy.can_import_somewhere(current_actor()))
        form = make_form(actor)
        job = check(post_type, form, actor)
        if job is None:
            return new_page(post_type, form, actor), UNPROCESSABLE
        return redirect(url_for(f"{post_type.blueprint}.import_show", job_id=job.id))

    @blueprint.get("/imports/<uuid:job_id>")
    def import_show(job_id: uuid.UUID) -> str:
        """The import as it stands: preview, progress or result."""
        job = load(post_type, job_id)
        authorize(policy.can_handle(current_actor(), job), hidden=True)
        return page(post_type, job, ImportStartForm())


def _register_steps(blueprint: Blueprint, post_type: PostType) -> None:
    @blueprint.post("/imports/<uuid:job_id>/start")
    def import_start(job_id: uuid.UUID) -> Answer:
        """Let the worker write the rows."""
        job = load(post_type, job_id)
        actor = authorize(policy.can_handle(current_actor(), job), hidden=True)
        form = ImportStartForm()
        if not start(job, form, actor):
            return page(post_type, job, form), UNPROCESSABLE
        return redirect(url_for(f"{post_type.blueprint}.import_show", job_id=job.id))

    @blueprint.post("/imports/<uuid:job_id>/undo")
    def import_undo(job_id: uuid.UUID) -> Redirect:
        """Let the worker remove what was written."""
        job = load(post_type, job_id)
        actor = authorize(policy.can_handle(current_actor(), job), hidden=True)
        service.undo(job, actor, clock.now())
        return redirect(url_for(f"{post_type.blueprint}.import_show", job_id=job.id))

    @blueprint.post("/imports/<uuid:job_id>/deletions")
    def import_discard(job_id: uuid.UUID) -> Redirect:
        """Forget a file that was only checked."""
        job = load(post_type, job_id)
        authorize(policy.can_handle(current_actor(), job), hidden=True)
        service.discard(job)
        flash(f"「{job.file_name}」の取り込みをやめました。", "success")
        return redirect(url_for(f"{post_type.blueprint}.import_new"))

    @blueprint.get("/imports/<uuid:job_id>/progress")
    def import_progress(job_id: uuid.UUID) -> Response:
        """How far it has come, for the polling script."""
        job = load(post_type, job_id)
        authorize(policy.can_handle(current_actor(), job), hidden=True)
        here = url_for(f"{post_type.blueprint}.import_show", job_id=job.id)
        return jsonify(presentation.progress(job, here))


def _register_files(blueprint: Blueprint, post_type: PostType) -> None:
    @blueprint.get("/imports/template")
    def import_template() -> Response:
        """The template, as Excel or (``?format=csv``) as CSV."""
        authorize(policy.can_import_somewhere(current_actor()))
        stem = f"{post_type.label}取り込みひな形"
        if request.args.get("format") == "csv":
            return download(files.template_csv(post_type), f"{stem}.csv", CSV)
        content = files.template_workbook(post_type, DatabaseVocabularies())
        return download(content, f"{stem}.xlsx", XLSX)

    @blueprint.get("/imports/<uuid:job_id>/errors")
    def import_errors(job_id: uuid.UUID) -> Response:
        """The faulty rows, each message beside its cell."""
        job = load(post_type, job_id)
        authorize(policy.can_handle(current_actor(), job), hidden=True)
        rows = queries.rows_in(job.id, [RowState.FAULTY, RowState.FAILED])
        content = error_report(post_type.table, job.columns, rows)
        return download(content, f"{job.file_name.rpartition('.')[0]}_直すところ.xlsx", XLSX)


def load(post_type: PostType, job_id: uuid.UUID) -> ImportJob:
    """The import.

    Raises:
        NotFound: there is none of that kind.
    """
    job = queries.get_job(job_id)
    if job is None or job.post_kind is not post_type.kind:
        raise NotFound("お探しの取り込みは見つかりません。古いものは消えています。")
    return job


def organizations_of(actor: Actor) -> Sequence[Any]:
    """Organisations in whose name the person may import."""
    if actor.is_secretariat:
        return organization_queries.all_organizations()
    ids = [each for each in actor.roles if actor.writes_for(each)]
    found = organization_queries.organizations_by_id(ids)
    return sorted(found.values(), key=lambda each: (each.kana, str(each.id)))


def make_form(actor: Actor) -> ImportFileForm:
    """The form with the organisations the person may choose from."""
    form = ImportFileForm()
    choices = [(str(each.id), each.name) for each in organizations_of(actor)]
    form.organization_id.choices = (
        choices if len(choices) == 1 else [("", "選んでください"), *choices]
    )
    return form


def check(post_type: PostType, form: ImportFileForm, actor: Actor) -> ImportJob | None:
    """The checked import; None when something has to be mended (told at its place)."""
    if not form.validate_on_submit():
        return None
    organization_id = chosen(form)
    if organization_id is None or not policy.can_import_for(actor, organization_id):
        form.add_error("organization_id", "団体を一覧から選んでください。")
        return None
    upload = request.files.get("file")
    if upload is None or not upload.filename:
        form.add_error("file", "ファイルを選んでください。")
        return None
    try:
        return service.check(
            post_type, organization_id, upload.filename, upload.read(), actor, clock.now()
        )
    except ProductError as error:
        form.add_error(error.field, error.message)
        return None


def chosen(form: ImportFileForm) -> uuid.UUID | None:
    """The organisation named in the form."""
    try:
        return uuid.UUID(form.organization_id.data or "")
    except ValueError:
        return None


def start(job: ImportJob, form: ImportStartForm, actor: Actor) -> bool:
    """Start the import as chosen; False when something has to be mended (told at its place)."""
    if not form.validate_on_submit():
        return False
    choices = Choices(ImportMode(form.mode.data), form.submits.data, form.with_duplicates.data)
    try:
        service.start(job, choices, actor, clock.now())
    except ProductError as error:
        if error.status != UNPROCESSABLE:
            raise
        form.add_error(error.field, error.message)
        return False
    return True


def new_page(post_type: PostType, form: ImportFileForm, actor: Actor) -> str:
    """The page for choosing a file, with the imports of late."""
    ids = None if actor.is_secretariat else [each for each in actor.roles if actor.writes_for(each)]
    return render_template(
        "imports/new.html",
        post_type=post_type,
        form=form,
        jobs=queries.recent_jobs(post_type.kind, ids),
        state_labels=JOB_LABELS,
    )


def page(post_type: PostType, job: ImportJob, form: ImportStartForm) -> str:
    """The page of an import as it stands."""
    shared: dict[str, Any] = {"post_type": post_type, "job": job}
    if job.state is JobState.CHECKED:
        return render_template(
            "imports/preview.html", form=form, **shared, **presentation.preview(post_type, job)
        )
    if job.state in WORKING_STATES:
        message = presentation.progress_text(job)
        return render_template("imports/progress.html", message=message, **shared)
    return render_template("imports/result.html", **shared, **presentation.result(post_type, job))
