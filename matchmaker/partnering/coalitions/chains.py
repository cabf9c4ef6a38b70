"""Reads published offerings as links of chains."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from matchmaker.core.db import db
from matchmaker.matching.engine import MatchingEngine, current_engine
from matchmaker.offerings.models import Offering
from matchmaker.partnering.coalitions.flows import COLLECTING, MOVING, Business
from matchmaker.partnering.coalitions.gathering import offering_statement
from matchmaker.posts.domain import PostState

MOST_BUSINESSES = 2_000


def businesses_for() -> Sequence[Business]:
    """Published offerings, newest first, with what they state in fields and text."""
    query = (
        select(Offering)
        .where(Offering.state == PostState.PUBLISHED)
        .options(joinedload(Offering.organization), selectinload(Offering.tags))
        .order_by(Offering.published_at.desc(), Offering.id)
        .limit(MOST_BUSINESSES)
    )
    engine = current_engine()
    return [_business(engine, each) for each in db.session.scalars(query)]


def _business(engine: MatchingEngine, offering: Offering) -> Business:
    stated = offering_statement(engine, offering)
    stages = set(stated.stages.value or ())
    return Business(
        key=str(offering.id),
        name=offering.organization.name,
        title=offering.title,
        prefecture=stated.prefecture,
        takes=tuple(stated.materials.value or ()),
        makes=tuple(stated.outputs.value or ()),
        area=tuple(stated.service_area.value or ()),
        collects=COLLECTING in stages,
        processes=bool(stages - MOVING) or not stages,
        capacity=stated.capacity.value,
        owner=str(offering.organization_id),
    )
