"""How the orders of two versions differ over stored needs, and which agrees better with people.

Nobody sees the order of the version in shadow: it is computed by the worker over the same index.
"""

from __future__ import annotations

import copy
import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import combinations
from typing import Any

from sqlalchemy import func, select

from embeddings.facts import OfferingFacts
from embeddings.ranking import Rules
from embeddings.store import RankingIndex, TwoSidedIndex
from matchmaker.core.db import db, new_id
from matchmaker.core.dialect import reading_only
from matchmaker.matching.domain import VersionState
from matchmaker.matching.engine import MatchingEngine
from matchmaker.matching.ledger import queries as ledger
from matchmaker.matching.models import IndexEntry, RankingVersion
from matchmaker.matching.releases import queries
from matchmaker.matching.releases.models import RankingComparison
from matchmaker.matching.releases.workshop import Report, silent
from matchmaker.needs.models import Need
from matchmaker.offerings.models import Offering
from matchmaker.posts.domain import PostKind

NEEDS_MOST = 300
"""The needs that were written last; more tell nothing new."""
STRIDE = 20
TOP = 10
MOVED_SHOWN = 10
STEP = "ニーズごとに並べています"
Grades = Mapping[str, Mapping[str, float]]
"""Need id → offering id → mean grade of what was said."""


@dataclass(frozen=True, slots=True)
class Orders:
    """The best ten of one need by both versions, and both scores of its judged offerings."""

    need_id: str
    live: Sequence[str]
    shadow: Sequence[str]
    live_scores: Mapping[str, float]
    shadow_scores: Mapping[str, float]


def compare_stored(
    version: RankingVersion, engine: MatchingEngine, now: datetime, report: Report = silent
) -> RankingComparison:
    """Rank the newest stored needs by a version and by the live one, and keep how they differ.

    Args:
        version: usually the one in shadow.
        engine: its index and its rules, which are those of the live version.
        report: told after every 20 needs.
    """
    version_id, model = version.id, queries.model_of(version)
    with reading_only():
        need_ids, grades = _newest_needs(), _grades(version.trained_at)
        db.session.rollback()
    orders: list[Orders] = []
    for start in range(0, len(need_ids), STRIDE):
        report(start, len(need_ids), STEP)
        # No transaction stays open for longer than a few needs take.
        with reading_only():
            rules = replace(engine.rules(), model=model)
            orders += _orders(engine.index(), rules, need_ids[start : start + STRIDE], grades)
            db.session.rollback()
    figures = differences(orders, grades)
    figures["moved"] = _with_titles(figures["moved"])
    comparison = RankingComparison(
        id=new_id(), version_id=version_id, live_number=queries.live_number(), needs=len(orders),
        figures=figures, at=now,
    )  # fmt: skip
    db.session.add(comparison)
    db.session.flush()
    return comparison


def _newest_needs() -> list[str]:
    """Ids of the listed needs that were written last, newest first."""
    query = (
        select(IndexEntry.post_id)
        .where(IndexEntry.kind == PostKind.NEED.value, IndexEntry.is_listed)
        .order_by(IndexEntry.seq.desc())
        .limit(NEEDS_MOST)
    )
    return [str(id_) for id_ in db.session.scalars(query)]


def _grades(since: datetime) -> dict[str, dict[str, float]]:
    """Mean grade of each pair that people judged since a version was trained."""
    said: dict[tuple[str, str], list[float]] = {}
    for entry in ledger.entries(since=since):
        if entry.grade is not None:
            said.setdefault((str(entry.need_id), str(entry.offering_id)), []).append(entry.grade)
    found: dict[str, dict[str, float]] = {}
    for (need_id, offering_id), grades in said.items():
        found.setdefault(need_id, {})[offering_id] = sum(grades) / len(grades)
    return found


def _orders(
    index: TwoSidedIndex, rules: Rules, need_ids: Sequence[str], grades: Grades
) -> Iterator[Orders]:
    live_side, shadow = index.offerings, _ranked_by(index.offerings, rules)
    centre = index.needs.centre()
    for need_id in need_ids:
        need = index.needs.get(need_id)
        if need is None:
            continue
        judged = grades.get(need_id, {}).keys()
        yield Orders(
            need_id,
            [place.id for place in live_side.rank(need, top_k=TOP, query_side=centre)],
            [place.id for place in shadow.rank(need, top_k=TOP, query_side=centre)],
            live_side.scores(need, judged, query_side=centre) if judged else {},
            shadow.scores(need, judged, query_side=centre) if judged else {},
        )


def _ranked_by(side: RankingIndex[OfferingFacts], rules: Rules) -> RankingIndex[OfferingFacts]:
    """The same posts and indexes, which are shared, under other rules."""
    other = copy.copy(side)
    other.rules = rules
    return other


def differences(orders: Sequence[Orders], grades: Grades) -> dict[str, Any]:
    """What two versions make of the same needs.

    Args:
        grades: what people said of pairs, by need and offering.

    Returns:
        ``overlap10`` mean number of common places of ten; ``moved`` pairs that moved most, with
        both places (None below ten); ``judged`` in how many pairs of offerings of which people
        prefer one, and only one version puts it first, that is the shadow or the live one;
        ``best`` the shadow's ten best by need.
    """
    shared = [len(set(each.live) & set(each.shadow)) for each in orders]
    return {
        "overlap10": round(sum(shared) / len(shared), 2) if shared else 0.0,
        "moved": _moved(orders),
        "judged": _judged(orders, grades),
        "best": {each.need_id: list(each.shadow) for each in orders},
    }


def _moved(orders: Iterable[Orders]) -> list[dict[str, Any]]:
    """Pairs with the longest way between their two places, one a need."""
    found: list[dict[str, Any]] = []
    for each in orders:
        live = {id_: place for place, id_ in enumerate(each.live, 1)}
        shadow = {id_: place for place, id_ in enumerate(each.shadow, 1)}
        ways = {
            id_: abs(live.get(id_, TOP + 1) - shadow.get(id_, TOP + 1))
            for id_ in live.keys() | shadow.keys()
        }
        way, id_ = max(((way, id_) for id_, way in ways.items()), default=(0, ""))
        if way:
            found.append(
                {
                    "need_id": each.need_id,
                    "offering_id": id_,
                    "live_place": live.get(id_),
                    "shadow_place": shadow.get(id_),
                    "way": way,
                }
            )
    return sorted(found, key=lambda item: (-item["way"], item["need_id"]))[:MOVED_SHOWN]


def _judged(orders: Iterable[Orders], grades: Grades) -> dict[str, int]:
    counts = {"pairs": 0, "shadow": 0, "live": 0}
    for each in orders:
        known = sorted(each.live_scores.keys() & each.shadow_scores.keys())
        for first, second in combinations(known, 2):
            wanted = grades[each.need_id][first] - grades[each.need_id][second]
            if not wanted:
                continue
            counts["pairs"] += 1
            live = (each.live_scores[first] - each.live_scores[second]) * wanted > 0
            shadow = (each.shadow_scores[first] - each.shadow_scores[second]) * wanted > 0
            counts["shadow"] += shadow and not live
            counts["live"] += live and not shadow
    return counts


def _with_titles(moved: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Titles beside the ids, as they are when the comparison is made."""
    needs = _titles(Need, [each["need_id"] for each in moved])
    offerings = _titles(Offering, [each["offering_id"] for each in moved])
    return [
        {
            **each,
            "need_title": needs.get(each["need_id"], ""),
            "offering_title": offerings.get(each["offering_id"], ""),
        }
        for each in moved
    ]


def _titles(model: Any, ids: Sequence[str]) -> dict[str, str]:
    query = select(model.id, model.title).where(model.id.in_([uuid.UUID(id_) for id_ in ids]))
    return {str(id_): title for id_, title in db.session.execute(query)}


def shadow_best(need_id: uuid.UUID) -> Sequence[uuid.UUID]:
    """The best ten offerings of a need by the version in shadow, as last compared; else none."""
    newest = select(func.max(RankingComparison.at)).scalar_subquery()
    best = db.session.scalar(
        select(RankingComparison.figures["best"][str(need_id)])
        .join(RankingVersion, RankingVersion.id == RankingComparison.version_id)
        .where(RankingVersion.state == VersionState.SHADOW, RankingComparison.at == newest)
        .limit(1)
    )
    return [uuid.UUID(id_) for id_ in best or ()]
