"""Reads of events. Each says what it loads."""

from __future__ import annotations

import uuid

from sqlalchemy import or_, select
from sqlalchemy.orm import selectinload

from matchmaker.accounts.models import User
from matchmaker.core.actor import Actor
from matchmaker.core.db import db
from matchmaker.core.errors import NotFound
from matchmaker.regional_events.planning.extensions import participation_of
from matchmaker.regional_events.planning.models import (
    EventInvitee,
    EventOrganizer,
    EventStaff,
    RegionalEvent,
    Track,
)
from matchmaker.regional_events.planning.policy import NO_STANDING, EventStanding

FULL = (
    selectinload(RegionalEvent.series),
    selectinload(RegionalEvent.organizers).selectinload(EventOrganizer.organization),
    selectinload(RegionalEvent.tracks).selectinload(Track.quotas),
    selectinload(RegionalEvent.tracks).selectinload(Track.reserves),
    selectinload(RegionalEvent.tracks).selectinload(Track.waves),
)


def get_event(event_id: uuid.UUID) -> RegionalEvent:
    """An event with series, organisers, and tracks with quotas, reserves and waves.

    Raises:
        NotFound: there is none of that id.
    """
    event = db.session.scalar(
        select(RegionalEvent)
        .where(RegionalEvent.id == event_id)
        .options(*FULL)
        .execution_options(populate_existing=True)
    )
    if event is None:
        raise NotFound
    return event


def standing_of(actor: Actor, event_id: uuid.UUID) -> EventStanding:
    """How a person stands to an event: duties, invitation, registration, presence."""
    if actor.user_id is None:
        return NO_STANDING
    duties = db.session.scalars(
        select(EventStaff.duty).where(
            EventStaff.event_id == event_id, EventStaff.user_id == actor.user_id
        )
    )
    part = participation_of(event_id, actor.user_id)
    return EventStanding(
        duties=frozenset(duties),
        is_invited=_is_invited(actor, event_id),
        is_registered=part.is_registered,
        has_attended=part.has_attended,
    )


def _is_invited(actor: Actor, event_id: uuid.UUID) -> bool:
    own_email = select(User.email_key).where(User.id == actor.user_id).scalar_subquery()
    found = db.session.scalar(
        select(EventInvitee.id)
        .where(
            EventInvitee.event_id == event_id,
            or_(
                EventInvitee.organization_id.in_(list(actor.roles)),
                EventInvitee.email_key == own_email,
            ),
        )
        .limit(1)
    )
    return found is not None
