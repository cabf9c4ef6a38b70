"""Pages of the reception: the list with large buttons, the QR code, checking in by phone."""

from __future__ import annotations

import uuid

from flask import Blueprint, flash, redirect, render_template, request, url_for
from markupsafe import Markup
from werkzeug.wrappers import Response

from matchmaker.core.access import authorize
from matchmaker.core.clock import today
from matchmaker.core.errors import ProductError
from matchmaker.core.forms import ConfirmForm
from matchmaker.core.qr_codes import qr_picture
from matchmaker.core.settings import current_settings
from matchmaker.core.text import clean_line
from matchmaker.working_groups.meetings.check_in import queries, service
from matchmaker.working_groups.meetings.check_in.domain import (
    NOT_TODAY,
    WRONG_CODE,
    is_open,
    is_right_code,
    list_is_open,
)
from matchmaker.working_groups.meetings.check_in.loading import Door, load_door

blueprint = Blueprint("check_ins", __name__, url_prefix="/meetings/<uuid:meeting_id>/check-ins")
Answer = str | tuple[str, int] | Response
INVALID = 422
SEARCH_LENGTH = 50


def organiser_door(meeting_id: uuid.UUID) -> Door:
    """The reception for those who keep the list."""
    door = load_door(meeting_id)
    authorize(door.may_keep_list, hidden=door.is_hidden)
    return door


@blueprint.get("")
def index(meeting_id: uuid.UUID) -> str:
    """Everybody who may come, each with a button."""
    door = organiser_door(meeting_id)
    text = clean_line(request.args.get("q", ""))[:SEARCH_LENGTH]
    meeting = door.meeting
    return render_template(
        "check_ins/index.html",
        door=door,
        meeting=meeting,
        guests=queries.guests_of(meeting.id, meeting.group_id, today(door.now), text),
        presence=queries.presence_of(meeting.id),
        is_open=list_is_open(meeting.state, meeting.starts_at, door.now),
        text=text,
    )


@blueprint.get("/count")
def count(meeting_id: uuid.UUID) -> str:
    """The number of people there, which the reception's pages ask for again and again."""
    door = organiser_door(meeting_id)
    presence = queries.presence_of(door.meeting.id)
    return render_template("check_ins/_count.html", presence=presence)


@blueprint.post("/<uuid:user_id>")
def tick(meeting_id: uuid.UUID, user_id: uuid.UUID) -> Response:
    """Note that somebody is there."""
    door = organiser_door(meeting_id)
    service.tick(door.meeting, user_id, door.actor, door.now)
    return _back_to_list(meeting_id, user_id)


@blueprint.post("/<uuid:user_id>/cancellations")
def untick(meeting_id: uuid.UUID, user_id: uuid.UUID) -> Response:
    """Take that back."""
    door = organiser_door(meeting_id)
    service.untick(door.meeting, user_id, door.actor, door.now)
    return _back_to_list(meeting_id, user_id)


def _back_to_list(meeting_id: uuid.UUID, user_id: uuid.UUID) -> Response:
    text = clean_line(request.form.get("q", ""))[:SEARCH_LENGTH] or None
    anchor = f"guest-{user_id}"
    return redirect(url_for("check_ins.index", meeting_id=meeting_id, q=text, _anchor=anchor))


@blueprint.get("/code")
def code(meeting_id: uuid.UUID) -> str:
    """The QR code, large, for a screen or a print-out."""
    door = organiser_door(meeting_id)
    meeting = door.meeting
    address = code_address(meeting_id, meeting.check_in_code)
    return render_template(
        "check_ins/code.html",
        meeting=meeting,
        picture=Markup(qr_picture(address)),  # noqa: S704 - our own code, no text of people
        address=address,
        presence=queries.presence_of(meeting.id),
        is_open=is_open(meeting.state, meeting.starts_at, meeting.ends_at, door.now),
    )


def code_address(meeting_id: uuid.UUID, secret: str) -> str:
    """What the QR code leads to."""
    path = url_for("check_ins.new", meeting_id=meeting_id, code=secret)
    return f"{current_settings().resolved_public_url()}{path}"


@blueprint.post("/codes")
def renew_code(meeting_id: uuid.UUID) -> Response:
    """Replace the QR code."""
    door = organiser_door(meeting_id)
    service.renew_code(door.meeting, door.actor, door.now)
    flash("QRコードを新しくしました。前のコードは使えません。", "success")
    return redirect(url_for("check_ins.code", meeting_id=meeting_id))


@blueprint.get("/new")
def new(meeting_id: uuid.UUID) -> Answer:
    """What the phone shows after reading the code: one button."""
    door = load_door(meeting_id)
    authorize(door.may_check_in, hidden=door.is_hidden)
    given = request.args.get("code", "")
    problem = problem_of(door, given)
    page = check_in_page(door, given, problem)
    return (page, INVALID) if problem else page


@blueprint.post("")
def create(meeting_id: uuid.UUID) -> Answer:
    """Note that the person is there."""
    door = load_door(meeting_id)
    authorize(door.may_check_in, hidden=door.is_hidden)
    given = request.form.get("code", "")
    try:
        service.check_in(door.meeting, given, door.actor, door.now)
    except ProductError as error:
        return check_in_page(door, given, error.message), error.status
    return redirect(url_for("check_ins.done", meeting_id=meeting_id))


@blueprint.get("/done")
def done(meeting_id: uuid.UUID) -> str:
    """Says that the person is on the list (or not yet)."""
    door = load_door(meeting_id)
    authorize(door.may_check_in, hidden=door.is_hidden)
    attendance = queries.attendance_of(door.meeting.id, door.actor.user_id)
    return render_template("check_ins/done.html", meeting=door.meeting, attendance=attendance)


def problem_of(door: Door, given: str) -> str:
    """Why checking in is not possible, in words; nothing when it is."""
    meeting = door.meeting
    if not is_right_code(given, meeting.check_in_code):
        return WRONG_CODE
    if not is_open(meeting.state, meeting.starts_at, meeting.ends_at, door.now):
        return NOT_TODAY
    return ""


def check_in_page(door: Door, given: str, problem: str) -> str:
    """The page with the button, or with the reason why there is none."""
    attendance = queries.attendance_of(door.meeting.id, door.actor.user_id)
    return render_template(
        "check_ins/new.html",
        meeting=door.meeting,
        actor=door.actor,
        attendance=attendance,
        code=given,
        problem=problem,
        form=ConfirmForm(),
    )
