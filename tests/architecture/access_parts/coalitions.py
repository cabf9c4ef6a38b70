"""Who may open the pages of coalitions.

The published offering of the first organisation has a minimum lot by now; the coalition was formed
by the same organisation, and a town outside the partnership is asked.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from matchmaker.core import clock
from matchmaker.core.db import db, new_id
from matchmaker.offerings.models import Offering
from matchmaker.organizations.models import Municipality
from matchmaker.partnering.coalitions.domain import MemberSide
from matchmaker.partnering.coalitions.models import Coalition, CoalitionMember
from matchmaker.posts.models import Material
from tests.architecture.access_rules import (
    OWNERS,
    SECRETARIAT,
    WRITERS,
    Row,
    Things,
    get,
    hidden_except,
    only,
    post,
    signed_in,
)

COALITION: dict[str, Any] = {"coalition_id": "coalition_id"}
OWN: dict[str, Any] = {**COALITION, "member_id": "coalition_business_id"}
OUTSIDE: dict[str, Any] = {**COALITION, "member_id": "coalition_outside_id"}
LEADING = (*WRITERS, SECRETARIAT)


def _inside(*roles: str, status: int = 200) -> dict[str, int]:
    """Some of those who may see it; the others who may see it are refused."""
    seeing = dict.fromkeys((*OWNERS, SECRETARIAT), 403)
    return {**hidden_except(*roles, status=status), **seeing, **dict.fromkeys(roles, status)}


def _rows() -> Iterator[Row]:
    yield get("coalitions.index", signed_in())
    yield get("coalitions.show", hidden_except(*OWNERS, SECRETARIAT), **COALITION)
    yield get("coalitions.edit_answer", _inside(*LEADING), **OWN)
    yield post("coalitions.answer", _inside(*LEADING, status=422), **OWN)
    yield post("coalitions.ask_again", _inside(*LEADING, status=302), **OWN)
    yield post("coalitions.ask_more", _inside(*LEADING, status=422), **COALITION)
    yield get("coalitions.edit_close", _inside(*LEADING), **COALITION)
    yield post("coalitions.close", _inside(*LEADING, status=422), **COALITION)
    yield get("coalitions.letter", only(SECRETARIAT), **OUTSIDE)
    yield post("coalitions.send_letter", only(SECRETARIAT, status=302), **OUTSIDE)
    yield get("coalition_rates.index", only(SECRETARIAT))
    yield post("coalition_rates.update", only(SECRETARIAT, status=422))
    yield get("chains.index", signed_in())
    for name in ("need", "offering"):
        values: dict[str, Any] = {"post_id": f"published_{name}_id"}
        page = f"{name}_coalitions"
        yield get(f"{page}.new_from_{name}", only(*LEADING), **values)
        yield post(f"{page}.create_from_{name}", only(*LEADING, status=422), **values)


ROWS: tuple[Row, ...] = tuple(_rows())


def add_things(world: Things) -> None:
    """A coalition of the first organisation with its business and a town outside."""
    now, offering_id = clock.now(), world.ids["published_offering_id"]
    offering = db.session.get_one(Offering, offering_id)
    material = db.session.scalar(db.select(Material).order_by(Material.position).limit(1))
    if material is None:
        material = Material(code="bamboo", name="竹", position=1)
        db.session.add(material)
    town = Municipality(
        code="232301", prefecture="愛知県", name="北村", kana="きたむら", latitude=35.1,
        longitude=137.0, population=20_000, url="",
    )  # fmt: skip
    db.session.merge(town)
    db.session.flush()
    coalition = Coalition(
        id=new_id(), offering_id=offering_id, material_code=material.code,
        organization_id=offering.organization_id, lot_tonnes=Decimal(300), max_km=100,
        max_members=8, submission_key=new_id().hex, created_at=now, updated_at=now,
    )  # fmt: skip
    db.session.add(coalition)
    db.session.flush()
    business = CoalitionMember(
        id=new_id(), coalition_id=coalition.id, side=MemberSide.BUSINESS, position=0,
        organization_id=offering.organization_id, low_tonnes=Decimal(0), high_tonnes=Decimal(0),
    )  # fmt: skip
    outside = CoalitionMember(
        id=new_id(), coalition_id=coalition.id, side=MemberSide.TOWN, position=1,
        municipality_code="232301", low_tonnes=Decimal(100), high_tonnes=Decimal(100),
        is_estimate=True,
    )  # fmt: skip
    db.session.add_all([business, outside])
    db.session.flush()
    world.ids.update(
        coalition_id=coalition.id, coalition_business_id=business.id,
        coalition_outside_id=outside.id,
    )  # fmt: skip
