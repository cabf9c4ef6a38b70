"""How far the ledger reaches: judged pairs of each material and region, and how judges agree."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Subquery, and_, func, select
from sqlalchemy.orm import aliased

from matchmaker.core.db import db
from matchmaker.matching.ledger.agreement import in_words, weighted_kappa
from matchmaker.matching.ledger.domain import (
    FIT_ORDER,
    GOAL_OF_MATERIAL,
    GOAL_OF_REGION,
    REGION_OF,
    REGIONS,
)
from matchmaker.matching.ledger.listing import split_pairs
from matchmaker.matching.ledger.models import Judgement
from matchmaker.needs.models import Need, NeedTag
from matchmaker.posts.models import Material

NO_REGION = "場所の書かれていないもの"


@dataclass(frozen=True, slots=True)
class Reach:
    """Judged pairs of one material or region.

    Attributes:
        code: the material's code or the region's name, as the list is narrowed by it.
        goal: pairs wanted.
    """

    code: str
    label: str
    pairs: int
    goal: int

    @property
    def share(self) -> float:
        """How far the goal is reached, at most 1."""
        return min(1.0, self.pairs / self.goal)


@dataclass(frozen=True, slots=True)
class Agreement:
    """How judges of the same pairs agree.

    Attributes:
        compared: how often two people judged the same pair.
        same: how often they said the same.
        kappa: beyond chance, linear weights; None where it is not defined.
    """

    compared: int
    same: int
    kappa: float | None

    @property
    def words(self) -> str:
        """The size of kappa in plain words."""
        return in_words(self.kappa)


@dataclass(frozen=True, slots=True)
class Coverage:
    """Figures of the ledger.

    Attributes:
        pairs: pairs judged by somebody.
        judges: people who judged.
        split: pairs of which judges say different things.
    """

    pairs: int
    judges: int
    split: int
    agreement: Agreement
    materials: Sequence[Reach]
    regions: Sequence[Reach]


def coverage() -> Coverage:
    """Figures of all judgements that stand."""
    stands = Judgement.is_taken_back.is_(False)
    judges = select(func.count(func.distinct(Judgement.judge_id))).where(stands)
    return Coverage(
        pairs=_count(_judged_pairs()),
        judges=db.session.scalar(judges) or 0,
        split=_count(split_pairs().subquery()),
        agreement=_agreement(),
        materials=_by_material(),
        regions=_by_region(),
    )


def _count(table: Subquery) -> int:
    return db.session.scalar(select(func.count()).select_from(table)) or 0


def _judged_pairs() -> Subquery:
    return (
        select(Judgement.need_id, Judgement.offering_id)
        .where(Judgement.is_taken_back.is_(False))
        .distinct()
        .subquery("judged")
    )


def pairs_by_material() -> Mapping[str, int]:
    """Judged pairs by the code of each material of the need."""
    judged = _judged_pairs()
    query = (
        select(NeedTag.code, func.count())
        .join(judged, judged.c.need_id == NeedTag.post_id)
        .where(NeedTag.facet == "materials")
        .group_by(NeedTag.code)
    )
    return dict(db.session.execute(query).tuples().all())


def pairs_by_region() -> Mapping[str, int]:
    """Judged pairs by the region of the need; an empty name for needs without a place."""
    judged = _judged_pairs()
    query = (
        select(Need.prefecture, func.count())
        .join(judged, judged.c.need_id == Need.id)
        .group_by(Need.prefecture)
    )
    found: Counter[str] = Counter()
    for prefecture, pairs in db.session.execute(query):
        found[REGION_OF.get(prefecture or "", "")] += pairs
    return found


def _by_material() -> list[Reach]:
    judged = pairs_by_material()
    query = select(Material).where(Material.is_active).order_by(Material.position, Material.code)
    found = [
        Reach(each.code, each.name, judged.get(each.code, 0), GOAL_OF_MATERIAL)
        for each in db.session.scalars(query)
    ]
    return sorted(found, key=lambda reach: reach.pairs)


def _by_region() -> list[Reach]:
    judged = pairs_by_region()
    found = [Reach(name, name, judged.get(name, 0), GOAL_OF_REGION) for name in REGIONS]
    without = judged.get("", 0)
    return found + ([Reach("", NO_REGION, without, GOAL_OF_REGION)] if without else [])


def _agreement() -> Agreement:
    first, second = aliased(Judgement), aliased(Judgement)
    same_pair = and_(
        first.need_id == second.need_id,
        first.offering_id == second.offering_id,
        first.id < second.id,
        # Of two texts nobody can say the same.
        first.need_hash == second.need_hash,
        first.offering_hash == second.offering_hash,
    )
    query = (
        select(first.fit, second.fit, func.count())
        .join(second, same_pair)
        .where(first.is_taken_back.is_(False), second.is_taken_back.is_(False))
        .group_by(first.fit, second.fit)
    )
    return _agreement_of(db.session.execute(query).all())


def _agreement_of(rows: Sequence[Any]) -> Agreement:
    counts = {(FIT_ORDER[a], FIT_ORDER[b]): times for a, b, times in rows}
    pairs = [pair for pair, times in counts.items() for _ in range(times)]
    return Agreement(len(pairs), sum(a == b for a, b in pairs), weighted_kappa(pairs))
