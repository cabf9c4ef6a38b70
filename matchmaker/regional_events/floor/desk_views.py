"""The moderators' settings: what is taken, links and codes; questions asked aloud."""

from __future__ import annotations

import secrets
import uuid

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from matchmaker.core.errors import Conflict, ProductError
from matchmaker.regional_events.floor import moderation, queries
from matchmaker.regional_events.floor.desk_questions import write_down
from matchmaker.regional_events.floor.domain import QuestionKind, QuestionState
from matchmaker.regional_events.floor.forms import DeskAskForm, SwitchForm
from matchmaker.regional_events.floor.loading import OpenFloor, open_desk
from matchmaker.regional_events.floor.moderation import SwitchData
from matchmaker.regional_events.floor.moderation_views import blueprint, carry_out, sent_revision
from matchmaker.regional_events.floor.presentation import projection_url, room_entrance
from matchmaker.regional_events.floor.views import INVALID, Answer, session_of


@blueprint.get("/settings")
def settings(event_id: uuid.UUID) -> str:
    """What is taken, the link of the hall's computer, the code of the room."""
    opened = open_desk(event_id)
    floor = opened.floor
    form = SwitchForm(obj=floor, data={"revision": str(floor.revision)})
    form.revision.data = str(floor.revision)
    return settings_page(opened, form)


def settings_page(opened: OpenFloor, form: SwitchForm) -> str:
    """The page of the settings."""
    return render_template(
        "floor_moderation/settings.html",
        opened=opened,
        event=opened.event,
        form=form,
        address=projection_url(opened.floor),
        entrance=room_entrance(opened.floor, opened.now),
    )


@blueprint.post("/settings")
def switch(event_id: uuid.UUID) -> Answer:
    """Say what is taken from now on."""
    opened, form = open_desk(event_id), SwitchForm()
    data = SwitchData(
        takes_beforehand=bool(form.takes_beforehand.data),
        is_asking_open=bool(form.is_asking_open.data),
        is_voting_open=bool(form.is_voting_open.data),
        admits_guests=bool(form.admits_guests.data),
    )
    try:
        moderation.change_switches(opened.event, data, sent_revision(), opened.actor, opened.now)
    except Conflict as error:
        form.add_error(None, error.message)
        form.revision.data = str(queries.floor_of(event_id).revision)
        return settings_page(opened, form), error.status
    flash("受け付けの設定を変えました。", "success")
    return redirect(url_for("floor_moderation.settings", event_id=event_id))


@blueprint.post("/links")
def renew(event_id: uuid.UUID) -> Response:
    """Make the link of the hall's computer, or the codes of the room, void."""

    def make_new(opened: OpenFloor) -> None:
        if request.form.get("what") == "room":
            moderation.renew_room_code(opened.event, opened.actor, opened.now)
        else:
            moderation.renew_projection_link(opened.event, opened.actor, opened.now)

    target = url_for("floor_moderation.settings", event_id=event_id)
    return carry_out(event_id, make_new, "新しくしました。前のものは使えません。", target)


@blueprint.get("/questions/new")
def new(event_id: uuid.UUID) -> str:
    """The form for a question asked aloud."""
    return desk_ask_page(open_desk(event_id), DeskAskForm())


@blueprint.post("/questions")
def create(event_id: uuid.UUID) -> Answer:
    """Write down a question asked aloud; it is shown at once."""
    opened, form = open_desk(event_id), DeskAskForm()
    try:
        kind = QuestionKind(form.kind.data) if form.kind.data in list(QuestionKind) else None
        question = write_down(
            opened.event,
            form.text.data or "",
            kind or QuestionKind.QUESTION,
            session_of(form.session.data),
            opened.actor,
            opened.now,
            form.submission_key.data or "",
        )
    except ProductError as error:
        form.add_error(error.field, error.message)
        return desk_ask_page(opened, form), INVALID
    flash(f"{question.number}番として公開しました。", "success")
    state = QuestionState.ACCEPTED.value
    return redirect(url_for("floor_moderation.index", event_id=event_id, state=state))


def desk_ask_page(opened: OpenFloor, form: DeskAskForm) -> str:
    """The page of that form."""
    sessions = queries.sessions_with_questions(opened.event.id)
    form.session.choices = [
        ("", "イベント全体"),
        *((str(each.id), each.title) for each in sessions),
    ]
    key = form.submission_key.data or ""
    form.submission_key.data = key[:64] or secrets.token_urlsafe(24)
    return render_template(
        "floor_moderation/new.html", opened=opened, event=opened.event, form=form
    )
