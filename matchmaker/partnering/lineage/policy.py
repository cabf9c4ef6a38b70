"""Who reads the figures. Who reads a lineage is decided by the policies of its records."""

from __future__ import annotations

from matchmaker.core.actor import Actor


def can_see_figures(actor: Actor) -> bool:
    """Figures with small numbers are for the coordinators of the secretariat."""
    return actor.is_secretariat
