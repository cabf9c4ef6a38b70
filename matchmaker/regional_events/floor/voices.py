"""Whose voice it is: an account, a ticket of a registration, or a guest who read the code."""

from __future__ import annotations

import uuid

from sqlalchemy import select

from matchmaker.core.actor import Actor
from matchmaker.core.db import db
from matchmaker.regional_events.floor.keys import Pass, attendee_key, guest_key, user_key
from matchmaker.regional_events.floor.policy import Voice, belongs_to_event
from matchmaker.regional_events.planning.policy import EventStanding
from matchmaker.regional_events.registrations.domain import AttendeeState
from matchmaker.regional_events.registrations.models import Attendee

TAKING_PART = (AttendeeState.WAITING, AttendeeState.CONFIRMED)


def voice_of(
    event_id: uuid.UUID, actor: Actor, standing: EventStanding, shown: Pass | None
) -> Voice | None:
    """The person as the floor of one event knows them.

    An account comes first, so that somebody who has a ticket open as well has one voice.

    Args:
        shown: what the cookie says, if there is one.

    Returns:
        None for somebody who neither registered nor joined.
    """
    if actor.user_id is not None and (belongs_to_event(standing) or actor.is_secretariat):
        return Voice(user_key(event_id, actor.user_id), actor.user_id, name=actor.name)
    if shown is None:
        return None
    if shown.attendee_id is not None:
        return _attendee(event_id, shown.attendee_id, shown.version)
    if actor.user_id is not None:
        key = user_key(event_id, actor.user_id)
        return Voice(key, actor.user_id, name=actor.name, is_guest=True)
    return Voice(guest_key(event_id, shown.guest), is_guest=True)


def _attendee(event_id: uuid.UUID, attendee_id: uuid.UUID, version: int) -> Voice | None:
    """The person of a ticket, while it is that person's: a hand-over or cancellation ends it."""
    query = select(Attendee).where(
        Attendee.id == attendee_id,
        Attendee.event_id == event_id,
        Attendee.link_version == version,
        Attendee.state.in_(TAKING_PART),
    )
    attendee = db.session.scalar(query.execution_options(populate_existing=True))
    if attendee is None:
        return None
    key = (
        user_key(event_id, attendee.user_id)
        if attendee.user_id
        else attendee_key(event_id, attendee.id, version)
    )
    return Voice(key, attendee.user_id, attendee.id, attendee.name)
