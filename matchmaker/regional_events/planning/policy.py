"""Who may see and run an event. Pure predicates."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from matchmaker.core.actor import Actor
from matchmaker.regional_events.planning.domain import (
    Audience,
    Duty,
    EventState,
    MaterialAudience,
    Phase,
    phase_of,
)


class EventSubject(Protocol):
    """What the rules need to know of an event."""

    @property
    def audience(self) -> Audience:
        """Who may read of it."""

    @property
    def state(self) -> EventState:
        """What was decided."""

    @property
    def ends_at(self) -> datetime:
        """When it is over."""

    @property
    def opens_at(self) -> datetime | None:
        """From when people register."""

    @property
    def closes_at(self) -> datetime | None:
        """Until when they do."""


@dataclass(frozen=True, slots=True)
class EventStanding:
    """How a person stands to one event.

    Args:
        duties: what the person does for it, beside the secretariat.
        is_invited: whether the person (or an organisation of theirs) was invited by name.
        is_registered: whether the person holds a seat or waits for one.
        has_attended: whether the person was checked in.
    """

    duties: frozenset[Duty] = frozenset()
    is_invited: bool = False
    is_registered: bool = False
    has_attended: bool = False


NO_STANDING = EventStanding()


def can_plan_events(actor: Actor) -> bool:
    """Whether the person makes events: the secretariat does."""
    return actor.is_secretariat


def can_plan(actor: Actor, standing: EventStanding) -> bool:
    """Whether the person runs this event: the secretariat and those with that duty."""
    return actor.is_secretariat or Duty.PLANNING in standing.duties


def can_receive(actor: Actor, standing: EventStanding) -> bool:
    """Whether the person checks people in."""
    return can_plan(actor, standing) or Duty.RECEPTION in standing.duties


def can_moderate(actor: Actor, standing: EventStanding) -> bool:
    """Whether the person sorts the questions from the floor."""
    return can_plan(actor, standing) or Duty.MODERATION in standing.duties


def is_staff(actor: Actor, standing: EventStanding) -> bool:
    """Whether the person works for this event in any way."""
    return actor.is_secretariat or bool(standing.duties)


def is_admitted(actor: Actor, event: EventSubject, standing: EventStanding) -> bool:
    """Whether the event is meant for the person."""
    if is_staff(actor, standing) or standing.is_registered or standing.is_invited:
        return True
    if event.audience is Audience.PUBLIC:
        return True
    return event.audience is Audience.MEMBERS and actor.is_member


def can_view(actor: Actor, event: EventSubject, standing: EventStanding) -> bool:
    """Whether the person may read of the event; drafts are for its staff only."""
    if is_staff(actor, standing):
        return True
    return event.state is not EventState.DRAFT and is_admitted(actor, event, standing)


def can_register(actor: Actor, event: EventSubject, standing: EventStanding, now: datetime) -> bool:
    """Whether the person may register now."""
    return is_admitted(actor, event, standing) and phase_of(event, now) is Phase.OPEN


def can_see_material(actor: Actor, audience: MaterialAudience, standing: EventStanding) -> bool:
    """Whether a published material or recording is shown to the person."""
    if is_staff(actor, standing):
        return True
    match audience:
        case MaterialAudience.PUBLIC:
            return True
        case MaterialAudience.MEMBERS:
            return actor.is_member
        case MaterialAudience.REGISTERED:
            return standing.is_registered or standing.has_attended
        case MaterialAudience.ATTENDED:
            return standing.has_attended
