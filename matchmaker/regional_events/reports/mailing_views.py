"""Pages on which the staff writes to those who came, or did not: words, preview, once."""

from __future__ import annotations

import uuid

from flask import flash, redirect, render_template, url_for

from matchmaker.core.errors import NotFound, ProductError
from matchmaker.regional_events.planning.loading import OpenEvent, open_to_plan
from matchmaker.regional_events.reports import mailings
from matchmaker.regional_events.reports.domain import MAILING_LABELS, MailingKind
from matchmaker.regional_events.reports.forms import MailingForm
from matchmaker.regional_events.reports.loading import opened
from matchmaker.regional_events.reports.people import audience_of
from matchmaker.regional_events.reports.views import INVALID, Answer, blueprint

__all__ = ["blueprint"]


@blueprint.get("/mailings")
def mailing_list(event_id: uuid.UUID) -> str:
    """What can be sent, what was sent, and what did not arrive."""
    place = open_to_plan(event_id)
    sent = mailings.mailings_of(event_id)
    rows = [
        (kind, label, sent.get(kind), len(audience_of(event_id, kind).people))
        for kind, label in MAILING_LABELS.items()
    ]
    return render_template(
        "event_reports/mailings.html",
        event=place.event,
        rows=rows,
        delivery={kind: mailings.delivery_of(each) for kind, each in sent.items()},
        failures={kind: mailings.failures_of(each) for kind, each in sent.items()},
    )


@blueprint.get("/mailings/<string:kind>/new")
def new_mailing(event_id: uuid.UUID, kind: str) -> str:
    """The words, with the usual ones to begin with."""
    place, wanted = open_to_plan(event_id), _kind(kind)
    words = mailings.usual_words(place.event, wanted)
    return _page(place, wanted, opened(MailingForm, subject=words.subject, body=words.body))


@blueprint.post("/mailings/<string:kind>/previews")
def preview_mailing(event_id: uuid.UUID, kind: str) -> Answer:
    """The mail as it will arrive, and how many will get it."""
    place, wanted, form = open_to_plan(event_id), _kind(kind), MailingForm()
    if not form.validate_on_submit():
        return _page(place, wanted, form), INVALID
    try:
        data = mailings.checked(form.mailing_data())
    except ProductError as error:
        form.add_error(error.field, error.message)
        return _page(place, wanted, form), error.status
    shown = mailings.preview(place.event, data, place.now)
    return _page(place, wanted, form, shown)


@blueprint.post("/mailings/<string:kind>")
def send_mailing(event_id: uuid.UUID, kind: str) -> Answer:
    """Send it, once."""
    place, wanted, form = open_to_plan(event_id), _kind(kind), MailingForm()
    if not form.validate_on_submit():
        return _page(place, wanted, form), INVALID
    try:
        sent = mailings.send(place.event, wanted, form.mailing_data(), place.actor, place.now)
    except ProductError as error:
        form.add_error(error.field, error.message)
        return _page(place, wanted, form), error.status
    flash(f"{sent.recipients}通のメールを、送信待ちに入れました。", "success")
    return redirect(url_for("event_reports.mailing_list", event_id=event_id))


def _kind(word: str) -> MailingKind:
    if word not in set(MailingKind):
        raise NotFound
    return MailingKind(word)


def _page(
    place: OpenEvent, kind: MailingKind, form: MailingForm, preview: object | None = None
) -> str:
    return render_template(
        "event_reports/mailing.html",
        event=place.event,
        kind=kind,
        label=MAILING_LABELS[kind],
        form=form,
        preview=preview,
        audience=audience_of(place.event.id, kind),
        sent=mailings.mailings_of(place.event.id).get(kind),
        is_over=place.now >= place.event.ends_at,
    )
