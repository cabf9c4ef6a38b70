"""Who may see and do what with calls. Pure predicates; the phase is ``domain.phase_of``."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from matchmaker.core.actor import Actor
from matchmaker.working_groups.calls.domain import CallState


class Subject(Protocol):
    """What the rules need to know of a call."""

    @property
    def state(self) -> CallState:
        """What people decided about it."""

    @property
    def categories(self) -> Sequence[str]:
        """Kinds of organisations that may answer; empty means all."""

    @property
    def published_at(self) -> datetime | None:
        """When it was published first."""


def can_view(actor: Actor, call: Subject) -> bool:
    """Everybody reads what is published; drafts, and what never was published, the secretariat."""
    if actor.is_secretariat:
        return True
    return call.state is not CallState.DRAFT and call.published_at is not None


def can_manage(actor: Actor) -> bool:
    """The secretariat writes, publishes and ends calls, and answers questions about them."""
    return actor.is_secretariat


def can_answer(actor: Actor, call: Subject, category: str) -> bool:
    """Whether the person may answer the call for an organisation of that category.

    The period is another matter: see ``domain.phase_of``. Whether the person writes for the
    organisation in question is asked where the organisation is known.
    """
    if not can_view(actor, call) or call.state is not CallState.PUBLISHED:
        return False
    return writes_for_any(actor) and (not call.categories or category in call.categories)


def writes_for_any(actor: Actor) -> bool:
    """Whether the person writes in the name of any organisation."""
    return any(actor.writes_for(organization_id) for organization_id in actor.roles)


def can_ask(actor: Actor, call: Subject) -> bool:
    """Members ask; until when is another matter (``domain.ASKING_PHASES``)."""
    return can_view(actor, call) and actor.is_signed_in and actor.is_member
