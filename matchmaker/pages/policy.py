"""Who may open which page for visitors and people. Pure predicates."""

from __future__ import annotations

from matchmaker.core.actor import Actor


def can_open_dashboard(actor: Actor) -> bool:
    """Everybody who is signed in has one."""
    return actor.is_signed_in
