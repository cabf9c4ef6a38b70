"""Where the link of an invitation leads."""

from __future__ import annotations

from flask import Blueprint, redirect, url_for
from werkzeug.wrappers import Response

from matchmaker.core import signed_links
from matchmaker.core.access import public
from matchmaker.regional_events.planning.domain import INVITATION
from matchmaker.regional_events.planning.invitations import keep_invitation
from matchmaker.regional_events.planning.queries import get_invitee

blueprint = Blueprint("event_invitations", __name__, url_prefix="/event-invitations")


@blueprint.get("/<string:token>")
@public
def show(token: str) -> Response:
    """Open the event in this browser; the link may be used again."""
    invitee_id, _version = signed_links.read(INVITATION, token)
    invitee = get_invitee(invitee_id)
    keep_invitation(invitee.id)
    return redirect(url_for("regional_events.show", event_id=invitee.event_id))
