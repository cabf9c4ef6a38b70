"""Reads what the map is drawn from: unmet needs and open offerings (at most eight statements, two
where every post names its materials).

Fields are read as they stand in the tables. A post whose field 品目 is empty is taken as its text
was read (``texts``), materials, amounts and area alike.

Tens of thousands of posts are read for one page: each is one row with its codes in a string.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any, NamedTuple, TypeVar

from sqlalchemy import ColumnElement, Float, Select, exists, func, select, type_coerce

from embeddings.facts import WHOLE_COUNTRY
from matchmaker.core.db import db
from matchmaker.core.prefectures import PREFECTURES
from matchmaker.matching.models import IndexEntry
from matchmaker.needs.models import Need, NeedTag
from matchmaker.offerings.models import Offering, OfferingTag
from matchmaker.organizations.models import Organization
from matchmaker.partnering.blank_map.domain import MOST_NEEDS, MOST_OFFERINGS, Waste, waste_of
from matchmaker.partnering.blank_map.texts import Key, TextReading, key, texts_of
from matchmaker.partnering.introductions.domain import IntroductionState
from matchmaker.partnering.introductions.models import Introduction
from matchmaker.posts.domain import PostKind, PostState
from matchmaker.posts.models import Material

TECHNOLOGY, ONCE = "technology", "one_off"
WHOLE = frozenset(PREFECTURES)
SEPARATOR = ","
"""Stands in no code."""
ROWS_AT_ONCE = 500
MOST_KEPT = 4_096
"""Different sets of codes kept as objects; made from a string each, they would cost the most."""
DIGITS = 3
"""Of an amount; SQLite keeps more of those that were worked out."""


class UnmetNeed(NamedTuple):
    """A published need that nobody has answered so far.

    Attributes:
        id, organization_id: as the driver gives them, see :func:`id_of`.
        prefecture: where it is; empty where neither the post nor its organisation says so.
        materials: codes.
        tonnes: upper end of the yearly amount; None without one, or where it comes once for all.
        waste: class of waste.
    """

    id: Key
    organization_id: Key
    prefecture: str
    materials: tuple[str, ...]
    tonnes: float | None
    waste: Waste


class Taker(NamedTuple):
    """A published offering with what it takes in, and where.

    Attributes:
        id: as the driver gives it, see :func:`id_of`.
        materials: codes of what it takes.
        area: prefectures it serves; its own alone where it names none.
        tonnes: free capacity, or the whole where the free one is not told; None for machines, of
            which more can be bought, and where nothing is told.
        lot: least amount it takes, in tonnes a year.
        licences: codes.
    """

    id: Key
    materials: tuple[str, ...]
    area: frozenset[str]
    tonnes: float | None
    lot: float
    licences: frozenset[str]


Post = TypeVar("Post", UnmetNeed, Taker)
Maker = Callable[[Sequence[Any], TextReading | None, Mapping[str, str]], Post]


class Wishes(NamedTuple):
    """What a need asks for: codes of 求めているもの and 循環の構築方法."""

    sought: tuple[str, ...]
    methods: tuple[str, ...]


def id_of(post: UnmetNeed | Taker) -> uuid.UUID:
    """The id of a post that a page names."""
    return uuid.UUID(str(post.id))


def unmet_needs(now: datetime, days: int, *, sees_members: bool) -> list[UnmetNeed]:
    """Published needs without an accepted introduction, the oldest first.

    Args:
        now: the present moment.
        days: only those published at least so many days ago.
        sees_members: also posts that only members may see.
    """
    wanted = _open_needs(now, days, sees_members=sees_members)
    query = (
        select(
            key(Need.id),
            key(Need.organization_id),
            func.coalesce(Need.prefecture, Organization.prefecture, ""),
            type_coerce(Need.quantity_high_tonnes_per_year, Float),
            Need.quantity_period,
            Need.waste_class,
            _codes_in(Need, NeedTag, "materials"),
        )
        .join(Organization, Organization.id == Need.organization_id)
        .where(*wanted)
        .order_by(Need.published_at, Need.id)
        .limit(MOST_NEEDS)
    )
    unfilled = _unfilled(Need, NeedTag, wanted, "materials")
    return _made_of(query, _need, PostKind.NEED, unfilled)


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


def _codes_in(model: Any, tag: Any, facet: str) -> ColumnElement[str | None]:
    """Codes of a field in one string; None where it is empty."""
    return (
        select(func.aggregate_strings(tag.code, SEPARATOR))
        .where(tag.post_id == model.id, tag.facet == facet)
        .scalar_subquery()
    )


@lru_cache(maxsize=MOST_KEPT)
def _codes(text: str | None) -> tuple[str, ...]:
    return tuple(sorted(text.split(SEPARATOR))) if text else ()


def _need(row: Sequence[Any], text: TextReading | None, codes: Mapping[str, str]) -> UnmetNeed:
    id, organization_id, prefecture, high, period, waste, filled = row
    materials, tonnes = _codes(filled), None if period == ONCE else _tonnes(high)
    if text is not None:
        materials = _named(text.materials, codes)
        tonnes = text.tonnes if tonnes is None else tonnes
        waste = waste or text.waste
    return UnmetNeed(id, organization_id, prefecture, materials, tonnes, waste_of(waste))


def _tonnes(stored: float | None) -> float | None:
    return None if stored is None else round(stored, DIGITS)


def open_takers(*, sees_members: bool) -> list[Taker]:
    """Published offerings that take something in.

    Args:
        sees_members: also posts that only members may see.
    """
    wanted = _open(Offering, sees_members=sees_members)
    query = (
        select(
            key(Offering.id),
            func.coalesce(Offering.prefecture, Organization.prefecture, ""),
            Offering.kind,
            type_coerce(_capacity(), Float),
            type_coerce(Offering.minimum_lot_tonnes_per_year, Float),
            _codes_in(Offering, OfferingTag, "licences"),
            _codes_in(Offering, OfferingTag, "service_area"),
            _codes_in(Offering, OfferingTag, "input_materials"),
        )
        .join(Organization, Organization.id == Offering.organization_id)
        .where(*wanted)
        .order_by(Offering.id)
        .limit(MOST_OFFERINGS)
    )
    unfilled = _unfilled(Offering, OfferingTag, wanted, "input_materials")
    found = _made_of(query, _taker, PostKind.OFFERING, unfilled)
    return [taker for taker in found if taker.materials]


def _capacity() -> ColumnElement[Any]:
    return func.coalesce(Offering.free_capacity_tonnes_per_year, Offering.capacity_tonnes_per_year)


def _taker(row: Sequence[Any], text: TextReading | None, codes: Mapping[str, str]) -> Taker:
    id, prefecture, kind, capacity, lot, licences, named, filled = row
    materials, area = _codes(filled), _codes(named)
    capacity, lot = _tonnes(capacity), _tonnes(lot)
    if text is not None:
        materials = _named(text.materials, codes)
        area = area or text.area
        capacity = text.tonnes if capacity is None else capacity
        lot = text.lot if lot is None else lot
    return Taker(
        id,
        materials,
        _served(area, prefecture),
        None if kind == TECHNOLOGY else capacity,
        lot or 0.0,
        _held(licences),
    )


@lru_cache(maxsize=MOST_KEPT)
def _served(area: tuple[str, ...], own: str) -> frozenset[str]:
    if WHOLE_COUNTRY in area:
        return WHOLE
    return frozenset(area or ((own,) if own else ()))


@lru_cache(maxsize=MOST_KEPT)
def _held(licences: str | None) -> frozenset[str]:
    return frozenset(_codes(licences))


def _made_of(
    query: Select[Any], make: Maker[Post], kind: PostKind, unfilled: Select[Any]
) -> list[Post]:
    """Posts made of rows whose last value are the materials; where it is empty, of their texts.

    Rows come in small numbers and are forgotten at once: ten thousand kept together would make
    Python look through all of its memory for what can be freed.
    """
    result = db.session.connection().execute(query, execution_options={"yield_per": ROWS_AT_ONCE})
    found: list[Post] = []
    waiting: dict[int, Sequence[Any]] = {}
    for row in result:
        if not row[-1]:
            waiting[len(found)] = row
        found.append(make(row, None, {}))
    if waiting:
        codes = dict(db.session.execute(select(Material.name, Material.code)).tuples().all())
        texts = texts_of(kind, unfilled)
        for place, values in waiting.items():
            found[place] = make(values, texts.get(values[0]), codes)
    return found


def _unfilled(
    model: Any, tag: Any, wanted: Sequence[ColumnElement[bool]], facet: str
) -> Select[Any]:
    """Entries of posts whose field for materials is empty."""
    is_filled = exists().where(tag.post_id == model.id, tag.facet == facet)
    return (
        select(IndexEntry.post_id)
        .join(model, model.id == IndexEntry.post_id)
        .where(~is_filled, *wanted)
        .limit(MOST_NEEDS)
    )


def _named(names: Iterable[str], codes: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(codes[name] for name in names if name in codes)


def wishes_of(needs: Sequence[UnmetNeed]) -> list[Wishes]:
    """What each need asks for, in their order (one statement)."""
    facets = ("sought_kinds", "circulation_methods")
    query = (
        select(key(NeedTag.post_id), NeedTag.facet, NeedTag.code)
        .where(NeedTag.post_id.in_([id_of(need) for need in needs]), NeedTag.facet.in_(facets))
        .order_by(NeedTag.post_id, NeedTag.facet, NeedTag.position)
    )
    found: dict[tuple[Key, str], list[str]] = defaultdict(list)
    for post, facet, code in db.session.execute(query):
        found[post, facet].append(code)
    return [Wishes(*(tuple(found[need.id, facet]) for facet in facets)) for need in needs]
