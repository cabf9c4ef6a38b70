"""Who may open materials, beside the rules of the event itself. Pure."""

from __future__ import annotations

from matchmaker.core.actor import Actor
from matchmaker.regional_events.planning.domain import MaterialAudience
from matchmaker.regional_events.planning.policy import EventStanding, can_see_material, is_staff


def can_open_material(
    actor: Actor, audience: MaterialAudience, standing: EventStanding, *, is_published: bool
) -> bool:
    """Whether the person may open a material of an event that the person may see.

    Args:
        is_published: whether its moment has come; before, only the staff opens it.
    """
    if not is_published and not is_staff(actor, standing):
        return False
    return can_see_material(actor, audience, standing)
