"""Addresses of a person's page at the tables: signed in, and by the link of the ticket."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Blueprint, Response, render_template, request, url_for

from matchmaker.core.access import authorize, public
from matchmaker.core.actor import VISITOR
from matchmaker.core.errors import NotFound, ProductError
from matchmaker.core.form_stash import stashed_values
from matchmaker.core.signed_links import InvalidLink
from matchmaker.regional_events.planning.loading import open_event
from matchmaker.regional_events.registrations.links import GoneLink
from matchmaker.regional_events.registrations.views_tickets import open_ticket
from matchmaker.regional_events.tables import guest_pages, policy, queries
from matchmaker.regional_events.tables.guest_pages import Answer, Place

signed_in = Blueprint(
    "own_event_tables", __name__, url_prefix="/regional-events/<uuid:event_id>/tables/mine"
)
by_link = Blueprint(
    "event_table_tickets", __name__, url_prefix="/event-tickets/<string:token>/tables"
)


def _own_place(event_id: uuid.UUID) -> Place:
    """The place of the person who is signed in.

    Raises:
        NotFound: there are no tables, or the person has no place on site.
    """
    opened = open_event(event_id)
    authorize(opened.actor.is_signed_in)
    plan = queries.get_plan(event_id)
    attendee = queries.own_attendee(event_id, opened.actor.user_id)
    if attendee is None:
        raise NotFound
    authorize(policy.is_own_page(opened.actor, attendee), hidden=True)

    def address(name: str, **values: Any) -> str:
        return url_for(f"own_event_tables.{name}", event_id=event_id, **values)

    back = url_for("regional_events.show", event_id=event_id)
    return Place(
        opened.event, plan, attendee, opened.actor, opened.now, address, back, by_link=False
    )


def _ticket_place(token: str) -> Place:
    """The place of the person the link was sent to.

    Raises:
        ProductError: the link opens nothing.
        NotFound: there are no tables, or the person has no place on site (any more).
    """
    opened = open_ticket(token)
    plan = queries.get_plan(opened.event.id)
    attendee = queries.attendee_by_id(opened.attendee.id)
    if attendee is None:
        raise NotFound

    def address(name: str, **values: Any) -> str:
        return url_for(f"event_table_tickets.{name}", token=token, **values)

    back = url_for("event_tickets.show", token=token)
    return Place(opened.event, plan, attendee, VISITOR, opened.now, address, back, by_link=True)


@by_link.errorhandler(InvalidLink)
@by_link.errorhandler(GoneLink)
def gone(error: ProductError) -> tuple[str, int]:
    """A link that opens nothing: nothing of anybody is said."""
    return render_template("event_tickets/gone.html", message=error.message), error.status


@signed_in.get("")
def show(event_id: uuid.UUID) -> Answer:
    """Answer and timetable of the person who is signed in."""
    return guest_pages.show_page(_own_place(event_id), stash=stashed_values(request.path))


@signed_in.post("")
def answer(event_id: uuid.UUID) -> Answer:
    """Say whether one takes part."""
    return guest_pages.answer(_own_place(event_id))


@signed_in.get("/calendar")
def calendar(event_id: uuid.UUID) -> Response:
    """The timetable as a calendar file."""
    return guest_pages.calendar(_own_place(event_id))


@signed_in.get("/outcomes/<int:slot>/<uuid:partner_id>")
def outcome(event_id: uuid.UUID, slot: int, partner_id: uuid.UUID) -> Answer:
    """The form for what came of one meeting."""
    stash = stashed_values(request.path)
    return guest_pages.outcome_page(_own_place(event_id), slot, partner_id, stash=stash)


@signed_in.post("/outcomes/<int:slot>/<uuid:partner_id>")
def record(event_id: uuid.UUID, slot: int, partner_id: uuid.UUID) -> Answer:
    """Record what came of one meeting."""
    return guest_pages.record(_own_place(event_id), slot, partner_id)


@by_link.get("", endpoint="show")
@public
def ticket_show(token: str) -> Answer:
    """Answer and timetable of the person the link was sent to."""
    return guest_pages.show_page(_ticket_place(token))


@by_link.post("", endpoint="answer")
@public
def ticket_answer(token: str) -> Answer:
    """Say whether one takes part."""
    return guest_pages.answer(_ticket_place(token))


@by_link.get("/calendar", endpoint="calendar")
@public
def ticket_calendar(token: str) -> Response:
    """The timetable as a calendar file."""
    return guest_pages.calendar(_ticket_place(token))


@by_link.get("/outcomes/<int:slot>/<uuid:partner_id>", endpoint="outcome")
@public
def ticket_outcome(token: str, slot: int, partner_id: uuid.UUID) -> Answer:
    """The form for what came of one meeting."""
    return guest_pages.outcome_page(_ticket_place(token), slot, partner_id)


@by_link.post("/outcomes/<int:slot>/<uuid:partner_id>", endpoint="record")
@public
def ticket_record(token: str, slot: int, partner_id: uuid.UUID) -> Answer:
    """Record what came of one meeting."""
    return guest_pages.record(_ticket_place(token), slot, partner_id)
