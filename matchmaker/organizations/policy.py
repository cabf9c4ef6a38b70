"""Who may do what to an organisation."""

from __future__ import annotations

import uuid

from matchmaker.core.actor import Actor
from matchmaker.organizations.domain import OrganizationStatus


def can_see_organization(actor: Actor, status: str) -> bool:
    """Everybody sees those that take part; the secretariat also sees who has left."""
    return status == OrganizationStatus.ACTIVE or actor.is_secretariat


def can_edit_organization(actor: Actor, organization_id: uuid.UUID) -> bool:
    """The representatives and the secretariat."""
    return actor.is_secretariat or actor.represents(organization_id)


def can_create_organization(actor: Actor) -> bool:
    """The secretariat."""
    return actor.is_secretariat


def can_decide_on_organization(actor: Actor) -> bool:
    """Trust, withdrawal and readmission are decided by the secretariat."""
    return actor.is_secretariat
