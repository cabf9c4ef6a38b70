"""Pages of what is done after a meeting: the recording's address, the survey."""

from __future__ import annotations

import uuid

from flask import Blueprint, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from matchmaker.core.access import authorize
from matchmaker.core.errors import ProductError
from matchmaker.working_groups.groups.activity.forms import day_of
from matchmaker.working_groups.groups.activity.loading import opened_form
from matchmaker.working_groups.groups.domain import Visibility
from matchmaker.working_groups.meetings.after import service
from matchmaker.working_groups.meetings.after.forms import MeetingSurveyForm, RecordingForm
from matchmaker.working_groups.meetings.after.survey import TITLE_LENGTH, survey_meeting
from matchmaker.working_groups.meetings.check_in.loading import Door, load_door
from matchmaker.working_groups.meetings.notices import full_title

blueprint = Blueprint("meeting_records", __name__, url_prefix="/meetings/<uuid:meeting_id>")
Answer = str | tuple[str, int] | Response
INVALID = 422


def organiser_place(meeting_id: uuid.UUID) -> Door:
    """The meeting for those who run it."""
    place = load_door(meeting_id)
    authorize(place.may_keep_list, hidden=place.is_hidden)
    return place


@blueprint.get("/recording")
def edit_recording(meeting_id: uuid.UUID) -> str:
    """The recording's address and who is shown it."""
    place = organiser_place(meeting_id)
    meeting = place.meeting
    form = opened_form(
        RecordingForm, url=meeting.recording_url, visibility=meeting.recording_visibility
    )
    return _recording_page(place, form)


@blueprint.post("/recording")
def update_recording(meeting_id: uuid.UUID) -> Answer:
    """Set, change or take away the recording's address."""
    place, form = organiser_place(meeting_id), RecordingForm()
    form.offer(place.meeting.group.visibility)
    if not form.validate_on_submit():
        return _recording_page(place, form), INVALID
    try:
        service.link_recording(
            place.meeting, form.url.data or "", Visibility(form.visibility.data),
            place.actor, place.now,
        )  # fmt: skip
    except ProductError as error:
        form.add_error(error.field, error.message)
        return _recording_page(place, form), error.status
    flash("録画のアドレスを保存しました。", "success")
    return redirect(url_for("meetings.show", meeting_id=meeting_id))


def _recording_page(place: Door, form: RecordingForm) -> str:
    form.offer(place.meeting.group.visibility)
    return render_template("minutes/recording.html", meeting=place.meeting, form=form)


@blueprint.get("/surveys/new")
def new_survey(meeting_id: uuid.UUID) -> str:
    """Begin a survey to those who attended."""
    place = organiser_place(meeting_id)
    title = f"{full_title(place.meeting)}のアンケート"[:TITLE_LENGTH]
    return _survey_page(place, opened_form(MeetingSurveyForm, title=title))


@blueprint.post("/surveys")
def create_survey(meeting_id: uuid.UUID) -> Answer:
    """Make it, with the usual questions, which can be changed on the next page."""
    place, form = organiser_place(meeting_id), MeetingSurveyForm()
    try:
        if form.validate_on_submit():
            made = survey_meeting(
                place.meeting, form.title.data or "", day_of(form.until, required=False),
                form.names.data == "anonymous", place.actor, place.now,
            )  # fmt: skip
            flash(
                "アンケートを作りました。1時間後に、出席した人へメールでお願いします。", "success"
            )
            return redirect(url_for("surveys.edit", survey_id=made.id))
    except ProductError as error:
        form.add_error(error.field, error.message)
        return _survey_page(place, form), error.status
    return _survey_page(place, form), INVALID


def _survey_page(place: Door, form: MeetingSurveyForm) -> str:
    return render_template("minutes/new_survey.html", meeting=place.meeting, form=form)
