"""Reads of proposals."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from matchmaker.accounts.models import User
from matchmaker.core.actor import Actor
from matchmaker.core.db import db
from matchmaker.core.errors import NotFound
from matchmaker.core.paging import Page, paginate
from matchmaker.working_groups.calls.domain import CallState
from matchmaker.working_groups.calls.models import Call
from matchmaker.working_groups.proposals.domain import (
    WRITABLE_STATES,
    AuthorRole,
    CoordinationAnswer,
    CoordinationState,
    ProposalState,
)
from matchmaker.working_groups.proposals.models import (
    Coordination,
    CoordinationPart,
    Proposal,
    ProposalAuthor,
    ProposalRevision,
)

MOST_OF_ONE_CALL = 2000
MOST_OPEN_CALLS = 30
MOST_COORDINATIONS = 100
MOST_IN_HAND = 30
VERSIONS_A_PAGE = 30


def get_proposal(proposal_id: uuid.UUID) -> Proposal:
    """A proposal with its call, lead organisation and authors.

    Raises:
        NotFound: there is none.
    """
    query = (
        select(Proposal)
        .where(Proposal.id == proposal_id)
        .options(
            joinedload(Proposal.call).selectinload(Call.criteria),
            joinedload(Proposal.lead_organization),
            selectinload(Proposal.authors).joinedload(ProposalAuthor.user),
            selectinload(Proposal.authors).joinedload(ProposalAuthor.organization),
        )
    )
    proposal = db.session.scalar(query)
    if proposal is None:
        raise NotFound
    return proposal


def proposals_of(
    call_id: uuid.UUID, states: Iterable[ProposalState] | None = None
) -> Sequence[Proposal]:
    """All proposals of a call with lead organisation and authors, by number of receipt.

    Those without a number come last. At most 2,000.

    Args:
        states: only those in one of these states.
    """
    query = (
        select(Proposal)
        .where(Proposal.call_id == call_id)
        .options(
            joinedload(Proposal.lead_organization),
            selectinload(Proposal.authors).joinedload(ProposalAuthor.user),
            selectinload(Proposal.authors).joinedload(ProposalAuthor.organization),
        )
        .order_by(Proposal.number.is_(None), Proposal.number, Proposal.created_at, Proposal.id)
        .limit(MOST_OF_ONE_CALL)
    )
    if states is not None:
        query = query.where(Proposal.state.in_(list(states)))
    return db.session.scalars(query).all()


def proposals_page(
    call_id: uuid.UUID, number: int, state: ProposalState | None = None
) -> Page[Proposal]:
    """One page of the secretariat's list of a call."""
    query = (
        select(Proposal)
        .where(Proposal.call_id == call_id)
        .options(
            joinedload(Proposal.lead_organization),
            selectinload(Proposal.authors).joinedload(ProposalAuthor.organization),
        )
        .order_by(Proposal.number.is_(None), Proposal.number, Proposal.created_at, Proposal.id)
    )
    if state is not None:
        query = query.where(Proposal.state == state)
    return paginate(query, number, 50)


def counts_by_state(call_id: uuid.UUID) -> dict[ProposalState, int]:
    """How many proposals of a call stand in each state."""
    query = (
        select(Proposal.state, func.count().label("number"))
        .where(Proposal.call_id == call_id)
        .group_by(Proposal.state)
    )
    return {row.state: row.number for row in db.session.execute(query)}


def own_proposals_page(
    actor: Actor, number: int, call_id: uuid.UUID | None = None
) -> Page[Proposal]:
    """Proposals the person writes, is invited to, or whose lead organisation is theirs."""
    mine = select(ProposalAuthor.proposal_id).where(
        ProposalAuthor.user_id == actor.user_id,
        ProposalAuthor.left_at.is_(None),
        ProposalAuthor.organization_id.in_(list(actor.roles)),
    )
    query = (
        select(Proposal)
        .where(or_(Proposal.id.in_(mine), Proposal.lead_organization_id.in_(list(actor.roles))))
        .options(
            joinedload(Proposal.call),
            joinedload(Proposal.lead_organization),
            selectinload(Proposal.authors).joinedload(ProposalAuthor.user),
            selectinload(Proposal.authors).joinedload(ProposalAuthor.organization),
        )
        .order_by(Proposal.updated_at.desc(), Proposal.id)
    )
    if call_id is not None:
        query = query.where(Proposal.call_id == call_id)
    return paginate(query, number)


def newest_revision(proposal_id: uuid.UUID) -> ProposalRevision | None:
    """The text as it was saved last."""
    query = (
        select(ProposalRevision)
        .where(ProposalRevision.proposal_id == proposal_id)
        .order_by(ProposalRevision.number.desc())
        .limit(1)
    )
    return db.session.scalar(query)


def base_revision(proposal_id: uuid.UUID, number: int) -> ProposalRevision | None:
    """The newest kept revision that is not newer than ``number``.

    Merging from an older base asks rather too often than too rarely.
    """
    query = (
        select(ProposalRevision)
        .where(ProposalRevision.proposal_id == proposal_id, ProposalRevision.number <= number)
        .order_by(ProposalRevision.number.desc())
        .limit(1)
    )
    return db.session.scalar(query)


def revision_of(proposal_id: uuid.UUID, number: int) -> ProposalRevision:
    """One revision.

    Raises:
        NotFound: there is none of that number.
    """
    query = select(ProposalRevision).where(
        ProposalRevision.proposal_id == proposal_id, ProposalRevision.number == number
    )
    revision = db.session.scalar(query)
    if revision is None:
        raise NotFound
    return revision


def revisions_page(proposal_id: uuid.UUID, number: int) -> Page[ProposalRevision]:
    """Revisions, newest first, in pages."""
    query = (
        select(ProposalRevision)
        .where(ProposalRevision.proposal_id == proposal_id)
        .order_by(ProposalRevision.number.desc())
    )
    return paginate(query, number, VERSIONS_A_PAGE)


def submitted_text(proposal: Proposal) -> ProposalRevision | None:
    """The revision that was handed in."""
    if proposal.submitted_revision is None:
        return None
    return base_revision(proposal.id, proposal.submitted_revision)


def open_calls(now: datetime) -> Sequence[Call]:
    """Calls that take proposals at this moment, those that close first first; at most 30."""
    query = (
        select(Call)
        .where(Call.state == CallState.PUBLISHED, Call.opens_at <= now, Call.closes_at > now)
        .order_by(Call.closes_at, Call.id)
        .limit(MOST_OPEN_CALLS)
    )
    return db.session.scalars(query).all()


def writing_authors(proposal_id: uuid.UUID) -> Sequence[User]:
    """The people who write a proposal together: who gets its mail."""
    query = (
        select(User)
        .join(ProposalAuthor, ProposalAuthor.user_id == User.id)
        .where(
            ProposalAuthor.proposal_id == proposal_id,
            ProposalAuthor.accepted_at.is_not(None),
            ProposalAuthor.left_at.is_(None),
        )
        .order_by(ProposalAuthor.invited_at, User.id)
    )
    return db.session.scalars(query).all()


def get_coordination(coordination_id: uuid.UUID) -> Coordination:
    """A coordination with its proposals and their authors.

    Raises:
        NotFound: there is none.
    """
    part = selectinload(Coordination.parts).joinedload(CoordinationPart.proposal)
    query = (
        select(Coordination)
        .where(Coordination.id == coordination_id)
        .options(
            part.joinedload(Proposal.lead_organization),
            part.selectinload(Proposal.authors).joinedload(ProposalAuthor.organization),
            part.selectinload(Proposal.authors).joinedload(ProposalAuthor.user),
        )
    )
    coordination = db.session.scalar(query)
    if coordination is None:
        raise NotFound
    return coordination


def coordinations_of_call(call_id: uuid.UUID) -> Sequence[Coordination]:
    """What the secretariat brought together in a call, newest first."""
    query = (
        select(Coordination)
        .where(Coordination.call_id == call_id)
        .options(selectinload(Coordination.parts).joinedload(CoordinationPart.proposal))
        .order_by(Coordination.created_at.desc())
        .limit(MOST_COORDINATIONS)
    )
    return db.session.scalars(query).all()


def coordinations_of(proposal_id: uuid.UUID) -> Sequence[Coordination]:
    """Coordinations that a proposal takes part in, newest first."""
    query = (
        select(Coordination)
        .join(
            CoordinationPart,
            and_(
                CoordinationPart.coordination_id == Coordination.id,
                CoordinationPart.proposal_id == proposal_id,
            ),
        )
        .options(selectinload(Coordination.parts))
        .order_by(Coordination.created_at.desc())
        .limit(MOST_COORDINATIONS)
    )
    return db.session.scalars(query).all()


def open_coordination_with(proposal_ids: Sequence[uuid.UUID]) -> bool:
    """Whether one of these proposals takes part in a coordination that goes on."""
    query = (
        select(CoordinationPart.proposal_id)
        .join(Coordination, Coordination.id == CoordinationPart.coordination_id)
        .where(
            Coordination.state == CoordinationState.PROPOSED,
            CoordinationPart.proposal_id.in_(proposal_ids),
        )
        .limit(1)
    )
    return db.session.scalar(query) is not None


def merged_sources(proposal_id: uuid.UUID) -> Sequence[Proposal]:
    """Proposals that live on in this one."""
    query = (
        select(Proposal)
        .where(Proposal.merged_into_id == proposal_id)
        .options(joinedload(Proposal.lead_organization))
        .order_by(Proposal.number, Proposal.id)
        .limit(MOST_COORDINATIONS)
    )
    return db.session.scalars(query).all()


def still_receives(user_id: uuid.UUID, proposal_id: uuid.UUID) -> bool:
    """Whether the person still belongs to those who get mail about a proposal."""
    query = select(ProposalAuthor.id).where(
        ProposalAuthor.proposal_id == proposal_id,
        ProposalAuthor.user_id == user_id,
        ProposalAuthor.left_at.is_(None),
    )
    return db.session.scalar(query) is not None


def rows_in_hand(actor: Actor) -> Sequence[ProposalAuthor]:
    """The person's rows as author where something may wait, with proposals and calls.

    These are proposals that are still written, invitations without an answer and offers of the
    lead, in calls that were not cancelled; at most 30.
    """
    asked = or_(ProposalAuthor.accepted_at.is_(None), ProposalAuthor.lead_offered_at.is_not(None))
    query = (
        select(ProposalAuthor)
        .join(Proposal, Proposal.id == ProposalAuthor.proposal_id)
        .join(Call, Call.id == Proposal.call_id)
        .where(
            ProposalAuthor.user_id == actor.user_id,
            ProposalAuthor.organization_id.in_(list(actor.roles)),
            ProposalAuthor.left_at.is_(None),
            Call.state.in_([CallState.PUBLISHED, CallState.DECIDED]),
            or_(
                Proposal.state.in_(WRITABLE_STATES),
                and_(Proposal.state == ProposalState.SUBMITTED, asked),
            ),
        )
        .options(joinedload(ProposalAuthor.proposal).joinedload(Proposal.call))
        .order_by(Proposal.updated_at.desc(), ProposalAuthor.id)
        .limit(MOST_IN_HAND)
    )
    return db.session.scalars(query).all()


def coordinations_to_answer(actor: Actor) -> Sequence[CoordinationPart]:
    """Proposals the person leads and whose lead has not said yes or no, with the proposal."""
    query = (
        select(CoordinationPart)
        .join(Coordination, Coordination.id == CoordinationPart.coordination_id)
        .join(ProposalAuthor, ProposalAuthor.proposal_id == CoordinationPart.proposal_id)
        .where(
            Coordination.state == CoordinationState.PROPOSED,
            CoordinationPart.answer == CoordinationAnswer.ASKED,
            ProposalAuthor.user_id == actor.user_id,
            ProposalAuthor.organization_id.in_(list(actor.roles)),
            ProposalAuthor.role == AuthorRole.LEAD,
            ProposalAuthor.left_at.is_(None),
        )
        .options(joinedload(CoordinationPart.proposal))
        .order_by(Coordination.created_at, CoordinationPart.proposal_id)
        .limit(MOST_IN_HAND)
    )
    return db.session.scalars(query).all()
