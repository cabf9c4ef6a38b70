"""Which offerings with a minimum lot could take a group with a need."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from matchmaker.core.db import db
from matchmaker.matching.engine import current_engine
from matchmaker.needs.models import Need
from matchmaker.offerings.models import Offering, OfferingTag
from matchmaker.partnering.coalitions.gathering import (
    need_statement,
    offering_statement,
    place_of,
    why_not,
)
from matchmaker.partnering.coalitions.geometry import road_km
from matchmaker.posts.domain import PostState

MOST_OFFERINGS = 200


@dataclass(frozen=True)
class Takers:
    """Offerings with a minimum lot for a need.

    Args:
        offerings: those whose conditions it keeps, near ones first.
        left_out: the others: organisation, title, and why not.
    """

    offerings: Sequence[Offering]
    left_out: Sequence[tuple[str, str, str]]


def takers_of(need: Need, material_codes: Iterable[str]) -> Takers:
    """Who could take a group with this need; organisation and tags of it are loaded."""
    engine, own = current_engine(), place_of(need)
    stated = need_statement(engine, need)
    near: list[tuple[float, Offering]] = []
    left_out: list[tuple[str, str, str]] = []
    for offering in offerings_with_lot(material_codes):
        why = why_not(engine, stated, offering_statement(engine, offering))
        point = place_of(offering)
        if why:
            left_out.append((offering.organization.name, offering.title, why))
        else:
            near.append((road_km(own, point) if own and point else math.inf, offering))
    return Takers([each for _, each in sorted(near, key=lambda pair: pair[0])], left_out)


def offerings_with_lot(material_codes: Iterable[str]) -> Sequence[Offering]:
    """Published offerings that take one of these materials and state a minimum lot, small first."""
    tagged = select(OfferingTag.post_id).where(
        OfferingTag.facet == "input_materials", OfferingTag.code.in_(tuple(material_codes))
    )
    query = (
        select(Offering)
        .where(
            Offering.state == PostState.PUBLISHED,
            Offering.minimum_lot_tonnes_per_year > 0,
            Offering.id.in_(tagged),
        )
        .options(joinedload(Offering.organization), selectinload(Offering.tags))
        .order_by(Offering.minimum_lot_tonnes_per_year, Offering.id)
        .limit(MOST_OFFERINGS)
    )
    return db.session.scalars(query).all()
