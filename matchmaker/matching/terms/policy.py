"""Who may see and change the vocabulary. Pure predicates."""

from __future__ import annotations

from matchmaker.core.actor import Actor


def can_edit_terms(actor: Actor) -> bool:
    """The secretariat keeps the words by which posts are read."""
    return actor.is_secretariat
