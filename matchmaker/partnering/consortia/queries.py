"""Reads of consortia."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Select, and_, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from matchmaker.accounts.models import OrganizationMember
from matchmaker.core.actor import WRITING_ROLES, Actor
from matchmaker.core.db import db
from matchmaker.core.errors import NotFound
from matchmaker.core.paging import Page, paginate
from matchmaker.partnering.coalitions.models import Coalition
from matchmaker.partnering.consortia.content import ConsortiumContent
from matchmaker.partnering.consortia.domain import (
    LIVE_STATES,
    PRESENT_STATES,
    ConsortiumState,
    PartnerState,
)
from matchmaker.partnering.consortia.models import (
    Consortium,
    ConsortiumPartner,
    ConsortiumProposal,
    ConsortiumVersion,
)
from matchmaker.partnering.introductions.matches.models import Match
from matchmaker.working_groups.proposals.models import Proposal

VERSIONS_A_PAGE = 30
MOST_PROPOSALS = 20
MOST_OF_ORIGIN = 20


def get(consortium_id: uuid.UUID) -> Consortium:
    """A consortium with its partners, their organisations and the posts behind.

    Raises:
        NotFound: there is none.
    """
    found = db.session.scalar(
        _loaded().where(Consortium.id == consortium_id).execution_options(populate_existing=True)
    )
    if found is None:
        raise NotFound
    return found


def locked(consortium_id: uuid.UUID) -> Consortium:
    """The same as :func:`get`, held against others until the transaction ends.

    Raises:
        NotFound: there is none.
    """
    held = select(Consortium.id).where(Consortium.id == consortium_id).with_for_update()
    db.session.scalar(held)
    return get(consortium_id)


def lock_origin(match_id: uuid.UUID | None, coalition_id: uuid.UUID | None) -> None:
    """Hold a match or a coalition against others who found a consortium from it."""
    if match_id is not None:
        db.session.scalar(select(Match.id).where(Match.id == match_id).with_for_update())
    elif coalition_id is not None:
        held = select(Coalition.id).where(Coalition.id == coalition_id)
        db.session.scalar(held.with_for_update())


def _loaded() -> Select[tuple[Consortium]]:
    return select(Consortium).options(
        selectinload(Consortium.partners).joinedload(ConsortiumPartner.organization),
        joinedload(Consortium.need),
        joinedload(Consortium.offering),
    )


def content_of(consortium: Consortium) -> ConsortiumContent:
    """The present version of the content."""
    return ConsortiumContent.from_stored(consortium.content)


def partners_of(consortium_id: uuid.UUID) -> Sequence[ConsortiumPartner]:
    """Partners that are invited, take part or are named from outside; the lead first."""
    query = (
        select(ConsortiumPartner)
        .where(
            ConsortiumPartner.consortium_id == consortium_id,
            ConsortiumPartner.state.in_(PRESENT_STATES),
        )
        .options(joinedload(ConsortiumPartner.organization))
        .order_by(
            ConsortiumPartner.is_lead.desc(), ConsortiumPartner.invited_at, ConsortiumPartner.id
        )
    )
    return db.session.scalars(query).all()


def partner_of(consortium: Consortium, partner_id: uuid.UUID) -> ConsortiumPartner:
    """One partner of a loaded consortium.

    Raises:
        NotFound: it has no such partner.
    """
    found = next((each for each in consortium.partners if each.id == partner_id), None)
    if found is None:
        raise NotFound
    return found


def live_from(
    match_id: uuid.UUID | None = None, coalition_id: uuid.UUID | None = None
) -> Consortium | None:
    """The consortium that grew from a match or a coalition and has not ended."""
    origin = (
        Consortium.match_id == match_id
        if match_id is not None
        else Consortium.coalition_id == coalition_id
    )
    return db.session.scalar(_loaded().where(origin, Consortium.state.in_(LIVE_STATES)))


def of_match(match_id: uuid.UUID) -> Sequence[Consortium]:
    """Consortia that grew from a match, the newest first, with their partners."""
    return _from_origin(Consortium.match_id == match_id)


def of_coalition(coalition_id: uuid.UUID) -> Sequence[Consortium]:
    """Consortia that grew from a coalition, the newest first, with their partners."""
    return _from_origin(Consortium.coalition_id == coalition_id)


def _from_origin(condition: object) -> Sequence[Consortium]:
    query = (
        _loaded()
        .where(condition)  # type: ignore[arg-type]
        .order_by(Consortium.created_at.desc(), Consortium.id)
        .limit(MOST_OF_ORIGIN)
    )
    return db.session.scalars(query).all()


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a list of consortia is filtered by."""

    state: ConsortiumState | None = None
    words: str = ""


def own_page(actor: Actor, wanted: Wanted, number: int) -> Page[Consortium]:
    """Consortia of the person's organisations, those waiting for an answer included."""
    mine = _partners_of_actor(actor).with_only_columns(ConsortiumPartner.consortium_id)
    return paginate(_filtered(wanted).where(Consortium.id.in_(mine)), number)


def all_page(wanted: Wanted, number: int) -> Page[Consortium]:
    """All consortia, for the secretariat."""
    return paginate(_filtered(wanted), number)


def _filtered(wanted: Wanted) -> Select[tuple[Consortium]]:
    query = _loaded().order_by(Consortium.updated_at.desc(), Consortium.id)
    if wanted.state is not None:
        query = query.where(Consortium.state == wanted.state)
    if wanted.words:
        query = query.where(Consortium.name.contains(wanted.words, autoescape=True))
    return query


def _partners_of_actor(actor: Actor) -> Select[tuple[ConsortiumPartner]]:
    return select(ConsortiumPartner).where(
        ConsortiumPartner.organization_id.in_(list(actor.roles)),
        ConsortiumPartner.state.in_((PartnerState.INVITED, PartnerState.ACCEPTED)),
    )


def count_waiting(actor: Actor) -> int:
    """How many consortia wait for the person: an invitation, an agreement, an offered lead."""
    return db.session.scalar(select(func.count()).select_from(_waiting(actor).subquery())) or 0


def waiting_for(actor: Actor, limit: int = 5) -> Sequence[Consortium]:
    """Consortia that wait for the person, the longest waiting first."""
    query = _loaded().where(Consortium.id.in_(_waiting(actor)))
    return db.session.scalars(
        query.order_by(Consortium.updated_at, Consortium.id).limit(limit)
    ).all()


def _waiting(actor: Actor) -> Select[tuple[uuid.UUID]]:
    """Ids of consortia that wait; answering and agreeing is for those who write."""
    writing = [each for each, role in actor.roles.items() if role in WRITING_ROLES]
    partner = ConsortiumPartner
    unsettled = and_(
        partner.state == PartnerState.ACCEPTED,
        or_(partner.agreed_number.is_(None), partner.agreed_number != Consortium.revision),
    )
    return (
        select(Consortium.id)
        .join(partner, partner.consortium_id == Consortium.id)
        .where(
            partner.organization_id.in_(writing),
            Consortium.state.in_(LIVE_STATES),
            or_(
                partner.state == PartnerState.INVITED,
                unsettled,
                and_(partner.state == PartnerState.ACCEPTED, partner.lead_offered_at.is_not(None)),
            ),
        )
        .distinct()
    )


def version_of(consortium_id: uuid.UUID, number: int) -> ConsortiumVersion:
    """One version of the content.

    Raises:
        NotFound: there is none of this number.
    """
    found = base_version(consortium_id, number)
    if found is None:
        raise NotFound
    return found


def base_version(consortium_id: uuid.UUID, number: int) -> ConsortiumVersion | None:
    """The version a save started from, if it is there."""
    query = select(ConsortiumVersion).where(
        ConsortiumVersion.consortium_id == consortium_id, ConsortiumVersion.number == number
    )
    return db.session.scalar(query)


def versions_page(consortium_id: uuid.UUID, number: int) -> Page[ConsortiumVersion]:
    """One page of the versions, the newest first."""
    query = (
        select(ConsortiumVersion)
        .where(ConsortiumVersion.consortium_id == consortium_id)
        .order_by(ConsortiumVersion.number.desc())
    )
    return paginate(query, number, VERSIONS_A_PAGE)


def proposals_of(consortium_id: uuid.UUID) -> Sequence[ConsortiumProposal]:
    """Proposals that answer calls for a consortium, the newest first, with their calls."""
    query = (
        select(ConsortiumProposal)
        .where(
            ConsortiumProposal.consortium_id == consortium_id,
            ConsortiumProposal.unlinked_at.is_(None),
        )
        .options(joinedload(ConsortiumProposal.proposal).joinedload(Proposal.call))
        .order_by(ConsortiumProposal.linked_at.desc(), ConsortiumProposal.id)
        .limit(MOST_PROPOSALS)
    )
    return db.session.scalars(query).all()


def link_of(consortium_id: uuid.UUID, proposal_id: uuid.UUID) -> ConsortiumProposal | None:
    """The standing link of a consortium and a proposal, with the proposal and its call."""
    return next(
        (each for each in proposals_of(consortium_id) if each.proposal_id == proposal_id), None
    )


def consortia_behind(proposal_id: uuid.UUID) -> Sequence[Consortium]:
    """Consortia for which a proposal speaks, itself or one that was merged into it."""
    links = select(ConsortiumProposal.consortium_id).where(
        ConsortiumProposal.proposal_id.in_(_merged_line(proposal_id)),
        ConsortiumProposal.unlinked_at.is_(None),
    )
    query = _loaded().where(Consortium.id.in_(links)).order_by(Consortium.created_at, Consortium.id)
    return db.session.scalars(query.limit(MOST_PROPOSALS)).all()


def _merged_line(proposal_id: uuid.UUID) -> set[uuid.UUID]:
    """A proposal with those that live on in it, merges of merges included."""
    found, fresh = {proposal_id}, {proposal_id}
    while fresh:
        query = select(Proposal.id).where(Proposal.merged_into_id.in_(fresh))
        fresh = set(db.session.scalars(query)) - found
        found |= fresh
    return found


def live_of_organization(organization_id: uuid.UUID) -> Sequence[Consortium]:
    """Live consortia in which an organisation is invited or takes part (at most 500)."""
    partners = select(ConsortiumPartner.consortium_id).where(
        ConsortiumPartner.organization_id == organization_id,
        ConsortiumPartner.state.in_((PartnerState.INVITED, PartnerState.ACCEPTED)),
    )
    query = (
        _loaded()
        .where(Consortium.id.in_(partners), Consortium.state.in_(LIVE_STATES))
        .order_by(Consortium.id)
        .limit(500)
    )
    return db.session.scalars(query).all()


def still_receives(user_id: uuid.UUID, consortium_id: uuid.UUID) -> bool:
    """Whether the person still belongs to an organisation that ever was asked to take part.

    Those who left or were taken out get the mail that says so, and nothing after it: later mails
    go to partners that are present.
    """
    query = (
        select(ConsortiumPartner.id)
        .join(
            OrganizationMember,
            OrganizationMember.organization_id == ConsortiumPartner.organization_id,
        )
        .where(
            ConsortiumPartner.consortium_id == consortium_id,
            OrganizationMember.user_id == user_id,
        )
        .limit(1)
    )
    return db.session.scalar(query) is not None
