"""Reads for the home page and the dashboards."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload, selectinload

from matchmaker.cases.queries import number_of_cases
from matchmaker.core.actor import VISITOR, Actor
from matchmaker.core.clock import today
from matchmaker.core.db import db
from matchmaker.needs.types import NEED
from matchmaker.offerings.types import OFFERING
from matchmaker.organizations import queries as organization_queries
from matchmaker.organizations.domain import MUNICIPALITY
from matchmaker.organizations.models import Organization
from matchmaker.organizations.queries import OrganizationFilter
from matchmaker.posts.domain import EXPIRY_WARNING, PostState
from matchmaker.posts.listing import PostFilter, counts_by_prefecture, list_query
from matchmaker.posts.types import PostType

MOST_OWN_POSTS = 50


@dataclass(frozen=True, slots=True)
class LiveFigures:
    """How much there is, for everybody to see.

    Args:
        needs: published needs.
        offerings: published offerings.
        municipalities: municipalities that take part or whose public needs are shown.
        businesses: all other organisations.
        cases: documented cases.
        needs_by_prefecture: published needs by prefecture.
    """

    needs: int
    offerings: int
    municipalities: int
    businesses: int
    cases: int
    needs_by_prefecture: Mapping[str, int]


def live_figures() -> LiveFigures:
    """Count everything anew (five statements); pages use the kept figures."""
    by_category = organization_queries.counts_by(OrganizationFilter(), "category")
    return LiveFigures(
        needs=_published(NEED),
        offerings=_published(OFFERING),
        municipalities=by_category.get(MUNICIPALITY, 0),
        businesses=sum(n for code, n in by_category.items() if code != MUNICIPALITY),
        cases=number_of_cases(),
        needs_by_prefecture=counts_by_prefecture(NEED, PostFilter(), VISITOR),
    )


def _published(post_type: PostType) -> int:
    model = post_type.model
    query = select(func.count(model.id)).where(model.state == PostState.PUBLISHED)
    return db.session.scalar(query) or 0


def latest_posts(post_type: PostType, actor: Actor, limit: int) -> Sequence[Any]:
    """The newest published posts that ``actor`` may see, with tags and organisation."""
    return db.session.scalars(list_query(post_type, PostFilter(), actor).limit(limit)).all()


def organizations_of(actor: Actor) -> list[Organization]:
    """The organisations a person belongs to, in the order of their readings."""
    found = organization_queries.organizations_by_id(list(actor.roles))
    return sorted(found.values(), key=lambda o: (o.kana, str(o.id)))


def own_posts(post_type: PostType, organization_ids: Sequence[uuid.UUID]) -> Sequence[Any]:
    """Posts of these organisations that are not closed, last changed first, at most 50."""
    if not organization_ids:
        return []
    model = post_type.model
    query = (
        select(model)
        .where(model.organization_id.in_(organization_ids), model.state != PostState.CLOSED)
        .options(selectinload(model.tags), joinedload(model.organization))
        .order_by(model.updated_at.desc(), model.id)
        .limit(MOST_OWN_POSTS)
    )
    return db.session.scalars(query).all()


def expires_soon(post: Any, now: datetime) -> bool:
    """Whether a published post will end within two weeks."""
    if post.state is not PostState.PUBLISHED or post.valid_until is None:
        return False
    return bool(today(now) <= post.valid_until <= today(now) + EXPIRY_WARNING)
