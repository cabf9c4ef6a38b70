"""Who may see the worker's jobs."""

from __future__ import annotations

from matchmaker.core.actor import Actor


def can_see_jobs(actor: Actor) -> bool:
    """Only the people who run the system."""
    return actor.is_operator
