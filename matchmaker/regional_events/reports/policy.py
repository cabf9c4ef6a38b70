"""Who may read what comes after an event. Pure predicates."""

from __future__ import annotations

from matchmaker.core.actor import Actor
from matchmaker.regional_events.planning.policy import EventStanding, can_plan


def can_read_report(actor: Actor, standing: EventStanding, is_published: bool) -> bool:
    """Whether the person, who may see the event, may read its report."""
    return is_published or can_plan(actor, standing)


def can_compare_events(actor: Actor) -> bool:
    """Whether the person sees the figures and costs of all events: the secretariat does."""
    return actor.is_secretariat
