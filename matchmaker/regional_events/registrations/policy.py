"""Who may see registrations. Pure predicates; the staff's are those of the event."""

from __future__ import annotations

from matchmaker.core.actor import Actor


def can_see_own(actor: Actor) -> bool:
    """Whether somebody has a list of own registrations: everybody who is signed in."""
    return actor.is_signed_in
