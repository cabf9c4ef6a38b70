"""Who may see what of the blank map. Pure predicates."""

from __future__ import annotations

from matchmaker.core.actor import Actor


def can_view(_actor: Actor) -> bool:
    """Everybody sees where offerings are missing; visitors without amounts of single posts."""
    return True


def can_see_amounts(actor: Actor) -> bool:
    """Members read the amounts on each post already, so they read the sums too."""
    return actor.is_member


def can_draft_theme(actor: Actor) -> bool:
    """The secretariat turns a gap into the draft of a call."""
    return actor.is_secretariat
