"""The hall's screen: opened by a signed link, without sign-in, full of large type."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template, request

from matchmaker.core import clock
from matchmaker.core.access import public
from matchmaker.regional_events.floor.domain import takes_guests
from matchmaker.regional_events.floor.loading import fingerprint
from matchmaker.regional_events.floor.presentation import (
    projected_event,
    projection_marks,
    room_entrance,
)
from matchmaker.regional_events.floor.queries import floor_of, projection_of
from matchmaker.regional_events.floor.views import UNCHANGED, Answer
from matchmaker.regional_events.planning.queries import get_event
from matchmaker.regional_events.registrations.links import GoneLink, check_alive

REPLACED = (
    "この投影用のリンクは、もう使えません。進行担当の画面にある、新しいリンクを開いてください。"
)

blueprint = Blueprint("floor_projections", __name__, url_prefix="/floor-projections")


@blueprint.get("/<string:token>")
@public
def show(token: str) -> str:
    """What is projected now."""
    return render_template("floor_projections/show.html", **screen_context(token))


@blueprint.get("/<string:token>/content")
@public
def content(token: str) -> Answer:
    """The content anew, when it is another one than ``seen``."""
    context = screen_context(token)
    if context["seen"] == request.args.get("seen"):
        return UNCHANGED
    return render_template("floor_projections/_content.html", **context)


def screen_context(token: str) -> dict[str, Any]:
    """What the screen shows.

    Raises:
        InvalidLink: the link is none of ours.
        GoneLink: it was renewed, or the event is long over.
    """
    event_id, version = projected_event(token)
    now = clock.now()
    event, floor = get_event(event_id), floor_of(event_id)
    if version != floor.projection_version:
        raise GoneLink(REPLACED)
    check_alive(version, floor.projection_version, event.ends_at, now)
    projection = projection_of(floor)
    return {
        "event": event,
        "token": token,
        "projection": projection,
        "entrance": room_entrance(floor, now) if takes_guests(event, floor, now) else None,
        "seen": fingerprint([*projection_marks(projection), room_entrance(floor, now).code]),
    }
