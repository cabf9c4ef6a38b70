"""Pages of the reception: the desk and one person."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from matchmaker.core.errors import ProductError
from matchmaker.core.paging import page_number
from matchmaker.core.text import clean_line
from matchmaker.regional_events.planning.loading import OpenEvent
from matchmaker.regional_events.reception import presentation, queries, service
from matchmaker.regional_events.reception.domain import (
    ADVICE,
    DOOR_WORDS,
    TITLES,
    CheckInWay,
    Outcome,
    read_code,
    takes_people,
)
from matchmaker.regional_events.reception.forms import AdmitForm, CodeForm, ReasonForm
from matchmaker.regional_events.reception.loading import door, open_reception

blueprint = Blueprint(
    "event_reception", __name__, url_prefix="/regional-events/<uuid:event_id>/reception"
)
Answer = str | tuple[str, int] | Response
INVALID = 422
SEARCH_LENGTH = 60


@blueprint.get("")
def index(event_id: uuid.UUID) -> str:
    """The desk: counts, the code to type, the search, those who came last."""
    opened = open_reception(event_id)
    return desk_page(opened, CodeForm())


def desk_page(opened: OpenEvent, form: CodeForm) -> str:
    """The desk with a form for the code (that may have to be mended)."""
    event_id = opened.event.id
    text = clean_line(request.args.get("q", ""))[:SEARCH_LENGTH]
    found = queries.find_people(event_id, text, page_number(request.args.get("page")))
    return render_template(
        "event_reception/index.html", **counts_of(opened),
        event=opened.event, form=form, text=text, page=found,
        newest=queries.newest_people(event_id),
        clock=presentation.clock, outcome_of=presentation.standing_outcome,
        role_of=presentation.role_of,
        door=door(opened), door_words=DOOR_WORDS, is_open=takes_people(door(opened)),
    )  # fmt: skip


def counts_of(opened: OpenEvent) -> dict[str, Any]:
    """What the fragment with the counts shows."""
    event = opened.event
    return {
        "presence": queries.presence_of(event.id),
        "presence_words": presentation.presence_words,
        "notices": presentation.notice_words(queries.room_notices(event.id), event),
    }


@blueprint.get("/counts")
def counts(event_id: uuid.UUID) -> str:
    """The counts, which the desk asks for again and again."""
    return render_template("event_reception/_counts.html", **counts_of(open_reception(event_id)))


@blueprint.post("/check-ins")
def create(event_id: uuid.UUID) -> Answer:
    """Check in by a typed code."""
    opened, form = open_reception(event_id), CodeForm()
    code = read_code(form.code.data or "")
    attendee_id = queries.attendee_by_code(event_id, code) if code else None
    if attendee_id is None:
        form.add_error("code", _unknown(code))
        return desk_page(opened, form), INVALID
    return _received(opened, attendee_id, CheckInWay.QR)


def _unknown(code: str) -> str:
    if not code:
        return "受付コードを入れてください。"
    return f"{TITLES[Outcome.UNKNOWN]}。{ADVICE[Outcome.UNKNOWN]}"


@blueprint.post("/people/<uuid:attendee_id>/check-ins")
def check_in(event_id: uuid.UUID, attendee_id: uuid.UUID) -> Response:
    """Check in from the list."""
    opened = open_reception(event_id)
    queries.get_person(event_id, attendee_id)
    return _received(opened, attendee_id, CheckInWay.LIST)


def _received(opened: OpenEvent, attendee_id: uuid.UUID, way: CheckInWay) -> Response:
    """Check in and go to the person's page, which says what became of it."""
    now, event = opened.now, opened.event
    try:
        received = service.receive(event, attendee_id, way, now, opened.actor, now)
    except service.NotReceived:  # the person's page says why
        return _to_person(event.id, attendee_id)
    return _to_person(event.id, attendee_id, "1" if received.is_new else None)


def _to_person(event_id: uuid.UUID, attendee_id: uuid.UUID, fresh: str | None = None) -> Response:
    return redirect(
        url_for("event_reception.show", event_id=event_id, attendee_id=attendee_id, fresh=fresh)
    )


@blueprint.get("/people/<uuid:attendee_id>")
def show(event_id: uuid.UUID, attendee_id: uuid.UUID) -> str:
    """One person: the result, large, and what can be done."""
    return person_page(open_reception(event_id), attendee_id, ReasonForm())


def person_page(
    opened: OpenEvent, attendee_id: uuid.UUID, form: ReasonForm, admitting: AdmitForm | None = None
) -> str:
    """The page of one person with the form for taking the check-in back."""
    person = queries.get_person(opened.event.id, attendee_id)
    admitting = admitting or AdmitForm(formdata=None)
    admitting.offer_rooms(opened.event.tracks)
    outcome = presentation.standing_outcome(person)
    is_fresh = outcome is Outcome.ALREADY and request.args.get("fresh") == "1"
    shown = Outcome.TAKEN if is_fresh else outcome
    return render_template(
        "event_reception/show.html",
        event=opened.event, person=person, form=form, role=presentation.role_of(person),
        admitting=admitting, may_walk_in=outcome in (Outcome.CANCELLED, Outcome.PENDING),
        outcome=outcome, result=presentation.result_of(shown, person, opened.now),
        is_expected=outcome is Outcome.TAKEN, is_open=takes_people(door(opened)),
        door_words=DOOR_WORDS[door(opened)], who_received=presentation.who_received,
    )  # fmt: skip


@blueprint.post("/people/<uuid:attendee_id>/undoings")
def undo(event_id: uuid.UUID, attendee_id: uuid.UUID) -> Answer:
    """Take a check-in back."""
    opened, form = open_reception(event_id), ReasonForm()
    if queries.get_person(event_id, attendee_id).check_in is None:
        flash("受付の記録はありませんでした。", "info")
        return _to_person(event_id, attendee_id)
    reason = form.reason.data or ""
    try:
        service.undo_check_in(opened.event, attendee_id, reason, opened.actor, opened.now)
    except ProductError as error:
        form.add_error(error.field, error.message)
        return person_page(opened, attendee_id, form), error.status
    flash("受付を取り消しました。", "success")
    return _to_person(event_id, attendee_id)
