"""Who may arrange tables, answer, and read what came of the meetings. Pure predicates."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Protocol

from matchmaker.core.actor import Actor
from matchmaker.regional_events.planning.policy import EventStanding, can_plan
from matchmaker.regional_events.registrations.domain import AttendeeState


class SeatedPerson(Protocol):
    """What the rules need to know of an attendee."""

    @property
    def user_id(self) -> uuid.UUID | None:
        """The account, if there is one."""

    @property
    def state(self) -> AttendeeState:
        """Where the registration stands."""


class OpenPlan(Protocol):
    """What the rules need to know of a plan."""

    @property
    def opt_in_until(self) -> datetime | None:
        """Until when people answer for themselves; None is until the first slot."""

    @property
    def first_starts_at(self) -> datetime:
        """When the first slot begins."""


def can_arrange(actor: Actor, standing: EventStanding) -> bool:
    """Whether the person makes the plan, and reads wishes and outcomes: the event's planners."""
    return can_plan(actor, standing)


def is_own_page(actor: Actor, person: SeatedPerson) -> bool:
    """Whether this is the person's own place."""
    return actor.user_id is not None and actor.user_id == person.user_id


def can_answer_now(plan: OpenPlan, person: SeatedPerson, now: datetime) -> bool:
    """Whether a person may still say for themselves whether they take part."""
    until = plan.opt_in_until or plan.first_starts_at
    return person.state is AttendeeState.CONFIRMED and now < until
