"""Who may import. Pure predicates."""

from __future__ import annotations

import uuid
from typing import Protocol

from matchmaker.core.actor import Actor
from matchmaker.posts.policy import can_create


class Job(Protocol):
    """What the rules need to know of an import."""

    organization_id: uuid.UUID


def can_import_somewhere(actor: Actor) -> bool:
    """Whether the person writes for any organisation."""
    return actor.is_secretariat or any(actor.writes_for(each) for each in actor.roles)


def can_import_for(actor: Actor, organization_id: uuid.UUID) -> bool:
    """Those who may post for the organisation."""
    return can_create(actor, organization_id)


def can_handle(actor: Actor, job: Job) -> bool:
    """Whether the person may see, start and undo an import: whoever may post in its place."""
    return can_create(actor, job.organization_id)
