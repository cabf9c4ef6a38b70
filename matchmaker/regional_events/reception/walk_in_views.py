"""Pages for people without a seat at the door."""

from __future__ import annotations

import uuid

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from matchmaker.core.db import new_id
from matchmaker.core.errors import ProductError
from matchmaker.core.form_stash import stashed_values
from matchmaker.core.text import clean_line
from matchmaker.regional_events.planning.domain import TrackKind
from matchmaker.regional_events.planning.loading import OpenEvent
from matchmaker.regional_events.planning.models import RegionalEvent, Track
from matchmaker.regional_events.reception import queries, walk_ins
from matchmaker.regional_events.reception.domain import DOOR_WORDS, Outcome, takes_people
from matchmaker.regional_events.reception.forms import AdmitForm, ReasonForm, WalkInForm
from matchmaker.regional_events.reception.loading import door, open_reception
from matchmaker.regional_events.reception.presentation import standing_outcome
from matchmaker.regional_events.reception.views import person_page
from matchmaker.regional_events.reception.walk_ins import WalkIn
from matchmaker.regional_events.registrations.domain import AttendeeState

blueprint = Blueprint("walk_ins", __name__, url_prefix="/regional-events/<uuid:event_id>")
Answer = str | tuple[str, int] | Response
INVALID = 422
NEW_REGISTRATION = (AttendeeState.PENDING, AttendeeState.CANCELLED, AttendeeState.EXPIRED)
NO_NAME = "氏名を入れてください。"
NO_ROOM = "案内する会場を選んでください。"
FIELDS = {"people-0-name": "name", "people-0-email": "email", "people-0-kana": "kana",
          "contact_name": "name", "contact_email": "email",
          "organization_name": "organization"}  # fmt: skip


@blueprint.get("/reception/walk-ins/new")
def new(event_id: uuid.UUID) -> str:
    """The form for somebody without a registration."""
    opened = open_reception(event_id)
    form = WalkInForm(stashed_values(url_for("walk_ins.create", event_id=event_id)))
    form.submission_key.data = form.submission_key.data or new_id().hex
    form.name.data = form.name.data or clean_line(request.args.get("name", ""))
    return _page(opened, form)


@blueprint.post("/reception/walk-ins")
def create(event_id: uuid.UUID) -> Answer:
    """Register somebody at the door and check them in."""
    opened, form = open_reception(event_id), WalkInForm()
    person = _person(form)
    track = chosen_room(opened.event, form)
    if not person.name:
        form.add_error("name", NO_NAME)
    if track is None or not person.name:
        return _page(opened, form), INVALID
    try:
        attendee = walk_ins.walk_in(
            opened.event, person, track, opened.actor, opened.now, form.reason.data or ""
        )
    except ProductError as error:
        form.add_error(FIELDS.get(error.field or "", error.field), error.message)
        return _page(opened, form), error.status
    flash(f"{attendee.name}さんを{track.name}に受け付けました。", "success")
    return _to_person(event_id, attendee.id)


@blueprint.post("/reception/people/<uuid:attendee_id>/admissions")
def admit(event_id: uuid.UUID, attendee_id: uuid.UUID) -> Answer:
    """Give somebody who waits, or came in another way than planned, a seat."""
    opened, form = open_reception(event_id), AdmitForm()
    person = queries.get_person(event_id, attendee_id)
    attendee = person.attendee
    if standing_outcome(person) in (Outcome.TAKEN, Outcome.ALREADY):
        return redirect(url_for("event_reception.show", event_id=event_id, attendee_id=attendee_id))
    track = chosen_room(opened.event, form)
    if track is None:
        return person_page(opened, attendee_id, ReasonForm(formdata=None), form), INVALID
    if attendee.state in NEW_REGISTRATION:
        return redirect(url_for("walk_ins.new", event_id=event_id, name=attendee.name))
    try:
        walk_ins.admit(
            opened.event, attendee, track, opened.actor, opened.now, form.reason.data or ""
        )
    except ProductError as error:
        form.add_error(error.field, error.message)
        return person_page(opened, attendee_id, ReasonForm(formdata=None), form), error.status
    return _to_person(event_id, attendee_id)


def _to_person(event_id: uuid.UUID, attendee_id: uuid.UUID) -> Response:
    return redirect(
        url_for("event_reception.show", event_id=event_id, attendee_id=attendee_id, fresh="1")
    )


def _person(form: WalkInForm) -> WalkIn:
    return WalkIn(
        name=clean_line(form.name.data or ""),
        submission_key=(form.submission_key.data or new_id().hex)[:64],
        kana=clean_line(form.kana.data or ""),
        organization=clean_line(form.organization.data or ""),
        email=clean_line(form.email.data or ""),
    )


def _page(opened: OpenEvent, form: WalkInForm) -> str:
    form.offer_rooms(opened.event.tracks)
    return render_template(
        "walk_ins/new.html",
        event=opened.event, form=form, door_words=DOOR_WORDS[door(opened)],
        is_open=takes_people(door(opened)), presence=queries.presence_of(opened.event.id),
    )  # fmt: skip


def chosen_room(event: RegionalEvent, form: AdmitForm) -> Track | None:
    """The room that was chosen; the form says what is wrong when there is none."""
    rooms = [track for track in event.tracks if track.kind is TrackKind.ON_SITE]
    found = next((room for room in rooms if str(room.id) == form.track.data), None)
    if found is None:
        form.add_error("track", NO_ROOM)
    form.offer_rooms(event.tracks)
    return found
