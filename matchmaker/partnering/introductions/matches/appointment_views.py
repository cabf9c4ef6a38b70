"""Dates of the two: proposed, agreed, moved, cancelled."""

from __future__ import annotations

import uuid

from flask import Response as FlaskResponse
from flask import flash, redirect, request
from werkzeug.wrappers import Response

from matchmaker.accounts.queries import user_of
from matchmaker.core.downloads import download
from matchmaker.core.errors import NotFound, ProductError
from matchmaker.core.settings import current_settings
from matchmaker.partnering.introductions.matches import appointments, queries
from matchmaker.partnering.introductions.matches.calendar_entries import appointment_calendar
from matchmaker.partnering.introductions.matches.domain import AppointmentState
from matchmaker.partnering.introductions.matches.forms import CancelForm, DatesForm, ShiftForm
from matchmaker.partnering.introductions.matches.models import Appointment
from matchmaker.partnering.introductions.matches.views import (
    Answer,
    blueprint,
    form_page,
    opened_form,
    pressed,
    readable,
    renew,
    tried,
    writable,
)

USUAL_TITLE, USUAL_MINUTES = "はじめての打合せ", "60"


@blueprint.route("/<uuid:match_id>/appointments/new", methods=["GET", "POST"])
def propose_dates(match_id: uuid.UUID) -> Answer:
    """Propose up to three dates, for the first time or instead of those that stand."""
    place = writable(match_id)
    standing = queries.proposed_appointment(match_id)
    form = opened_form(DatesForm, **_usual(standing))
    if request.method == "GET":
        return form_page(place, "matches/dates.html", form, standing=standing)
    status = tried(
        form,
        lambda: appointments.propose(place.match, form.proposal(), place.actor, place.now),
    )
    if status:
        return form_page(place, "matches/dates.html", form, standing=standing), status
    flash("候補の日を相手に知らせました。相手が選ぶと、双方にメールが届きます。", "success")
    return redirect(f"{place.url}#appointments")


def _usual(standing: Appointment | None) -> dict[str, str]:
    """What the form begins with: what is proposed by now, without its dates."""
    if standing is None:
        return {"title": USUAL_TITLE, "minutes": USUAL_MINUTES}
    return {
        "title": standing.title, "place": standing.place, "minutes": str(standing.minutes),
        "replaces": str(standing.id),
    }  # fmt: skip


@blueprint.post("/<uuid:match_id>/appointments/<uuid:appointment_id>/agreements")
def agree(match_id: uuid.UUID, appointment_id: uuid.UUID) -> Response:
    """Agree to one of the dates."""
    place = writable(match_id)
    appointment = queries.get_appointment(match_id, appointment_id)
    word = request.form.get("date_id", "")

    def choose() -> None:
        date_id = _id_of(word)
        appointments.agree(place.match, appointment, date_id, place.actor, place.now)

    done = "日時を決めました。双方にカレンダーのファイルをメールで送ります。"
    return pressed(place, choose, done, "appointments")


def _id_of(word: str) -> uuid.UUID:
    try:
        return uuid.UUID(word)
    except ValueError:
        raise ProductError("候補の日をひとつ選んでください。") from None


@blueprint.route(
    "/<uuid:match_id>/appointments/<uuid:appointment_id>/edit", methods=["GET", "POST"]
)
def shift(match_id: uuid.UUID, appointment_id: uuid.UUID) -> Answer:
    """Move an agreed appointment to another date."""
    place = writable(match_id)
    appointment = queries.get_appointment(match_id, appointment_id)
    form = opened_form(
        ShiftForm, starts_at=appointment.starts_at, revision=str(appointment.revision)
    )
    more = {"appointment": appointment}
    if request.method == "GET":
        return form_page(place, "matches/shift.html", form, **more)
    status = tried(
        form,
        lambda: appointments.shift(
            place.match, appointment, form.starts_at.data, form.expected, place.actor, place.now
        ),
    )
    if status:
        renew(form, appointment.revision, status)
        return form_page(place, "matches/shift.html", form, **more), status
    flash("日時を変えました。双方に新しいカレンダーのファイルをメールで送ります。", "success")
    return redirect(f"{place.url}#appointments")


@blueprint.route(
    "/<uuid:match_id>/appointments/<uuid:appointment_id>/cancellations", methods=["GET", "POST"]
)
def cancel(match_id: uuid.UUID, appointment_id: uuid.UUID) -> Answer:
    """Cancel dates that were proposed or agreed."""
    place = writable(match_id)
    appointment = queries.get_appointment(match_id, appointment_id)
    form = opened_form(CancelForm, revision=str(appointment.revision))
    more = {"appointment": appointment}
    if request.method == "GET":
        return form_page(place, "matches/cancel.html", form, **more)
    reason, expected = form.reason.data or "", form.expected
    status = tried(
        form,
        lambda: appointments.cancel(
            place.match, appointment, reason, expected, place.actor, place.now
        ),
    )
    if status:
        renew(form, appointment.revision, status)
        return form_page(place, "matches/cancel.html", form, **more), status
    flash("中止しました。双方にメールで知らせます。", "success")
    return redirect(f"{place.url}#appointments")


@blueprint.get("/<uuid:match_id>/appointments/<uuid:appointment_id>/calendar")
def calendar(match_id: uuid.UUID, appointment_id: uuid.UUID) -> FlaskResponse:
    """The calendar file of an agreed appointment."""
    place = readable(match_id)
    appointment = queries.get_appointment(match_id, appointment_id)
    if appointment.state is AppointmentState.PROPOSED or place.actor.user_id is None:
        raise NotFound
    user = user_of(place.actor.user_id)
    content = appointment_calendar(place.match, appointment, user, current_settings())
    if content is None:
        raise NotFound
    return download(content, "yotei.ics", "text/calendar")
