"""Pages with which everybody registers."""

from __future__ import annotations

import uuid

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from matchmaker.accounts.domain import email_key
from matchmaker.core.access import authorize
from matchmaker.core.errors import ProductError
from matchmaker.core.form_stash import stashed_values
from matchmaker.regional_events.planning.loading import OpenEvent, open_event
from matchmaker.regional_events.planning.notices import event_when, moment_text, where_text
from matchmaker.regional_events.planning.policy import can_register
from matchmaker.regional_events.registrations import entry, queries, service
from matchmaker.regional_events.registrations.domain import CONFIRM_WITHIN, InvalidRegistration
from matchmaker.regional_events.registrations.entry import Registrant
from matchmaker.regional_events.registrations.forms import RegistrationForm

INVALID = 422
Answer = str | Response | tuple[str, int]
UNSURE = (
    "自動で送られた申し込みと区別できませんでした。"
    "入力は残っています。少し待ってから、もう一度「申し込む」を押してください。"
)
blueprint = Blueprint(
    "event_registrations", __name__, url_prefix="/regional-events/<uuid:event_id>/registrations"
)


@blueprint.get("/new")
def new(event_id: uuid.UUID) -> Answer:
    """The form, or why nobody registers now."""
    opened = open_event(event_id)
    if not _is_open(opened):
        return render_template("event_registrations/closed.html", **_facts(opened))
    who = entry.registrant_of(opened.actor)
    counts = queries.counts_of(event_id)
    form = entry.open_form(opened.event, counts, who, stashed_values(request.path), opened.now)
    return _form_page(opened, form, who)


@blueprint.post("/new")
def create(event_id: uuid.UUID) -> Answer:
    """Register the people, or change how many people the form has."""
    opened = open_event(event_id)
    if not _is_open(opened):
        return render_template("event_registrations/closed.html", **_facts(opened)), INVALID
    who = entry.registrant_of(opened.actor)
    typed = MultiDict(request.form)
    step = typed.get("step", "")
    if step:
        typed = entry.rearranged(typed, step, who)
    form = entry.open_form(opened.event, queries.counts_of(event_id), who, typed, opened.now)
    if step:
        return _form_page(opened, form, who)
    return _register(opened, form, who)


def _register(opened: OpenEvent, form: RegistrationForm, who: Registrant) -> Answer:
    event = opened.event
    if not entry.check_form(form, event, who):
        return _form_page(opened, form, who), INVALID
    if who.is_guest and form.looks_like_a_program(opened.now):
        form.website.data = ""
        form.add_error(None, UNSURE)
        return _form_page(opened, form, who), INVALID
    data = entry.registration_data(form, event, who)
    try:
        service.register(event, data, opened.actor, opened.now)
    except InvalidRegistration as error:
        entry.show_errors(form, error.errors)
        return _form_page(opened, form, who), error.status
    except ProductError as error:
        form.add_error(error.field, error.message)
        return _form_page(opened, form, who), error.status
    if who.is_guest:
        return redirect(url_for(".sent", event_id=event.id))
    flash("申し込みを受け付けました。案内のメールを送ります。", "success")
    return redirect(url_for("event_own_registrations.index"))


@blueprint.get("/sent")
def sent(event_id: uuid.UUID) -> str:
    """Says that a mail with a link is on its way; the same for everybody."""
    opened = open_event(event_id)
    hours = int(CONFIRM_WITHIN.total_seconds()) // 3600
    return render_template("event_registrations/sent.html", hours=hours, **_facts(opened))


def mail_of_form() -> str:
    """What the rate limit of the form counts besides the browser's address."""
    return f"registration-mail:{email_key(request.form.get('contact_email', ''))}"


def _is_open(opened: OpenEvent) -> bool:
    is_open = can_register(opened.actor, opened.event, opened.standing, opened.now)
    return is_open and bool(opened.event.tracks)


def _form_page(opened: OpenEvent, form: RegistrationForm, who: Registrant) -> str:
    authorize(True)
    return render_template(
        "event_registrations/new.html",
        form=form,
        who=who,
        ways={way.value: way.help for way in form.ways},
        chosen={track.id for track in entry.chosen_tracks(form, opened.event)},
        **_facts(opened),
    )


def _facts(opened: OpenEvent) -> dict[str, object]:
    event = opened.event
    return {
        "opened": opened,
        "event": event,
        "when": event_when(event),
        "where": where_text(event),
        "opens": moment_text(event.opens_at),
        "closes": moment_text(event.closes_at),
        "phase": opened.phase,
    }
