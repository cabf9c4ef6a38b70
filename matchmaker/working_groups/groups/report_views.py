"""Final reports: writing one when a group is closed, reading them, the list of all."""

from __future__ import annotations

import uuid

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response

from matchmaker.core import clock
from matchmaker.core.access import current_actor, public
from matchmaker.core.downloads import download_stored
from matchmaker.core.errors import NotFound, ProductError
from matchmaker.core.form_stash import stashed_values
from matchmaker.core.paging import page_number
from matchmaker.core.storage import store
from matchmaker.core.uploads import ATTACHMENT, check_upload
from matchmaker.working_groups.groups import overviews, policy, presentation, queries, service
from matchmaker.working_groups.groups.domain import GROUP_STATES, GroupMove
from matchmaker.working_groups.groups.forms import ClosingForm
from matchmaker.working_groups.groups.loading import OpenGroup, open_group, open_to_run

INVALID = 422
Answer = str | Response | tuple[str, int]
blueprint = Blueprint("final_reports", __name__, url_prefix="/working-groups")


@blueprint.get("/final-reports")
@public
def index() -> str:
    """The published final reports that the person may read, newest first."""
    actor, today = current_actor(), clock.today(clock.now())
    number = page_number(request.args.get("page"))
    return render_template(
        "working_groups/final_reports.html", page=overviews.final_reports(actor, today, number)
    )


@blueprint.get("/<uuid:group_id>/final-report")
def show(group_id: uuid.UUID) -> str:
    """One final report, made to be printed as well."""
    opened = _published(group_id)
    return render_template(
        "working_groups/final_report.html",
        group=opened.group,
        ancestors=presentation.ancestors_of(opened.group, opened.actor, opened.today),
        participants=presentation.participants_of(queries.present_members(group_id, opened.today)),
    )


@blueprint.get("/<uuid:group_id>/final-report/file")
def file(group_id: uuid.UUID) -> Response:
    """The file of a final report."""
    opened = _published(group_id)
    if opened.group.final_report_file is None:
        raise NotFound
    return download_stored(opened.group.final_report_file)


@blueprint.get("/<uuid:group_id>/final-report/edit")
def edit(group_id: uuid.UUID) -> Answer:
    """The form with which a group is closed."""
    opened = open_to_run(group_id)
    data = {"final_report": opened.group.final_report}
    return _closing_page(opened, ClosingForm(stashed_values(request.path), data=data))


@blueprint.post("/<uuid:group_id>/final-report/edit")
def create(group_id: uuid.UUID) -> Answer:
    """Close the group with its final report."""
    opened = open_to_run(group_id)
    form = ClosingForm()
    if not form.validate_on_submit():
        return _closing_page(opened, form)
    try:
        GROUP_STATES.check(opened.group.state, GroupMove.CLOSE, form.reason.data or "")
        file_id = _stored(form.file.data, opened)
        service.close_group(
            opened.group, form.final_report.data or "", file_id, form.reason.data or "",
            opened.actor, opened.now,
        )  # fmt: skip
    except ProductError as error:
        form.add_error(error.field, error.message)
        return _closing_page(opened, form)
    flash("WGを終了し、最終報告を公開しました。", "success")
    return redirect(url_for(".show", group_id=group_id))


def _published(group_id: uuid.UUID) -> OpenGroup:
    opened = open_group(group_id)
    allowed = policy.can_see_final_report(opened.actor, opened.group, opened.standing)
    if not allowed:
        raise NotFound
    return opened


def _stored(upload: FileStorage | None, opened: OpenGroup) -> uuid.UUID | None:
    """The id of the file that was sent along, if one was."""
    if upload is None or not upload.filename:
        return None
    checked = check_upload(upload.filename, upload.read(), ATTACHMENT)
    return store(checked, opened.actor, opened.now).id


def _closing_page(opened: OpenGroup, form: ClosingForm) -> Answer:
    page = render_template(
        "working_groups/close.html",
        form=form,
        group=opened.group,
        is_possible=GroupMove.CLOSE in GROUP_STATES.possible(opened.group.state),
        file_kinds=ATTACHMENT.wanted,
        most_mb=ATTACHMENT.most_bytes // (1024 * 1024),
    )
    return (page, INVALID) if form.is_submitted() else page
