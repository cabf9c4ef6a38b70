"""Loads an event for a page and asks whether the person may know of it."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

from matchmaker.core import clock
from matchmaker.core.access import authorize, current_actor
from matchmaker.core.actor import Actor
from matchmaker.regional_events.planning import policy, queries
from matchmaker.regional_events.planning.domain import Phase, phase_of
from matchmaker.regional_events.planning.extensions import View
from matchmaker.regional_events.planning.invitations import standing_here
from matchmaker.regional_events.planning.models import RegionalEvent
from matchmaker.regional_events.planning.policy import EventStanding


@dataclass(frozen=True, slots=True)
class OpenEvent:
    """An event that the person of this request may know of.

    Args:
        event: with series, organisers and tracks.
        actor: who asks.
        standing: how that person stands to it.
        now: the moment of the request.
    """

    event: RegionalEvent
    actor: Actor
    standing: EventStanding
    now: datetime

    @property
    def phase(self) -> Phase:
        """Where it stands now."""
        return phase_of(self.event, self.now)

    @property
    def plans(self) -> bool:
        """Whether the person runs it."""
        return policy.can_plan(self.actor, self.standing)

    @property
    def is_staff(self) -> bool:
        """Whether the person works for it in any way."""
        return policy.is_staff(self.actor, self.standing)

    @property
    def view(self) -> View:
        """The same for what later parts show."""
        return View(self.event, self.actor, self.standing, self.now)


def open_event(event_id: uuid.UUID) -> OpenEvent:
    """The event with what is known of the person who asks.

    Raises:
        NotFound: there is none, or the person may not know of it.
        Unauthorized: nobody is signed in and the event is not public.
    """
    now, actor = clock.now(), current_actor()
    event = queries.get_event(event_id)
    standing = standing_here(actor, event_id)
    authorize(policy.can_view(actor, event, standing), hidden=True)
    return OpenEvent(event, actor, standing, now)


def open_to_plan(event_id: uuid.UUID) -> OpenEvent:
    """The event for those who run it.

    Raises:
        NotFound: there is none, or the person may not know of it.
        NotAllowed: the person does not run it.
    """
    opened = open_event(event_id)
    authorize(opened.plans)
    return opened
