"""Who may see and do what with a proposal. Pure predicates."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from matchmaker.core.actor import Actor
from matchmaker.working_groups.proposals.domain import (
    DECIDED,
    HANDED_IN_STATES,
    WRITABLE_STATES,
    AuthorRole,
    ProposalMove,
    ProposalState,
)


class AuthorRow(Protocol):
    """What the rules need to know of an author."""

    @property
    def user_id(self) -> uuid.UUID:
        """The person."""

    @property
    def organization_id(self) -> uuid.UUID:
        """In whose name."""

    @property
    def role(self) -> AuthorRole:
        """Lead or co-author."""

    @property
    def accepted_at(self) -> datetime | None:
        """When the invitation was accepted."""

    @property
    def left_at(self) -> datetime | None:
        """When the person left."""

    @property
    def lead_offered_at(self) -> datetime | None:
        """When the lead was offered."""


class Subject(Protocol):
    """What the rules need to know of a proposal."""

    @property
    def lead_organization_id(self) -> uuid.UUID:
        """The organisation that leads."""

    @property
    def state(self) -> ProposalState:
        """Where it stands."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What a person is to one proposal.

    Args:
        is_author: writes it (accepted, not left, still a writer of the organisation).
        is_lead: leads it.
        is_invited: was invited and has not answered.
        is_offered_lead: may take over the lead.
        organization_id: in whose name the person writes.
    """

    is_author: bool = False
    is_lead: bool = False
    is_invited: bool = False
    is_offered_lead: bool = False
    organization_id: uuid.UUID | None = None


OUTSIDE = Standing()


def standing_in(actor: Actor, authors: Iterable[AuthorRow]) -> Standing:
    """The standing of the person, from the authors of the proposal.

    Who does not write any more for the organisation named (人事異動, the organisation left) is an
    outsider.
    """
    if actor.user_id is None:
        return OUTSIDE
    own = next((each for each in authors if each.user_id == actor.user_id), None)
    if own is None or own.left_at is not None or not actor.writes_for(own.organization_id):
        return OUTSIDE
    if own.accepted_at is None:
        return Standing(is_invited=True, organization_id=own.organization_id)
    return Standing(
        is_author=True,
        is_lead=own.role is AuthorRole.LEAD,
        is_offered_lead=own.lead_offered_at is not None,
        organization_id=own.organization_id,
    )


def can_begin(actor: Actor) -> bool:
    """Whoever writes for an organisation may begin a proposal (the call decides on the rest)."""
    return any(actor.writes_for(each) for each in actor.roles)


def can_see(
    actor: Actor, proposal: Subject, standing: Standing, is_reviewer_admitted: bool = False
) -> bool:
    """Whether the person may know of the proposal: title, organisation, state."""
    if standing.is_invited or actor.is_secretariat:
        return True
    return can_read(actor, proposal, standing, is_reviewer_admitted)


def can_read(
    actor: Actor, proposal: Subject, standing: Standing, is_reviewer_admitted: bool = False
) -> bool:
    """Whether the person may read the text.

    Authors and the lead organisation's members do; the secretariat and admitted reviewers as soon
    as it is handed in.
    """
    if standing.is_author or actor.belongs_to(proposal.lead_organization_id):
        return True
    if proposal.state not in HANDED_IN_STATES:
        return False
    return actor.is_secretariat or is_reviewer_admitted


def can_write(actor: Actor, proposal: Subject, standing: Standing) -> bool:
    """Authors write while the state allows it."""
    return standing.is_author and proposal.state in WRITABLE_STATES


def can_answer_for_lead(actor: Actor, proposal: Subject, standing: Standing) -> bool:
    """Whether the person acts for the side that leads: the lead and the authors beside them."""
    return standing.is_lead or (
        standing.is_author and standing.organization_id == proposal.lead_organization_id
    )


def can_manage_people(actor: Actor, proposal: Subject, standing: Standing) -> bool:
    """Who invites, removes and hands over.

    That is the leading side, a representative of the lead organisation (the lead may have been
    transferred), and the secretariat (the organisation may have left).
    """
    return (
        can_answer_for_lead(actor, proposal, standing)
        or actor.represents(proposal.lead_organization_id)
        or actor.is_secretariat
    )


def can_move(actor: Actor, proposal: Subject, standing: Standing, move: ProposalMove) -> bool:
    """Whether the person may make this move at all (the state is checked by the move itself)."""
    if move in (ProposalMove.SUBMIT, ProposalMove.REVISE):
        return can_answer_for_lead(actor, proposal, standing)
    if move is ProposalMove.WITHDRAW:
        return can_manage_people(actor, proposal, standing)
    return actor.is_secretariat


def can_extend(actor: Actor) -> bool:
    """The secretariat alone gives more time."""
    return actor.is_secretariat


def can_bring_together(actor: Actor) -> bool:
    """推進体制の調整 is the secretariat's work."""
    return actor.is_secretariat


def can_read_versions(actor: Actor, proposal: Subject, standing: Standing) -> bool:
    """Those who write it, and the leading organisation."""
    return standing.is_author or actor.belongs_to(proposal.lead_organization_id)


def is_decided(proposal: Subject) -> bool:
    """Whether a decision was released."""
    return proposal.state in DECIDED
