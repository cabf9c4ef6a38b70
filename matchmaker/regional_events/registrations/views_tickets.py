"""What a person sees and changes by the link of the mail, without signing in.

The signed token is the permission: it names one person and one version of the link. A GET changes
nothing, since mail scanners open links.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, Response, flash, redirect, render_template, url_for
from markupsafe import Markup
from werkzeug.wrappers import Response as Redirect

from matchmaker.core import clock
from matchmaker.core.access import current_actor, public
from matchmaker.core.actor import Actor
from matchmaker.core.downloads import download
from matchmaker.core.errors import Conflict, NotFound, ProductError
from matchmaker.core.forms import ConfirmForm
from matchmaker.core.qr_codes import qr_picture
from matchmaker.regional_events.planning.models import RegionalEvent
from matchmaker.regional_events.planning.notices import moment_text
from matchmaker.regional_events.planning.queries import get_event
from matchmaker.regional_events.registrations import presentation, queries, service, ticket
from matchmaker.regional_events.registrations.domain import LIVE_STATES, PersonData
from matchmaker.regional_events.registrations.extensions import Ticket, ticket_links
from matchmaker.regional_events.registrations.forms_tickets import (
    CancelForm,
    ChangeForm,
    HandOverForm,
)
from matchmaker.regional_events.registrations.links import (
    GoneLink,
    InvalidLink,
    LinkPurpose,
    check_alive,
    read_token,
    ticket_token,
)
from matchmaker.regional_events.registrations.mails import seat_calendar
from matchmaker.regional_events.registrations.models import Attendee, Registration, WaitingEntry

INVALID = 422
Answer = str | Redirect | tuple[str, int]
HOLDER = Actor(name="本人（メールのリンク）")
NOTHING_LEFT = "この参加登録は終わっているため、変えられません。"
TOO_LATE = "変更の期限を過ぎています。問い合わせ先にご連絡ください。"
blueprint = Blueprint("event_tickets", __name__, url_prefix="/event-tickets/<string:token>")


@dataclass(frozen=True, slots=True)
class OpenTicket:
    """A person whose link was opened.

    Args:
        token: the link's token.
        attendee: the person, with registration, track and place in line.
        event: with tracks.
        now: the moment of the request.
    """

    token: str
    attendee: Attendee
    event: RegionalEvent
    now: datetime

    @property
    def entry(self) -> WaitingEntry | None:
        """The present place in line."""
        entry = self.attendee.waiting_entry
        return entry if entry is not None and presentation.is_open(entry) else None

    @property
    def is_live(self) -> bool:
        """Whether the person comes, waits, or has yet to confirm."""
        return self.attendee.state in LIVE_STATES

    @property
    def may_change(self) -> bool:
        """Whether the person may still change by themselves."""
        return self.is_live and presentation.can_change(self.event, self.now)


def open_ticket(token: str) -> OpenTicket:
    """The person a token names.

    Raises:
        InvalidLink: the token is none of ours.
        GoneLink: it was replaced, or the event is long over.
    """
    now = clock.now()
    attendee_id, version = read_token(LinkPurpose.TICKET, token)
    try:
        attendee = queries.get_attendee(attendee_id)
        event = get_event(attendee.event_id)
    except NotFound:
        raise InvalidLink from None
    check_alive(version, attendee.link_version, event.ends_at, now)
    return OpenTicket(token, attendee, event, now)


def open_to_change(token: str) -> OpenTicket:
    """The same, while the person may still change by themselves.

    Raises:
        ProductError: the deadline is over, or nothing is left to change.
    """
    opened = open_ticket(token)
    if not opened.is_live:
        raise ProductError(NOTHING_LEFT)
    if not opened.may_change:
        raise ProductError(f"{TOO_LATE}（{presentation.contact_words(opened.event)}）")
    return opened


@blueprint.errorhandler(InvalidLink)
@blueprint.errorhandler(GoneLink)
def gone(error: ProductError) -> tuple[str, int]:
    """A link that opens nothing: nothing of anybody is said."""
    return render_template("event_tickets/gone.html", message=error.message), error.status


@blueprint.get("")
@public
def show(token: str) -> str:
    """The ticket: where the person stands, the facts, the QR code, what can be changed."""
    return ticket_page(open_ticket(token))


def ticket_page(opened: OpenTicket, error: str = "") -> str:
    """The page of a ticket, with what could not be done."""
    return render_template(
        "event_tickets/show.html",
        ticket=ticket.ticket_view(opened.attendee, opened.event, opened.now),
        opened=opened,
        links=ticket_links(Ticket(opened.attendee, opened.event, opened.token, opened.now)),
        picture=Markup(qr_picture(opened.attendee.code)),  # noqa: S704 - our own code
        token=opened.token,
        error=error,
        form=ConfirmForm(),
    )


@blueprint.get("/calendar")
@public
def calendar(token: str) -> Response:
    """The calendar file of the seat."""
    opened = open_ticket(token)
    if opened.attendee.track is None:
        raise NotFound
    content = seat_calendar(opened.event, opened.attendee.track)
    return download(content, "yotei.ics", "text/calendar")


@blueprint.get("/confirm")
@public
def confirm(token: str) -> Answer:
    """The button with which a guest confirms the address."""
    registration, event = _to_confirm(token)
    if registration.confirmed_at is not None:
        return _first_ticket(registration)
    return render_template(
        "event_tickets/confirm.html",
        registration=registration,
        event=event,
        facts=presentation.seat_facts(event, None),
        until=moment_text(registration.confirm_until),
        form=ConfirmForm(),
    )


@blueprint.post("/confirm")
@public
def confirmed(token: str) -> Answer:
    """Confirm the address: the seats are taken now."""
    registration, _event = _to_confirm(token)
    try:
        service.confirm_registration(registration, clock.now())
    except Conflict as error:
        return render_template("event_tickets/gone.html", message=error.message), error.status
    flash("登録を確定しました。案内のメールを送ります。", "success")
    return _first_ticket(queries.get_registration(registration.id))


def _to_confirm(token: str) -> tuple[Registration, RegionalEvent]:
    registration_id, version = read_token(LinkPurpose.CONFIRM, token)
    try:
        registration = queries.get_registration(registration_id)
    except NotFound:
        raise InvalidLink from None
    event = get_event(registration.event_id)
    check_alive(version, registration.link_version, event.ends_at, clock.now())
    return registration, event


def _first_ticket(registration: Registration) -> Redirect:
    return redirect(url_for(".show", token=ticket_token(registration.attendees[0])))


@blueprint.get("/change")
@public
def change(token: str) -> Answer:
    """Choose another way of taking part."""
    opened = open_to_change(token)
    return _change_page(opened, _change_form(opened))


@blueprint.post("/change")
@public
def changed(token: str) -> Answer:
    """Take part another way."""
    opened = open_to_change(token)
    form = _change_form(opened)
    track = next((t for t in opened.event.tracks if str(t.id) == form.track.data), None)
    if not form.validate_on_submit() or track is None:
        return _change_page(opened, form), INVALID
    try:
        service.change_track(
            opened.attendee, track, actor_of_request(), opened.now, bool(form.wait_if_full.data)
        )
    except ProductError as error:
        form.add_error("track", error.message)
        return _change_page(open_ticket(token), form), error.status
    flash("参加方法の変更を受け付けました。案内のメールを送ります。", "success")
    return redirect(url_for(".show", token=token))


def _change_form(opened: OpenTicket) -> ChangeForm:
    form = ChangeForm()
    present = opened.attendee.track_id
    form.offer(
        [(str(t.id), presentation.track_name(t)) for t in opened.event.tracks if t.id != present]
    )
    return form


def _change_page(opened: OpenTicket, form: ChangeForm) -> str:
    counts = queries.counts_of(opened.event.id)
    words = {
        str(track.id): presentation.seat_words(presentation.count_of(track, counts))
        for track in opened.event.tracks
    }
    return render_template(
        "event_tickets/change.html", form=form, words=words, opened=opened, token=opened.token
    )


@blueprint.get("/hand-over")
@public
def hand_over(token: str) -> str:
    """Say who comes instead."""
    opened = open_to_change(token)
    return render_template(
        "event_tickets/hand_over.html", form=HandOverForm(), opened=opened, token=token
    )


@blueprint.post("/hand-over")
@public
def handed_over(token: str) -> Answer:
    """Let another person come instead; this link is void then."""
    opened, form = open_to_change(token), HandOverForm()
    if form.check():
        try:
            service.hand_over(
                opened.attendee, _person(form, opened), actor_of_request(), opened.now
            )
        except ProductError as error:
            form.add_error(error.field if error.field in form else None, error.message)
            opened = open_ticket(token)
        else:
            name = form.name.data
            return render_template("event_tickets/done.html", opened=opened, name=name)
    page = render_template("event_tickets/hand_over.html", form=form, opened=opened, token=token)
    return page, INVALID


def _person(form: HandOverForm, opened: OpenTicket) -> PersonData:
    attendee = opened.attendee
    return PersonData(
        name=form.name.data or "",
        kana=form.kana.data or "",
        email=form.email.data or "",
        job_title=form.job_title.data or "",
        role=attendee.role,
        track_id=attendee.track_id or attendee.wanted_track_id,
    )


@blueprint.get("/cancel")
@public
def cancel(token: str) -> str:
    """Ask whether the person really does not come."""
    opened = open_to_change(token)
    return render_template(
        "event_tickets/cancel.html", form=CancelForm(), opened=opened, token=token
    )


@blueprint.post("/cancel")
@public
def cancelled(token: str) -> Answer:
    """Give the seat (or the place in line) back."""
    opened, form = open_to_change(token), CancelForm()
    if not form.validate_on_submit():
        page = render_template("event_tickets/cancel.html", form=form, opened=opened, token=token)
        return page, INVALID
    service.cancel_attendee(opened.attendee, form.reason.data or "", actor_of_request(), opened.now)
    flash("参加登録を取り消しました。", "success")
    return redirect(url_for(".show", token=token))


@blueprint.post("/accept")
@public
def accept(token: str) -> Answer:
    """Take the offered seat."""
    return _in_line(token, "席を確定しました。案内のメールを送ります。", service.accept_offer)


@blueprint.post("/decline")
@public
def decline(token: str) -> Answer:
    """Leave the offered seat to others."""
    return _in_line(token, "席のご案内を辞退しました。", service.decline_offer)


@blueprint.post("/leave")
@public
def leave(token: str) -> Answer:
    """Wait no more; a seat that is held stays."""
    return _in_line(token, "キャンセル待ちを取りやめました。", service.leave_line)


@blueprint.post("/split")
@public
def split(token: str) -> Answer:
    """Let the people of a group be seated one by one."""
    return _in_line(token, "席が空いた順に、ひとりずつ入れるようにしました。", service.split_group)


@blueprint.post("/at-once")
@public
def at_once(token: str) -> Answer:
    """Say whether the person can come at short notice."""

    def turn(entry: WaitingEntry, actor: Actor, now: datetime) -> None:
        service.set_at_once(entry, not entry.is_at_once, actor, now)

    return _in_line(token, "「直前でもすぐ行けます」を変えました。", turn)


def _in_line(token: str, said: str, command: ticket.LineCommand) -> Answer:
    opened = open_ticket(token)
    if opened.entry is None:
        return ticket_page(opened, "キャンセル待ちは終わっています。"), INVALID
    try:
        command(opened.entry, actor_of_request(), opened.now)
    except ProductError as error:
        return ticket_page(open_ticket(token), error.message), error.status
    flash(said, "success")
    return redirect(url_for(".show", token=token))


def actor_of_request() -> Actor:
    """Who acts: the person signed in, or whoever holds the link."""
    actor = current_actor()
    return actor if actor.is_signed_in else HOLDER
