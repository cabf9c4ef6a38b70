"""Reads what the map is drawn from: unmet needs and open offerings (at most seven statements).

Fields are read as they stand in the tables. A post whose field 品目 is empty is taken as its text
was read (``matching.facts``), materials, amounts and area alike.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, exists, func, select

from embeddings.facts import WHOLE_COUNTRY, NeedFacts, OfferingFacts
from embeddings.geography import Geography
from embeddings.reading.stated import ONE_OFF, state_need, state_offering
from matchmaker.core.db import db
from matchmaker.core.prefectures import PREFECTURES
from matchmaker.matching.engine import GEOGRAPHY, geography
from matchmaker.matching.facts import from_json
from matchmaker.matching.models import IndexEntry
from matchmaker.needs.models import Need, NeedTag
from matchmaker.offerings.models import Offering, OfferingTag
from matchmaker.organizations.models import Organization
from matchmaker.partnering.blank_map.domain import MOST_NEEDS, MOST_OFFERINGS, Waste, waste_of
from matchmaker.partnering.introductions.domain import IntroductionState
from matchmaker.partnering.introductions.models import Introduction
from matchmaker.posts.domain import PostKind, PostState
from matchmaker.posts.models import Material
from matchmaker.posts.vocabulary import LICENCES

TECHNOLOGY = "technology"
WHOLE = frozenset(PREFECTURES)
LICENCE_CODES = {choice.label: choice.code for choice in LICENCES}
Tags = Mapping[uuid.UUID, Mapping[str, list[str]]]


@dataclass(frozen=True, slots=True)
class UnmetNeed:
    """A published need that nobody has answered so far.

    Attributes:
        prefecture: where it is; empty where neither the post nor its organisation says so.
        materials: codes.
        tonnes: upper end of the yearly amount; None without one, or where it comes once for all.
        waste: class of waste.
        sought, methods: codes of 求めているもの and 循環の構築方法.
    """

    id: uuid.UUID
    organization_id: uuid.UUID
    prefecture: str
    materials: tuple[str, ...]
    tonnes: float | None
    waste: Waste
    sought: tuple[str, ...] = ()
    methods: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Taker:
    """A published offering with what it takes in, and where.

    Attributes:
        materials: codes of what it takes.
        area: prefectures it serves; its own alone where it names none.
        tonnes: free capacity, or the whole where the free one is not told; None for machines, of
            which more can be bought, and where nothing is told.
        lot: least amount it takes, in tonnes a year.
        licences: codes.
    """

    id: uuid.UUID
    materials: tuple[str, ...]
    area: frozenset[str]
    tonnes: float | None
    lot: float
    licences: frozenset[str]


def unmet_needs(now: datetime, days: int, *, sees_members: bool) -> list[UnmetNeed]:
    """Published needs without an accepted introduction, the oldest first.

    Args:
        now: the present moment.
        days: only those published at least so many days ago.
        sees_members: also posts that only members may see.
    """
    wanted = _open_needs(now, days, sees_members=sees_members)
    rows = db.session.execute(
        select(
            Need.id,
            Need.organization_id,
            func.coalesce(Need.prefecture, Organization.prefecture, ""),
            Need.quantity_high_tonnes_per_year,
            Need.quantity_period,
            Need.waste_class,
        )
        .join(Organization, Organization.id == Need.organization_id)
        .where(*wanted)
        .order_by(Need.published_at, Need.id)
        .limit(MOST_NEEDS)
    ).tuples()
    facets = ("materials", "sought_kinds", "circulation_methods")
    tags = _tags(_tag_query(Need, NeedTag, wanted, facets))
    read = _facts(Need, PostKind.NEED, NeedTag, wanted, "materials")
    codes = _material_codes() if read else {}
    return [_need(row, tags.get(row[0], {}), read.get(row[0]), codes) for row in rows]


def _open_needs(now: datetime, days: int, *, sees_members: bool) -> list[ColumnElement[bool]]:
    answered = exists().where(
        Introduction.need_id == Need.id, Introduction.state == IntroductionState.ACCEPTED
    )
    found = [*_open(Need, sees_members=sees_members), ~answered]
    if days:
        found.append(Need.published_at <= now - timedelta(days=days))
    return found


def _open(model: Any, *, sees_members: bool) -> list[ColumnElement[bool]]:
    found = [model.state == PostState.PUBLISHED]
    return found if sees_members else [*found, model.visibility == "public"]


def _need(
    row: Any, tags: Mapping[str, list[str]], facts: Any, codes: Mapping[str, str]
) -> UnmetNeed:
    post_id, organization_id, prefecture, high, period, waste = row
    materials: tuple[str, ...] = tuple(tags.get("materials", ()))
    tonnes = None if high is None or period == "one_off" else float(high)
    if isinstance(facts, NeedFacts):
        stated = state_need(facts)
        materials = _codes(stated.materials.value, codes)
        waste = waste or stated.waste_class.value
        if tonnes is None and stated.once.value != ONE_OFF and stated.quantity.value:
            tonnes = stated.quantity.value[1]
    return UnmetNeed(
        post_id,
        organization_id,
        prefecture or "",
        materials,
        tonnes,
        waste_of(waste),
        tuple(tags.get("sought_kinds", ())),
        tuple(tags.get("circulation_methods", ())),
    )


def open_takers(*, sees_members: bool) -> list[Taker]:
    """Published offerings that take something in.

    Args:
        sees_members: also posts that only members may see.
    """
    wanted = _open(Offering, sees_members=sees_members)
    rows = db.session.execute(
        select(
            Offering.id,
            func.coalesce(Offering.prefecture, Organization.prefecture, ""),
            Offering.kind,
            func.coalesce(
                Offering.free_capacity_tonnes_per_year, Offering.capacity_tonnes_per_year
            ),
            Offering.minimum_lot_tonnes_per_year,
        )
        .join(Organization, Organization.id == Offering.organization_id)
        .where(*wanted)
        .order_by(Offering.id)
        .limit(MOST_OFFERINGS)
    ).tuples()
    facets = ("input_materials", "service_area", "licences")
    tags = _tags(_tag_query(Offering, OfferingTag, wanted, facets))
    read = _facts(Offering, PostKind.OFFERING, OfferingTag, wanted, "input_materials")
    codes = _material_codes() if read else {}
    places = geography(GEOGRAPHY)
    found = (_taker(row, tags.get(row[0], {}), read.get(row[0]), codes, places) for row in rows)
    return [taker for taker in found if taker.materials]


def _taker(
    row: Any,
    tags: Mapping[str, list[str]],
    facts: Any,
    codes: Mapping[str, str],
    places: Geography,
) -> Taker:
    post_id, prefecture, kind, capacity, lot = row
    materials: tuple[str, ...] = tuple(tags.get("input_materials", ()))
    area: Iterable[str] = tags.get("service_area", ())
    tonnes = None if capacity is None else float(capacity)
    if isinstance(facts, OfferingFacts):
        stated = state_offering(facts)
        materials = _codes(stated.materials.value, codes)
        area = area or _prefectures_in(stated.service_area.value or (), places)
        tonnes = stated.capacity.value if tonnes is None else tonnes
        lot = stated.minimum_lot.value if lot is None else lot
    return Taker(
        post_id,
        materials,
        _served(area, prefecture),
        None if kind == TECHNOLOGY else tonnes,
        float(lot or 0),
        frozenset(tags.get("licences", ())),
    )


def _prefectures_in(area: Iterable[str], places: Geography) -> list[str]:
    named = tuple(area)
    return [name for name in PREFECTURES if named and places.covers(named, name)]


def _served(area: Iterable[str], own: str) -> frozenset[str]:
    named = frozenset(area)
    if WHOLE_COUNTRY in named:
        return WHOLE
    return named or frozenset({own} if own else ())


def _codes(names: Iterable[str] | None, codes: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(codes[name] for name in names or () if name in codes)


def _material_codes() -> dict[str, str]:
    return {name: code for code, name in db.session.execute(select(Material.code, Material.name))}


def _tag_query(
    model: Any, tag: Any, wanted: list[ColumnElement[bool]], facets: tuple[str, ...]
) -> Select[tuple[uuid.UUID, str, str]]:
    return (
        select(tag.post_id, tag.facet, tag.code)
        .join(model, model.id == tag.post_id)
        .where(tag.facet.in_(facets), *wanted)
        .order_by(tag.post_id, tag.facet, tag.position)
    )


def _tags(query: Select[tuple[uuid.UUID, str, str]]) -> Tags:
    found: dict[uuid.UUID, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for post_id, facet, code in db.session.execute(query).tuples():
        found[post_id][facet].append(code)
    return found


def _facts(
    model: Any, kind: PostKind, tag: Any, wanted: list[ColumnElement[bool]], facet: str
) -> dict[uuid.UUID, NeedFacts | OfferingFacts]:
    """What was read in the texts of posts whose field for materials is empty."""
    is_filled = exists().where(tag.post_id == model.id, tag.facet == facet)
    query = (
        select(IndexEntry.post_id, IndexEntry.facts)
        .join(model, model.id == IndexEntry.post_id)
        .where(~is_filled, *wanted)
        .limit(MOST_NEEDS)
    )
    return dict(_read(kind, db.session.execute(query).tuples()))


def _read(
    kind: PostKind, rows: Iterable[tuple[uuid.UUID, dict[str, Any]]]
) -> Iterator[tuple[uuid.UUID, NeedFacts | OfferingFacts]]:
    for post_id, facts in rows:
        yield post_id, from_json(kind, facts)
