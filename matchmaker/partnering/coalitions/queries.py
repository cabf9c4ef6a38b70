"""Reads of coalitions."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import joinedload, selectinload

from matchmaker.core.db import db
from matchmaker.core.errors import NotFound
from matchmaker.core.paging import Page, paginate
from matchmaker.needs.models import Need
from matchmaker.offerings.models import Offering
from matchmaker.partnering.coalitions.domain import LIVE_STATES, MemberState
from matchmaker.partnering.coalitions.models import Coalition, CoalitionMember, CoalitionRate

MOST_RATES = 500


def _whole() -> Select[tuple[Coalition]]:
    members = selectinload(Coalition.members)
    return select(Coalition).options(
        # Whole posts, since the search for further towns compares them again.
        joinedload(Coalition.offering).options(
            joinedload(Offering.organization), selectinload(Offering.tags)
        ),
        joinedload(Coalition.material),
        joinedload(Coalition.organization),
        members.joinedload(CoalitionMember.organization),
        members.joinedload(CoalitionMember.municipality),
        members.joinedload(CoalitionMember.need).options(
            joinedload(Need.organization), selectinload(Need.tags)
        ),
    )


def get(coalition_id: uuid.UUID) -> Coalition:
    """One coalition with offering, material and members (each with organisation, town and need).

    Raises:
        NotFound: there is none.
    """
    found = db.session.scalar(_whole().where(Coalition.id == coalition_id))
    if found is None:
        raise NotFound
    return found


def members_of(coalition_id: uuid.UUID) -> Sequence[CoalitionMember]:
    """Its towns and its business in their order, at most a few dozen."""
    return get(coalition_id).members


def locked(coalition_id: uuid.UUID) -> Coalition:
    """The same as :func:`get`, held against others until the transaction ends.

    Raises:
        NotFound: there is none.
    """
    query = select(Coalition).where(Coalition.id == coalition_id).with_for_update()
    if db.session.scalar(query.execution_options(populate_existing=True)) is None:
        raise NotFound
    whole = _whole().where(Coalition.id == coalition_id)
    return db.session.scalars(whole.execution_options(populate_existing=True)).one()


def with_submission_key(key: str) -> Coalition | None:
    """The coalition that a form formed already."""
    return db.session.scalar(_whole().where(Coalition.submission_key == key))


def page_for(
    organization_ids: Collection[uuid.UUID] | None, number: int, *, live_only: bool = False
) -> Page[Coalition]:
    """Coalitions that concern these organisations, newest first.

    Args:
        organization_ids: of the person; None for everything (the secretariat).
        number: page, from 1.
        live_only: leave out those given up.
    """
    query = _whole()
    if organization_ids is not None:
        asked = select(CoalitionMember.coalition_id).where(
            CoalitionMember.organization_id.in_(organization_ids)
        )
        query = query.where(
            or_(Coalition.organization_id.in_(organization_ids), Coalition.id.in_(asked))
        )
    if live_only:
        query = query.where(Coalition.state.in_(LIVE_STATES))
    return paginate(query.order_by(Coalition.updated_at.desc(), Coalition.id.desc()), number)


def live_of_member(organization_id: uuid.UUID) -> Sequence[Coalition]:
    """Coalitions that are not given up and in which the organisation is asked or takes part."""
    members = select(CoalitionMember.coalition_id).where(
        CoalitionMember.organization_id == organization_id
    )
    query = _whole().where(Coalition.state.in_(LIVE_STATES), Coalition.id.in_(members))
    return db.session.scalars(query.order_by(Coalition.id)).all()


def waiting_for(organization_ids: Collection[uuid.UUID]) -> Sequence[CoalitionMember]:
    """Questions to these organisations that wait for an answer, oldest first, at most 20."""
    query = (
        select(CoalitionMember)
        .join(Coalition, Coalition.id == CoalitionMember.coalition_id)
        .where(
            CoalitionMember.organization_id.in_(organization_ids),
            CoalitionMember.state == MemberState.INVITED,
            Coalition.state.in_(LIVE_STATES),
        )
        .options(
            joinedload(CoalitionMember.coalition).joinedload(Coalition.offering),
            joinedload(CoalitionMember.organization),
        )
        .order_by(Coalition.created_at, CoalitionMember.id)
        .limit(20)
    )
    return db.session.scalars(query).all()


def letters_to_send() -> Sequence[CoalitionMember]:
    """Towns outside the partnership whose letter has not gone out, oldest first, at most 100."""
    query = (
        select(CoalitionMember)
        .join(Coalition, Coalition.id == CoalitionMember.coalition_id)
        .where(
            CoalitionMember.organization_id.is_(None),
            CoalitionMember.state == MemberState.INVITED,
            CoalitionMember.letter_sent_at.is_(None),
            Coalition.state.in_(LIVE_STATES),
        )
        .options(
            joinedload(CoalitionMember.coalition).joinedload(Coalition.offering),
            joinedload(CoalitionMember.coalition).joinedload(Coalition.material),
            joinedload(CoalitionMember.organization),
            joinedload(CoalitionMember.municipality),
        )
        .order_by(Coalition.created_at, CoalitionMember.position)
        .limit(100)
    )
    return db.session.scalars(query).all()


def coalitions_of_post(post_id: uuid.UUID) -> Sequence[Coalition]:
    """Coalitions with a need, or for an offering, newest first, at most 20."""
    taking_part = select(CoalitionMember.coalition_id).where(CoalitionMember.need_id == post_id)
    query = _whole().where(or_(Coalition.offering_id == post_id, Coalition.id.in_(taking_part)))
    return db.session.scalars(query.order_by(Coalition.created_at.desc()).limit(20)).all()


def rates() -> Sequence[CoalitionRate]:
    """All rates with their materials, in the order of the vocabulary."""
    query = select(CoalitionRate).options(joinedload(CoalitionRate.material)).limit(MOST_RATES)
    return sorted(db.session.scalars(query), key=lambda rate: rate.material.position)


def rate_of(material_code: str) -> CoalitionRate | None:
    """The rate of a material."""
    return db.session.scalar(
        select(CoalitionRate).where(CoalitionRate.material_code == material_code)
    )
