"""What every page of the reception begins with."""

from __future__ import annotations

import uuid

from matchmaker.core.access import authorize
from matchmaker.regional_events.planning.loading import OpenEvent, open_event
from matchmaker.regional_events.planning.policy import can_receive
from matchmaker.regional_events.reception.domain import Door, door_of


def open_reception(event_id: uuid.UUID) -> OpenEvent:
    """The event for those who receive its people.

    Raises:
        NotFound: there is none, or the person may not know of it.
        NotAllowed: the person is not of the reception.
    """
    opened = open_event(event_id)
    authorize(can_receive(opened.actor, opened.standing))
    return opened


def door(opened: OpenEvent) -> Door:
    """Whether people are received now."""
    event = opened.event
    return door_of(event.state, event.starts_at, event.ends_at, opened.now)
