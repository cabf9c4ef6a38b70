"""The list of one's own registrations, for people signed in."""

from __future__ import annotations

from flask import Blueprint, render_template

from matchmaker.core.access import authorize, current_actor
from matchmaker.core.clock import now
from matchmaker.regional_events.planning.notices import event_when
from matchmaker.regional_events.registrations import desk, policy, queries
from matchmaker.regional_events.registrations.links import ticket_token

blueprint = Blueprint("event_own_registrations", __name__, url_prefix="/event-own-registrations")


@blueprint.get("")
def index() -> str:
    """All events the person registered for, with the way to each ticket."""
    actor = authorize(policy.can_see_own(current_actor()))
    present = now()
    people = queries.registrations_of(actor.user_id) if actor.user_id else []
    rows = [
        {
            "row": desk.row_of(person),
            "event": person.registration.event,
            "when": event_when(person.registration.event),
            "token": ticket_token(person),
            "is_over": person.registration.event.ends_at <= present,
        }
        for person in people
    ]
    return render_template(
        "event_own_registrations/index.html",
        coming=[each for each in reversed(rows) if not each["is_over"]],
        past=[each for each in rows if each["is_over"]],
    )
