"""Attendance online: the person's own page by the ticket's link, and the staff's list."""

from __future__ import annotations

import uuid

from flask import Blueprint, redirect, render_template, url_for
from werkzeug.wrappers import Response

from matchmaker.core import clock
from matchmaker.core.access import public
from matchmaker.core.errors import ProductError
from matchmaker.core.forms import ConfirmForm
from matchmaker.regional_events.planning.loading import OpenEvent
from matchmaker.regional_events.planning.models import RegionalEvent
from matchmaker.regional_events.planning.queries import get_event
from matchmaker.regional_events.reception import online, queries
from matchmaker.regional_events.reception.domain import DOOR_WORDS, takes_people
from matchmaker.regional_events.reception.forms import AttendanceListForm
from matchmaker.regional_events.reception.loading import door, open_reception
from matchmaker.regional_events.registrations.links import LinkPurpose, check_alive, read_token
from matchmaker.regional_events.registrations.models import Attendee
from matchmaker.regional_events.registrations.queries import get_attendee

blueprint = Blueprint("online_attendances", __name__)
STAFF = "/regional-events/<uuid:event_id>/reception/online-attendances"
OWN = "/event-tickets/<string:token>/attendance"
INVALID = 422


@blueprint.get(STAFF)
def new(event_id: uuid.UUID) -> str:
    """The form for the list of the streaming service."""
    return _page(open_reception(event_id), AttendanceListForm())


@blueprint.post(STAFF)
def create(event_id: uuid.UUID) -> str | tuple[str, int]:
    """Take the list in and say what fitted."""
    opened, form = open_reception(event_id), AttendanceListForm()
    try:
        text = form.people.data or ""
        result = online.import_attendance(opened.event, text, opened.actor, opened.now)
    except ProductError as error:
        form.add_error(error.field, error.message)
        return _page(opened, form), INVALID
    form.people.data = "\n".join([*result.unmatched, *result.unclear])
    return _page(opened, form, result)


def _page(
    opened: OpenEvent, form: AttendanceListForm, result: online.Imported | None = None
) -> str:
    return render_template(
        "online_attendances/new.html",
        event=opened.event, form=form, result=result, door_words=DOOR_WORDS[door(opened)],
        is_open=takes_people(door(opened)),
    )  # fmt: skip


@blueprint.get(OWN)
@public
def show(token: str) -> str:
    """「参加しました」: one button for the person of the ticket."""
    attendee, event = _of_ticket(token)
    return _own_page(attendee, event, token)


@blueprint.post(OWN)
@public
def say(token: str) -> tuple[str, int] | Response:
    """Note that the person takes part online."""
    attendee, event = _of_ticket(token)
    try:
        online.say_present(event, attendee.id, clock.now())
    except ProductError as error:
        return _own_page(attendee, event, token, error.message), error.status
    return redirect(url_for("online_attendances.show", token=token))


def _of_ticket(token: str) -> tuple[Attendee, RegionalEvent]:
    attendee_id, version = read_token(LinkPurpose.TICKET, token)
    attendee = get_attendee(attendee_id)
    event = get_event(attendee.event_id)
    check_alive(version, attendee.link_version, event.ends_at, clock.now())
    return attendee, event


def _own_page(attendee: Attendee, event: RegionalEvent, token: str, problem: str = "") -> str:
    return render_template(
        "online_attendances/show.html",
        event=event, name=attendee.name, token=token, problem=problem, form=ConfirmForm(),
        check_in=queries.check_in_of(attendee.id),
        may_say=online.may_say_present(event, clock.now()),
        too_early=online.TOO_EARLY,
    )  # fmt: skip
