"""Which towns could come together for an offering: posts, and estimates where there is none."""

from __future__ import annotations

import math
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, cast

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from embeddings.facts import NeedFacts, OfferingFacts
from embeddings.reading.stated import NeedStatement, OfferingStatement, Origin, state
from embeddings.structure import Constraint, Verdict, compare
from matchmaker.core.db import db
from matchmaker.core.errors import ProductError
from matchmaker.matching.engine import MatchingEngine, current_engine
from matchmaker.matching.facts import FactsReader
from matchmaker.needs.models import Need, NeedTag
from matchmaker.offerings.models import Offering
from matchmaker.organizations.models import Municipality, Organization
from matchmaker.partnering.coalitions import queries
from matchmaker.partnering.coalitions.domain import CANDIDATES_MOST, Tonnes
from matchmaker.partnering.coalitions.geometry import ROAD_FACTOR, Point, road_km
from matchmaker.posts.domain import PostKind, PostState
from matchmaker.posts.models import Material

MOST_NEEDS = 1_000
KM_A_DEGREE = 111.0
KG_A_TONNE = 1_000
BEYOND = 2
"""Towns up to so many times the wished distance are looked at for what is missing."""
ABOUT_AMOUNTS = frozenset({Constraint.MINIMUM_LOT, Constraint.CAPACITY})
"""What a group may mend; everything else that is broken keeps a town out."""
WHY_OUT = {
    Constraint.SERVICE_AREA: "対応できる地域の外",
    Constraint.PARTNER_SCOPE: "ニーズの「相手の範囲」の外",
    Constraint.KIND: "求めている種類がちがう",
    Constraint.LICENCES: "必要な許可がない",
    Constraint.WASTE_CLASS: "廃棄物の区分がちがう",
    Constraint.ONE_OFF: "1回かぎりの量",
    Constraint.EXCLUDED: "受け入れないもの",
    Constraint.REFUSAL: "受け入れないもの",
}


@dataclass(frozen=True)
class Wish:
    """What a person looks for.

    Args:
        offering: whose minimum lot is to be reached; organisation and tags loaded.
        material_code: the material it is about.
        need: where one starts from a need; it is in every group.
        max_km: road kilometres to the plant at most.
        max_members: towns at most.
        with_estimates: whether towns without a post are candidates too.
        around_km: road kilometres from the town of ``need`` at most; None for any.
    """

    offering: Offering
    material_code: str
    need: Need | None
    max_km: int
    max_members: int
    with_estimates: bool
    around_km: int | None = None


@dataclass(frozen=True, slots=True)
class Town:
    """A town that could be asked.

    Args:
        key: ``need:<id>`` or ``town:<code>``.
        organization_id: None for a town outside the partnership.
        need: its post; None for an estimate.
        is_read: the quantity was read in the post's text, not filled in.
        road_km: to the plant.
    """

    key: str
    name: str
    code: str | None
    organization_id: uuid.UUID | None
    need: Need | None
    tonnes: Tonnes
    road_km: float
    point: Point
    is_read: bool = False

    @property
    def is_estimate(self) -> bool:
        """Whether nobody of the town stated the quantity."""
        return self.need is None


@dataclass(frozen=True)
class Gathered:
    """All towns for a wish.

    Args:
        lot, capacity: tonnes a year of the offering; None where nobody said how much is free.
        plant: where it stands.
        towns: candidates, at most :data:`CANDIDATES_MOST`, posts before estimates, near ones first.
        inside: how many towns keep the conditions; more than ``towns`` where they were too many.
        beyond: towns that a condition of the person keeps out, near ones first; none farther than
            :data:`BEYOND` times the wished distance.
        left_out: name of the town, and why its post does not fit.
        start: key of the town one starts from.
        start_problem: why the post one starts from cannot be in any group; empty when it can.
    """

    lot: Decimal
    capacity: Decimal | None
    plant: Point
    towns: Sequence[Town]
    beyond: Sequence[Town]
    left_out: Sequence[tuple[str, str]]
    start: str | None
    inside: int = 0
    start_problem: str = ""


class Gatherer:
    """Reads posts and towns for one wish.

    Args:
        wish: what is looked for.

    Raises:
        ProductError: the offering has no minimum lot, or nobody knows where the plant is.
    """

    def __init__(self, wish: Wish) -> None:
        self._wish, self._engine = wish, current_engine()
        self._statement = offering_statement(self._engine, wish.offering)
        lot = self._statement.minimum_lot.value
        if not lot:
            raise ProductError("このシーズには「最低の量」が書かれていません。", "offering")
        point = place_of(wish.offering)
        if point is None:
            raise ProductError("このシーズの拠点の場所がわかりません。", "offering")
        self._lot, self._plant = lot, point
        self._left_out: list[tuple[str, str]] = []
        self._start_problem = ""

    def gather(self) -> Gathered:
        """Candidates, towns beyond the conditions, and posts that do not fit."""
        posted = self._posted()
        known = {town.code for town in posted} | self._codes_with_posts
        estimates = list(self._estimates(known))
        inside = [town for town in posted if self._is_inside(town)]
        if self._wish.with_estimates:
            inside += [town for town in estimates if self._is_inside(town)]
        towns = inside[:CANDIDATES_MOST]
        return Gathered(
            lot=_tonnes(self._lot),
            capacity=self._capacity,
            plant=self._plant,
            towns=towns,
            beyond=self._beyond([*posted, *estimates], towns),
            left_out=tuple(self._left_out),
            start=f"need:{self._wish.need.id}" if self._wish.need else None,
            inside=len(inside),
            start_problem=self._start_problem,
        )

    @property
    def _capacity(self) -> Decimal | None:
        free = self._statement.capacity.value
        return None if free is None else _tonnes(free)

    def _beyond(self, towns: Sequence[Town], inside: Sequence[Town]) -> list[Town]:
        keys, reach = {town.key for town in inside}, self._wish.max_km * BEYOND
        return sorted(
            (town for town in towns if town.key not in keys and town.road_km <= reach),
            key=lambda town: town.road_km,
        )

    def _posted(self) -> list[Town]:
        """One town a post, near ones first; of a town's posts the largest that the plant takes."""
        needs = needs_with(self._wish.material_code)
        self._codes_with_posts = {code for need in needs if (code := code_of(need))}
        found: dict[str, Town] = {}
        for need in needs:
            town = self._town(need)
            if town is None:
                continue
            place = town.code or str(town.organization_id)
            if place not in found or self._comes_before(town, found[place]):
                found[place] = town
        return sorted(found.values(), key=lambda town: (not self._is_start(town), town.road_km))

    def _comes_before(self, town: Town, other: Town) -> bool:
        if self._is_start(town) or self._is_start(other):
            return self._is_start(town)
        fits, other_fits = self._fits(town), self._fits(other)
        return (fits, town.tonnes.high) > (other_fits, other.tonnes.high)

    def _fits(self, town: Town) -> bool:
        return self._capacity is None or town.tonnes.high <= self._capacity

    def _is_start(self, town: Town) -> bool:
        wanted = self._wish.need
        return wanted is not None and town.need is not None and town.need.id == wanted.id

    def _town(self, need: Need) -> Town | None:
        statement = need_statement(self._engine, need)
        point, why = place_of(need), why_not(self._engine, statement, self._statement)
        low, high = statement.quantity.value or (None, None)
        if not why and point is None:
            why = "場所がわからない"
        if not why and not (low or high):
            why = "量が書かれていない"
        if why or point is None:
            self._leave_out(need, why)
            return None
        ends = [end for end in (low, high) if end is not None]
        return Town(
            key=f"need:{need.id}",
            name=need.organization.name,
            code=code_of(need),
            organization_id=need.organization_id,
            need=need,
            tonnes=Tonnes(_tonnes(min(ends)), _tonnes(max(ends))),
            road_km=road_km(point, self._plant),
            point=point,
            is_read=statement.quantity.origin is Origin.TEXT,
        )

    def _leave_out(self, need: Need, why: str) -> None:
        self._left_out.append((need.organization.name, why))
        if self._wish.need is not None and need.id == self._wish.need.id:
            self._start_problem = why

    def _estimates(self, known: set[str | None]) -> Iterable[Town]:
        rate = queries.rate_of(self._wish.material_code)
        if rate is None:
            return []
        area, geography = self._statement.service_area.value or (), self._engine.rules().geography
        near = towns_near(self._plant, self._wish.max_km * BEYOND)
        towns = [
            town
            for town in near
            if town.code not in known and geography.covers(area, town.prefecture) is not False
        ]
        members = organizations_of([town.code for town in towns])
        found = [
            self._estimate(town, rate.kg_per_head_year, members.get(town.code)) for town in towns
        ]
        return sorted((t for t in found if t.tonnes.high > 0), key=lambda town: town.road_km)

    def _estimate(
        self, town: Municipality, rate: Decimal, organization_id: uuid.UUID | None
    ) -> Town:
        amount = (town.population * rate / KG_A_TONNE).quantize(Decimal("0.1"))
        point = (town.latitude, town.longitude)
        return Town(
            key=f"town:{town.code}",
            name=f"{town.prefecture}{town.name}",
            code=town.code,
            organization_id=organization_id,
            need=None,
            tonnes=Tonnes(amount, amount),
            road_km=road_km(point, self._plant),
            point=point,
        )

    def _is_inside(self, town: Town) -> bool:
        if self._is_start(town):
            return True
        around, need = self._wish.around_km, self._wish.need
        own = place_of(need) if need is not None else None
        is_near = around is None or own is None or road_km(town.point, own) <= around
        return town.road_km <= self._wish.max_km and is_near


def why_not(engine: MatchingEngine, need: NeedStatement, offering: OfferingStatement) -> str:
    """What keeps a need out of an offering, other than amounts; empty when nothing does."""
    for finding in compare(need, offering, engine.rules().geography).findings:
        if finding.verdict is Verdict.VIOLATED and finding.constraint not in ABOUT_AMOUNTS:
            return WHY_OUT.get(finding.constraint, "条件が合わない")
    return WHY_OUT[Constraint.ONE_OFF] if need.once.value else ""


def needs_with(material_code: str) -> Sequence[Need]:
    """Published needs with a material, newest first, organisation and tags loaded."""
    tagged = select(NeedTag.post_id).where(
        NeedTag.facet == "materials", NeedTag.code == material_code
    )
    query = (
        select(Need)
        .where(Need.state == PostState.PUBLISHED, Need.id.in_(tagged))
        .options(joinedload(Need.organization), selectinload(Need.tags))
        .order_by(Need.published_at.desc(), Need.id)
        .limit(MOST_NEEDS)
    )
    return db.session.scalars(query).all()


def towns_near(plant: Point, km: float) -> list[Municipality]:
    """Municipalities within an estimated road distance."""
    reach = km / ROAD_FACTOR / KM_A_DEGREE
    wide = reach / max(0.2, math.cos(math.radians(plant[0])))
    query = select(Municipality).where(
        Municipality.latitude.between(plant[0] - reach, plant[0] + reach),
        Municipality.longitude.between(plant[1] - wide, plant[1] + wide),
    )
    found = db.session.scalars(query.order_by(Municipality.code))
    return [town for town in found if road_km((town.latitude, town.longitude), plant) <= km]


def organizations_of(codes: Sequence[str]) -> dict[str, uuid.UUID]:
    """Member towns among these municipalities, by code."""
    query = select(Organization.local_government_code, Organization.id).where(
        Organization.local_government_code.in_(codes), Organization.status == "active"
    )
    return {str(code): found for code, found in db.session.execute(query)}


def code_of(need: Need) -> str | None:
    """The municipality of a need, or of the organisation that posts it."""
    organization = need.organization
    return (
        need.municipality_code
        or organization.local_government_code
        or organization.municipality_code
    )


def place_of(post: Any) -> Point | None:
    """Where a post is, or else its organisation."""
    for each in (post, post.organization):
        if each.latitude is not None and each.longitude is not None:
            return (each.latitude, each.longitude)
    return None


def need_statement(engine: MatchingEngine, need: Need) -> NeedStatement:
    """What a need states in fields and text; in fields alone while it is not in the index."""
    found = engine.index().needs.get(str(need.id))
    facts = found.facts if found else FactsReader().read(PostKind.NEED, need)
    return cast(NeedStatement, found.statement if found else state(cast(NeedFacts, facts)))


def offering_statement(engine: MatchingEngine, offering: Offering) -> OfferingStatement:
    """What an offering states; see :func:`need_statement`."""
    found = engine.index().offerings.get(str(offering.id))
    facts = found.facts if found else FactsReader().read(PostKind.OFFERING, offering)
    return cast(OfferingStatement, found.statement if found else state(cast(OfferingFacts, facts)))


def materials_called(codes: Iterable[str]) -> Sequence[Material]:
    """Entries of the vocabulary in its order."""
    query = select(Material).where(Material.code.in_(tuple(codes))).order_by(Material.position)
    return db.session.scalars(query).all()


def _tonnes(value: float) -> Decimal:
    return Decimal(str(round(value, 3)))
