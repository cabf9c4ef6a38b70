"""Who may check in and who keeps the list. Pure predicates."""

from __future__ import annotations

from matchmaker.core.actor import Actor
from matchmaker.working_groups.groups.policy import Standing, can_run_group


def can_keep_list(actor: Actor, standing: Standing) -> bool:
    """The organisers tick, untick and show the QR code."""
    return can_run_group(actor, standing)


def can_check_in(actor: Actor, standing: Standing, *, is_invited: bool) -> bool:
    """Whoever takes part in the group, was invited otherwise, or stands in for somebody.

    Args:
        is_invited: whether there is an answer to the invitation by this person, or for them as a
            proxy.
    """
    if actor.user_id is None:
        return False
    return standing.belongs or is_invited or actor.is_secretariat
