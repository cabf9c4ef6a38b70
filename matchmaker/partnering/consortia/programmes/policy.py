"""Who may keep the list of support programmes. Anybody may read it. Pure predicates."""

from __future__ import annotations

from matchmaker.core.actor import Actor


def can_read_list(_actor: Actor) -> bool:
    """The list is public."""
    return True


def can_read_programme(actor: Actor, is_listed: bool) -> bool:
    """What is taken off the list stays open to the secretariat."""
    return is_listed or actor.is_secretariat


def can_keep(actor: Actor) -> bool:
    """The secretariat keeps the list."""
    return actor.is_secretariat
