"""Pages of meetings: the list, one meeting, its form, the steps of its life, its calendar file."""

from __future__ import annotations

import uuid

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Redirect

from matchmaker.core import clock
from matchmaker.core.access import authorize, current_actor, public
from matchmaker.core.downloads import download
from matchmaker.core.errors import NotFound, ProductError
from matchmaker.core.form_stash import stashed_values
from matchmaker.core.paging import page_number
from matchmaker.core.settings import current_settings
from matchmaker.core.text import whole_number
from matchmaker.working_groups.groups.loading import OpenGroup, open_group
from matchmaker.working_groups.groups.models import WorkingGroup
from matchmaker.working_groups.meetings import agenda, policy, presentation, queries, service
from matchmaker.working_groups.meetings.calendar_entries import meeting_calendar
from matchmaker.working_groups.meetings.domain import MEETING_STATES, MeetingMove
from matchmaker.working_groups.meetings.forms import (
    AttendanceForm,
    MeetingForm,
    StepForm,
    meeting_values,
)
from matchmaker.working_groups.meetings.loading import OpenMeeting, open_meeting, open_to_run
from matchmaker.working_groups.meetings.models import Meeting
from matchmaker.working_groups.meetings.sections import sections_for

INVALID = 422
CALENDAR_TYPE = "text/calendar; charset=utf-8"
Answer = str | Redirect | tuple[str, int]
blueprint = Blueprint("meetings", __name__)


@blueprint.get("/meetings")
@public
def index() -> str:
    """Meetings of all groups that the person may read of, to come or past."""
    actor, now = current_actor(), clock.now()
    wanted = queries.MeetingFilter(
        past=request.args.get("time") == "past",
        mine=actor.is_signed_in and request.args.get("mine") == "1",
    )
    number = page_number(request.args.get("page"))
    page = queries.meetings_page(actor, wanted, now, clock.today(now), number)
    return render_template(
        "meetings/index.html",
        page=page,
        rows=[presentation.listed(each) for each in page.items],
        wanted=wanted,
    )


@blueprint.get("/meetings/<uuid:meeting_id>")
def show(meeting_id: uuid.UUID) -> str:
    """One meeting; printed, it is the notice on paper."""
    return meeting_page(open_meeting(meeting_id))


def meeting_page(opened: OpenMeeting, form: AttendanceForm | None = None) -> str:
    """The page of a meeting.

    Args:
        form: an answer that has to be mended.
    """
    shown = presentation.meeting_page(opened)
    if form is None:
        form = AttendanceForm(formdata=None, obj=shown.own_answer)
        form.answer.data = shown.own_answer.answer if shown.own_answer else None
    form.offer(presentation.offered_answers(opened.meeting))
    return render_template(
        "meetings/show.html",
        opened=opened,
        meeting=opened.meeting,
        group=opened.group,
        shown=shown,
        form=form,
        step_form=StepForm(formdata=None),
        rules=MEETING_STATES.moves,
        sections=sections_for(opened),
    )


@blueprint.get("/working-groups/<uuid:group_id>/meetings/new")
def new(group_id: uuid.UUID) -> Answer:
    """The form for a new meeting."""
    opened = _open_to_plan(group_id)
    number = queries.next_round(group_id)
    usual = {
        "round": str(number),
        "title": f"第{number}回会合",
        "visibility": opened.group.visibility.value,
    }
    return _form_page(MeetingForm(stashed_values(request.path), data=usual), opened.group, None)


@blueprint.post("/working-groups/<uuid:group_id>/meetings/new")
def create(group_id: uuid.UUID) -> Answer:
    """Plan a meeting."""
    opened = _open_to_plan(group_id)
    form = MeetingForm()
    data = form.meeting_data()
    if data is None:
        return _form_page(form, opened.group, None)
    try:
        meeting = service.plan_meeting(opened.group, data, opened.actor, opened.now)
        if form.copies_agenda.data and queries.last_meeting_before(meeting):
            agenda.copy_last_agenda(meeting, opened.actor, opened.now)
    except ProductError as error:
        form.refuse(error)
        return _form_page(form, opened.group, None)
    flash("会合を登録しました。まだ案内は送られていません。", "success")
    return redirect(url_for(".show", meeting_id=meeting.id))


@blueprint.get("/meetings/<uuid:meeting_id>/edit")
def edit(meeting_id: uuid.UUID) -> Answer:
    """The form of a meeting."""
    opened = open_to_run(meeting_id)
    form = MeetingForm(stashed_values(request.path), data=meeting_values(opened.meeting))
    return _form_page(form, opened.group, opened.meeting)


@blueprint.post("/meetings/<uuid:meeting_id>/edit")
def update(meeting_id: uuid.UUID) -> Answer:
    """Save a changed meeting; those who were invited are told."""
    opened = open_to_run(meeting_id)
    form = MeetingForm()
    data = form.meeting_data()
    if data is None:
        return _form_page(form, opened.group, opened.meeting)
    try:
        told = service.change_meeting(
            opened.meeting, data, opened.actor, opened.now,
            expected_revision=revision_of(form.revision.data),
        )  # fmt: skip
    except ProductError as error:
        form.refuse(error)
        form.revision.data = str(opened.meeting.revision)
        return _form_page(form, opened.group, opened.meeting)
    was_announced = told and policy.is_announced(opened.meeting)
    more = "招かれている人に、変わったところをメールで知らせます。" if was_announced else ""
    flash(f"会合を保存しました。{more}", "success")
    return redirect(url_for(".show", meeting_id=meeting_id))


@blueprint.post("/meetings/<uuid:meeting_id>/moves")
def move(meeting_id: uuid.UUID) -> Answer:
    """One step in the life of a meeting; a refusal is told on its page."""
    opened = open_to_run(meeting_id)
    step = _move_named(request.form.get("move", ""))
    reason = request.form.get("reason", "")[: service.REASON_LENGTH]
    try:
        service.move_meeting(opened.meeting, step, reason, opened.actor, opened.now)
    except ProductError as error:
        flash(error.message, "error")
    else:
        flash(f"「{MEETING_STATES.moves[step].label}」を行いました。", "success")
    return redirect(url_for(".show", meeting_id=meeting_id))


@blueprint.get("/meetings/<uuid:meeting_id>/calendar")
def calendar(meeting_id: uuid.UUID) -> Response:
    """The calendar file of one meeting; never with the way into it."""
    opened = open_meeting(meeting_id)
    content = meeting_calendar(opened.meeting, current_settings().resolved_public_url())
    return download(content, f"会合_{clock.today(opened.meeting.starts_at)}.ics", CALENDAR_TYPE)


def revision_of(text: str | None) -> int:
    """The revision that a form was opened with; 0, which never holds, for anything odd."""
    return whole_number(text) or 0


def _open_to_plan(group_id: uuid.UUID) -> OpenGroup:
    opened = open_group(group_id)
    authorize(policy.can_plan(opened.actor, opened.group, opened.standing))
    return opened


def _move_named(text: str) -> MeetingMove:
    if text not in set(MeetingMove):
        raise NotFound("そのような操作はありません。")
    return MeetingMove(text)


def _form_page(form: MeetingForm, group: WorkingGroup, meeting: Meeting | None) -> Answer:
    page = render_template("meetings/form.html", form=form, group=group, meeting=meeting)
    return (page, INVALID) if form.errors or form.form_errors else page
