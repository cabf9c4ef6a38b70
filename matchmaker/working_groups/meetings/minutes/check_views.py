"""Pages that lead minutes through the speakers' check to publication."""

from __future__ import annotations

import uuid

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from matchmaker.core.access import authorize
from matchmaker.core.errors import ProductError
from matchmaker.working_groups.groups.activity.forms import day_of
from matchmaker.working_groups.groups.activity.loading import opened_form
from matchmaker.working_groups.groups.domain import Visibility
from matchmaker.working_groups.meetings.minutes import checking, queries, service
from matchmaker.working_groups.meetings.minutes.forms import (
    AnswerForm,
    CorrectionForm,
    PublicationForm,
    SettingsForm,
    SpeakersForm,
    kind_of,
)
from matchmaker.working_groups.meetings.minutes.loading import Place, load_place, running_place
from matchmaker.working_groups.meetings.minutes.speakers import people_to_ask
from matchmaker.working_groups.meetings.minutes.views import (
    INVALID,
    Answer,
    blueprint,
    minutes_page,
)


@blueprint.get("/settings")
def settings(meeting_id: uuid.UUID) -> str:
    """Kind of the text and who reads it later."""
    place = running_place(meeting_id)
    minutes = place.begun
    form = opened_form(SettingsForm, text_kind=minutes.kind, visibility=minutes.visibility)
    return _settings_page(place, form)


@blueprint.post("/settings")
def change_settings(meeting_id: uuid.UUID) -> Answer:
    """Set kind and later readers."""
    place, form = running_place(meeting_id), SettingsForm()
    form.offer(place.group.visibility)
    if not form.validate_on_submit():
        return _settings_page(place, form), INVALID
    visibility = Visibility(form.visibility.data)
    service.change_settings(place.begun, kind_of(form), visibility, place.actor, place.now)
    flash("設定を保存しました。", "success")
    return _back(place)


def _settings_page(place: Place, form: SettingsForm) -> str:
    form.offer(place.group.visibility)
    return render_template("minutes/settings.html", place=place, form=form)


@blueprint.get("/checks/new")
def new_check(meeting_id: uuid.UUID) -> str:
    """Choose the speakers who check the text."""
    place = running_place(meeting_id)
    people, speakers = people_to_ask(place.meeting, place.begun, place.now)
    form = opened_form(SpeakersForm, speakers=[str(id_) for id_ in speakers])
    form.offer(people)
    return render_template("minutes/new_check.html", place=place, form=form)


@blueprint.post("/checks")
def ask(meeting_id: uuid.UUID) -> Answer:
    """Ask them."""
    place, form = running_place(meeting_id), SpeakersForm()
    people, _speakers = people_to_ask(place.meeting, place.begun, place.now)
    form.offer(people)
    try:
        if form.validate_on_submit():
            until = day_of(form.until, required=False)
            checking.ask_speakers(place.begun, form.chosen, until, place.actor, place.now)
            flash("発言者に確認をお願いするメールを送ります。", "success")
            return _back(place)
    except ProductError as error:
        form.add_error(error.field, error.message)
    return render_template("minutes/new_check.html", place=place, form=form), INVALID


@blueprint.post("/answers")
def answer(meeting_id: uuid.UUID) -> Answer:
    """A speaker approves or asks for a change."""
    place, form = load_place(meeting_id), AnswerForm()
    was_asked = queries.check_by(place.begun.id, place.actor.user_id) is not None
    authorize(was_asked, hidden=not place.may_open)
    try:
        if form.validate_on_submit():
            checking.answer_check(
                place.begun, form.answer.data == "approve", form.comment.data or "",
                form.read_revision, place.actor, place.now,
            )  # fmt: skip
            flash("返事を受け付けました。ありがとうございます。", "success")
            return _back(place)
    except ProductError as error:
        form.add_error(error.field, error.message)
    return minutes_page(place, form), INVALID


@blueprint.post("/reworks")
def rework(meeting_id: uuid.UUID) -> Response:
    """Take the text back from the check."""
    place = running_place(meeting_id)
    checking.rework(place.begun, place.actor, place.now)
    flash("下書きに戻しました。", "success")
    return _back(place)


@blueprint.get("/publications/new")
def new_publication(meeting_id: uuid.UUID) -> str:
    """Choose who reads the text, and publish it."""
    place = running_place(meeting_id)
    form = opened_form(PublicationForm, visibility=place.begun.visibility)
    return _publication_page(place, form)


@blueprint.post("/publications")
def publish(meeting_id: uuid.UUID) -> Answer:
    """Publish the text."""
    place, form = running_place(meeting_id), PublicationForm()
    form.offer(place.group.visibility)
    if not form.validate_on_submit():
        return _publication_page(place, form), INVALID
    visibility = Visibility(form.visibility.data)
    try:
        checking.publish(place.meeting, place.begun, visibility, place.actor, place.now)
    except ProductError as error:
        form.add_error(error.field, error.message)
        return _publication_page(place, form), error.status
    flash("公開しました。WGの参加者にメールで知らせます。", "success")
    return _back(place)


def _publication_page(place: Place, form: PublicationForm) -> str:
    form.offer(place.group.visibility)
    checks = queries.checks_of(place.begun.id)
    return render_template("minutes/new_publication.html", place=place, form=form, checks=checks)


@blueprint.get("/corrections/new")
def new_correction(meeting_id: uuid.UUID) -> str:
    """Say why published minutes are corrected."""
    place = running_place(meeting_id)
    form = opened_form(CorrectionForm)
    return render_template("minutes/new_correction.html", place=place, form=form)


@blueprint.post("/corrections")
def correct(meeting_id: uuid.UUID) -> Answer:
    """Open published minutes for a correction."""
    place, form = running_place(meeting_id), CorrectionForm()
    minutes = place.begun
    try:
        if form.validate_on_submit():
            checking.begin_correction(minutes, form.reason.data or "", place.actor, place.now)
            flash("訂正を始めます。公開中の本文は、次に公開するまでそのまま読めます。", "success")
            return redirect(url_for("minutes.edit", meeting_id=meeting_id))
    except ProductError as error:
        form.add_error(error.field, error.message)
    return render_template("minutes/new_correction.html", place=place, form=form), INVALID


def _back(place: Place) -> Response:
    return redirect(url_for("minutes.show", meeting_id=place.meeting.id))
