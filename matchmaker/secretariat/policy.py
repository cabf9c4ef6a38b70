"""Who may do the secretariat's work. Pure predicates."""

from __future__ import annotations

from matchmaker.core.actor import Actor


def can_open_secretariat(actor: Actor) -> bool:
    """The overview of what waits: the secretariat."""
    return actor.is_secretariat


def can_review(actor: Actor) -> bool:
    """Publish or return what was submitted: the secretariat."""
    return actor.is_secretariat


def can_edit_vocabulary(actor: Actor) -> bool:
    """Add, rename and deactivate materials: the secretariat."""
    return actor.is_secretariat


def can_read_audit_log(actor: Actor) -> bool:
    """Who did what, when and why: the secretariat and those who run the system."""
    return actor.is_secretariat or actor.is_operator
