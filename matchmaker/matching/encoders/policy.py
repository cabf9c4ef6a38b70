"""Who sees and steers a change of the encoder."""

from __future__ import annotations

from matchmaker.core.actor import Actor


def can_see_changes(actor: Actor) -> bool:
    """The secretariat reads how far a change is; the operator makes it."""
    return actor.is_secretariat or actor.is_operator


def can_steer_changes(actor: Actor) -> bool:
    """Stopping, resuming and going back are the operator's."""
    return actor.is_operator
