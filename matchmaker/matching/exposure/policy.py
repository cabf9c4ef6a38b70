"""Who may read the report of exposure and set its policy. Pure predicates."""

from __future__ import annotations

import uuid

from matchmaker.core.actor import Actor


def can_read_report(actor: Actor) -> bool:
    """The secretariat: the report names who gains and who loses."""
    return actor.is_secretariat


def can_change_policy(actor: Actor) -> bool:
    """The secretariat, with a reason."""
    return actor.is_secretariat


def can_read_note(actor: Actor, organization_id: uuid.UUID) -> bool:
    """Why a card was moved is told to the secretariat and to the organisation itself.

    To the other side it would read as a judgement about the organisation.
    """
    return actor.is_secretariat or actor.belongs_to(organization_id)
