"""Pages for answers: one's own, and for organisers everybody's, with a table for Excel."""

from __future__ import annotations

import uuid

from flask import Blueprint, Response, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response as Redirect

from matchmaker.core.access import authorize
from matchmaker.core.downloads import download
from matchmaker.core.errors import NotFound, ProductError
from matchmaker.core.spreadsheets.writing import XLSX, write_xlsx
from matchmaker.working_groups.meetings import attendance, presentation
from matchmaker.working_groups.meetings.exports import attendance_table
from matchmaker.working_groups.meetings.forms import AttendanceForm
from matchmaker.working_groups.meetings.loading import OpenMeeting, open_meeting, open_to_run
from matchmaker.working_groups.meetings.presentation import AnswerRow
from matchmaker.working_groups.meetings.views import meeting_page

INVALID = 422
Answer = str | Redirect | tuple[str, int]
blueprint = Blueprint(
    "meeting_attendances", __name__, url_prefix="/meetings/<uuid:meeting_id>/attendances"
)


@blueprint.post("")
def create(meeting_id: uuid.UUID) -> Answer:
    """Say whether one comes; a later answer replaces an earlier one."""
    opened = open_meeting(meeting_id)
    authorize(opened.standing.belongs)
    form = AttendanceForm()
    form.offer(presentation.offered_answers(opened.meeting))
    given = form.given()
    try:
        if given is not None:
            attendance.answer_invitation(opened.meeting, given, opened.actor, opened.now)
    except ProductError as error:
        form.add_error(error.field, error.message)
    if form.errors or form.form_errors:
        return meeting_page(opened, form), INVALID
    flash("出欠を受け付けました。期限までは、何度でも変えられます。", "success")
    return redirect(url_for("meetings.show", meeting_id=meeting_id))


@blueprint.get("")
def index(meeting_id: uuid.UUID) -> str:
    """Everybody's answers (organisers)."""
    opened = open_to_run(meeting_id)
    rows = presentation.answer_rows(opened.meeting, opened.now)
    return render_template(
        "meetings/attendances.html",
        opened=opened,
        meeting=opened.meeting,
        group=opened.group,
        rows=rows,
        tally=presentation.tally_of(rows),
        title=presentation.listed(opened.meeting).title,
    )


@blueprint.get("/export")
def export(meeting_id: uuid.UUID) -> Response:
    """Everybody's answers as an Excel file (organisers)."""
    opened = open_to_run(meeting_id)
    rows = presentation.answer_rows(opened.meeting, opened.now)
    content = write_xlsx(attendance_table(opened.meeting, rows, opened.now))
    return download(content, f"出欠_{opened.today}.xlsx", XLSX)


@blueprint.get("/<uuid:user_id>")
def edit(meeting_id: uuid.UUID, user_id: uuid.UUID) -> Answer:
    """The answer of one person, for organisers to write down."""
    opened = open_to_run(meeting_id)
    row = _row(opened, user_id)
    form = AttendanceForm(formdata=None, obj=row.attendance)
    form.answer.data = row.answer
    return _person_page(opened, row, form)


@blueprint.post("/<uuid:user_id>")
def update(meeting_id: uuid.UUID, user_id: uuid.UUID) -> Answer:
    """Write down an answer that came another way, or too late."""
    opened = open_to_run(meeting_id)
    row, form = _row(opened, user_id), AttendanceForm()
    form.offer(presentation.offered_answers(opened.meeting))
    given = form.given()
    try:
        if given is not None:
            attendance.register_answer(opened.meeting, user_id, given, opened.actor, opened.now)
    except ProductError as error:
        form.add_error(error.field, error.message)
    if form.errors or form.form_errors:
        return _person_page(opened, row, form)
    flash(f"{row.member.user.name}さんの出欠を記録しました。", "success")
    return redirect(url_for(".index", meeting_id=meeting_id))


def _row(opened: OpenMeeting, user_id: uuid.UUID) -> AnswerRow:
    rows = presentation.answer_rows(opened.meeting, opened.now)
    row = next((each for each in rows if each.member.user_id == user_id), None)
    if row is None:
        raise NotFound
    return row


def _person_page(opened: OpenMeeting, row: AnswerRow, form: AttendanceForm) -> Answer:
    form.offer(presentation.offered_answers(opened.meeting))
    page = render_template(
        "meetings/attendance.html",
        opened=opened,
        meeting=opened.meeting,
        group=opened.group,
        row=row,
        form=form,
        title=presentation.listed(opened.meeting).title,
    )
    return (page, INVALID) if form.errors or form.form_errors else page
