"""Who may see and change the versions of the ranking. Pure predicates."""

from __future__ import annotations

from matchmaker.core.actor import Actor


def can_see_versions(actor: Actor) -> bool:
    """Figures of versions and the requests to the worker: the secretariat."""
    return actor.is_secretariat


def can_change_versions(actor: Actor) -> bool:
    """Ask for a new version, use one, go back to one: the secretariat."""
    return actor.is_secretariat
