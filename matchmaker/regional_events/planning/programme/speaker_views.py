"""Pages on which the planner looks after the speakers."""

from __future__ import annotations

import uuid

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from matchmaker.core.access import authorize
from matchmaker.core.downloads import show_picture
from matchmaker.core.errors import NotFound, ProductError
from matchmaker.core.form_stash import stashed_values
from matchmaker.core.text import whole_number
from matchmaker.regional_events.planning.loading import OpenEvent, open_event, open_to_plan
from matchmaker.regional_events.planning.programme import queries, speakers
from matchmaker.regional_events.planning.programme.domain import CONSENT_LABELS
from matchmaker.regional_events.planning.programme.forms import SpeakerForm, speaker_values
from matchmaker.regional_events.planning.programme.models import Speaker
from matchmaker.regional_events.planning.programme.presentation import is_shown
from matchmaker.regional_events.planning.programme.typed import upload_of

INVALID = 422
STEPS = {"up": -1, "down": 1}
Answer = str | Response | tuple[str, int]
ASKS_AGAIN = "同意いただいた内容と変わったので、もう一度、確認のメールを送ってください。"
blueprint = Blueprint(
    "event_speakers", __name__, url_prefix="/regional-events/<uuid:event_id>/speakers"
)


@blueprint.get("")
def index(event_id: uuid.UUID) -> str:
    """All speakers and what they said to being shown."""
    opened = open_to_plan(event_id)
    return render_template(
        "event_speakers/index.html",
        event=opened.event,
        speakers=queries.speakers_of(event_id),
        labels=CONSENT_LABELS,
    )


@blueprint.get("/new")
def new(event_id: uuid.UUID) -> Answer:
    """An empty form."""
    return _page(open_to_plan(event_id), SpeakerForm(stashed_values(request.path)), None)


@blueprint.post("/new")
def create(event_id: uuid.UUID) -> Answer:
    """Add a speaker."""
    opened, form = open_to_plan(event_id), SpeakerForm()
    if not form.validate_on_submit():
        return _page(opened, form, None)
    try:
        speaker = speakers.add_speaker(
            opened.event, form.speaker_data(), upload_of(form.portrait), opened.actor, opened.now
        )
    except ProductError as error:
        form.refuse(error)
        return _page(opened, form, None)
    flash(f"{speaker.name}さんを加えました。同意をいただくまで、名前は公開しません。", "success")
    return redirect(url_for(".index", event_id=event_id))


@blueprint.get("/<uuid:speaker_id>/edit")
def edit(event_id: uuid.UUID, speaker_id: uuid.UUID) -> Answer:
    """The form of a speaker."""
    opened = open_to_plan(event_id)
    speaker = queries.get_speaker(event_id, speaker_id)
    form = SpeakerForm(stashed_values(request.path), data=speaker_values(speaker))
    return _page(opened, form, speaker)


@blueprint.post("/<uuid:speaker_id>/edit")
def update(event_id: uuid.UUID, speaker_id: uuid.UUID) -> Answer:
    """Save a speaker; what was agreed to before has to be agreed to again."""
    opened, form = open_to_plan(event_id), SpeakerForm()
    speaker = queries.get_speaker(event_id, speaker_id)
    if not form.validate_on_submit():
        return _page(opened, form, speaker)
    try:
        asks_again = speakers.change_speaker(
            speaker, form.speaker_data(), upload_of(form.portrait), opened.actor, opened.now,
            removes_portrait=bool(form.removes_portrait.data),
            expected_revision=whole_number(form.revision.data),
        )  # fmt: skip
    except ProductError as error:
        form.refuse(error)
        form.revision.data = str(speaker.revision)
        return _page(opened, form, speaker)
    flash(f"{speaker.name}さんの内容を保存しました。", "success")
    if asks_again:
        flash(ASKS_AGAIN, "warning")
    return redirect(url_for(".index", event_id=event_id))


@blueprint.post("/<uuid:speaker_id>/consent-mails")
def ask(event_id: uuid.UUID, speaker_id: uuid.UUID) -> Response:
    """Ask a speaker by mail."""
    opened = open_to_plan(event_id)
    speaker = queries.get_speaker(event_id, speaker_id)
    seen = whole_number(request.form.get("revision"))
    try:
        speakers.ask_speaker(
            opened.event, speaker, opened.actor, opened.now, expected_revision=seen
        )
        flash(f"{speaker.name}さんに、掲載の確認をメールで送ります。", "success")
    except ProductError as error:
        flash(error.message, "error")
    return redirect(url_for(".index", event_id=event_id))


@blueprint.post("/<uuid:speaker_id>/moves")
def move(event_id: uuid.UUID, speaker_id: uuid.UUID) -> Response:
    """Move a speaker up or down."""
    opened = open_to_plan(event_id)
    speaker = queries.get_speaker(event_id, speaker_id)
    step = STEPS.get(request.form.get("direction", ""), 0)
    speakers.move_speaker(speaker, step, opened.actor, opened.now)
    return redirect(url_for(".index", event_id=event_id))


@blueprint.post("/<uuid:speaker_id>/deletions")
def remove(event_id: uuid.UUID, speaker_id: uuid.UUID) -> Response:
    """Take a speaker off the stage."""
    opened = open_to_plan(event_id)
    speaker = queries.get_speaker(event_id, speaker_id)
    name = speaker.name
    speakers.remove_speaker(speaker, opened.actor, opened.now)
    flash(f"{name}さんを消しました。", "success")
    return redirect(url_for(".index", event_id=event_id))


@blueprint.get("/<uuid:speaker_id>/portrait")
def portrait(event_id: uuid.UUID, speaker_id: uuid.UUID) -> Response:
    """The picture of a speaker who agreed; of any speaker for the planner."""
    opened = open_event(event_id)
    speaker = queries.get_speaker(event_id, speaker_id)
    authorize(opened.plans or is_shown(speaker), hidden=True)
    return picture_of(speaker)


def picture_of(speaker: Speaker) -> Response:
    """The portrait, asked for anew each time, so that it is gone at once after a withdrawal.

    Raises:
        NotFound: there is none.
    """
    if speaker.portrait is None:
        raise NotFound
    response = show_picture(speaker.portrait)
    response.headers["Cache-Control"] = "private, no-cache"
    return response


def _page(opened: OpenEvent, form: SpeakerForm, speaker: Speaker | None) -> Answer:
    page = render_template(
        "event_speakers/edit.html",
        event=opened.event,
        form=form,
        speaker=speaker,
        appearances=queries.appearances_of(speaker.id) if speaker else (),
        labels=CONSENT_LABELS,
    )
    return (page, INVALID) if form.errors or form.form_errors else page
