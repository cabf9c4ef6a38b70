"""The way into an event by invitation without an account: a signed link in the mail."""

from __future__ import annotations

import uuid
from dataclasses import replace

from flask import session

from matchmaker.core.actor import Actor
from matchmaker.regional_events.planning import queries
from matchmaker.regional_events.planning.policy import EventStanding

KEY = "event_invitations"
MOST_KEPT = 20
"""So many invitations are remembered in one browser; older ones are opened again from the mail."""


def keep_invitation(invitee_id: uuid.UUID) -> None:
    """Remember in this browser that its person was invited."""
    kept = [id_ for id_ in session.get(KEY, []) if id_ != invitee_id.hex]
    session[KEY] = [*kept, invitee_id.hex][-MOST_KEPT:]


def standing_here(actor: Actor, event_id: uuid.UUID) -> EventStanding:
    """How the person of this request stands to an event, invitations opened here included.

    An invitation that was taken back since counts no more.
    """
    standing = queries.standing_of(actor, event_id)
    kept = [uuid.UUID(hex=id_) for id_ in session.get(KEY, [])]
    if standing.is_invited or not kept or not queries.is_any_invited(event_id, kept):
        return standing
    return replace(standing, is_invited=True)
