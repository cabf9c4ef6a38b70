"""Finds the pairs of which judgements would teach most; the worker's part, need by need.

Of each need the best twenty partners are looked at as the ranking stores them, and of these the few
with the highest value are kept (see ``domain.teaching_value``), with all pairs of which judges
differ or whose posts were rewritten after a judgement. Doing it twice changes nothing.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import delete, insert, or_, select, update

from matchmaker.core.db import db, new_id
from matchmaker.core.dialect import insert_or_skip, reading_only
from matchmaker.matching.engine import MatchingEngine
from matchmaker.matching.ledger.coverage import pairs_by_material, pairs_by_region
from matchmaker.matching.ledger.domain import (
    CANDIDATES_OF_A_NEED,
    GOAL_OF_MATERIAL,
    GOAL_OF_REGION,
    RANKED_OF_A_NEED,
    REGION_OF,
    RESCAN_AFTER,
    Cause,
    causes_of,
    teaching_value,
)
from matchmaker.matching.ledger.extensions import second_ranking
from matchmaker.matching.ledger.fingerprints import stored_marks
from matchmaker.matching.ledger.models import Judgement, JudgingCandidate, JudgingScan
from matchmaker.matching.models import IndexEntry
from matchmaker.posts.domain import PostKind
from matchmaker.posts.vocabularies import material_names

NEEDS_A_RUN = 20
BEST = 10


@dataclass(slots=True)
class Found:
    """A pair that may be worth judging."""

    offering_id: uuid.UUID
    position: int = 0
    probability: float | None = None
    causes: list[Cause] = field(default_factory=list)

    @property
    def value(self) -> float:
        """How much judging it teaches."""
        return teaching_value(self.probability, self.causes)


def scan_due(engine: MatchingEngine, now: datetime) -> int:
    """Look for pairs of the needs that were looked at longest ago; commits by itself.

    Returns:
        How many needs were looked at.
    """
    with reading_only():
        due = _due(now)
        scanner = _Scanner(engine) if due else None
        found = {need_id: scanner.candidates(need_id) for need_id, _ in due} if scanner else {}
        db.session.rollback()
    for need_id, seq in due:
        _write(need_id, seq, found[need_id], now)
        db.session.commit()
    return len(due)


def _due(now: datetime) -> list[tuple[uuid.UUID, int]]:
    stale = or_(
        JudgingScan.need_id.is_(None),
        JudgingScan.seq != IndexEntry.seq,
        JudgingScan.at < now - RESCAN_AFTER,
    )
    query = (
        select(IndexEntry.post_id, IndexEntry.seq)
        .outerjoin(JudgingScan, JudgingScan.need_id == IndexEntry.post_id)
        .where(IndexEntry.kind == PostKind.NEED.value, IndexEntry.is_listed, stale)
        .order_by(JudgingScan.need_id.is_not(None), JudgingScan.at, IndexEntry.seq)
        .limit(NEEDS_A_RUN)
    )
    return [(need_id, seq) for need_id, seq in db.session.execute(query)]


class _Scanner:
    """Looks at needs one by one; what all share is read once."""

    def __init__(self, engine: MatchingEngine) -> None:
        self._index = engine.index()
        names = material_names()
        judged = pairs_by_material()
        self._judged = {names.get(code, code): pairs for code, pairs in judged.items()}
        self._regions = pairs_by_region()

    def candidates(self, need_id: uuid.UUID) -> list[tuple[Found, str, str]]:
        """Pairs worth judging, each with the marks of both posts."""
        need = self._index.needs.get(str(need_id))
        if need is None:
            return []
        ranked = self._ranked(need)
        self._compare(need_id, ranked)
        for cause, offering_id in _troubled(need_id):
            ranked.setdefault(offering_id, Found(offering_id)).causes.append(cause)
        thin = self._thin(need.facts)
        for each in ranked.values():
            each.causes += thin
        return _with_marks(need_id, _most_telling(list(ranked.values())))

    def _ranked(self, need: Any) -> dict[uuid.UUID, Found]:
        found: dict[uuid.UUID, Found] = {}
        for position, place in enumerate(
            self._index.offerings_for(need, top_k=RANKED_OF_A_NEED), start=1
        ):
            told = place.prospect
            probability = told.together if told is not None and told.silence is None else None
            id_ = uuid.UUID(place.id)
            found[id_] = Found(id_, position, probability, causes_of(probability))
        return found

    def _compare(self, need_id: uuid.UUID, ranked: dict[uuid.UUID, Found]) -> None:
        """Note where a version beside the live one puts others among the best ten."""
        second = set(second_ranking(need_id))
        best = {id_ for id_, each in ranked.items() if each.position <= BEST}
        for offering_id in (best ^ second) if second else ():
            ranked.setdefault(offering_id, Found(offering_id)).causes.append(Cause.SHADOW)

    def _thin(self, facts: Any) -> list[Cause]:
        judged = [self._judged.get(name, 0) for name in facts.materials]
        found = [Cause.THIN_MATERIAL] if judged and min(judged) < GOAL_OF_MATERIAL else []
        region = REGION_OF.get(facts.prefecture or "")
        if region and self._regions.get(region, 0) < GOAL_OF_REGION:
            found.append(Cause.THIN_REGION)
        return found


def _most_telling(found: Sequence[Found]) -> list[Found]:
    """Those with a cause of their own always, of the others the few that teach most."""
    urgent = {Cause.DISAGREEMENT, Cause.STALE}
    kept = [each for each in found if urgent & set(each.causes)]
    others = [each for each in found if not urgent & set(each.causes)]
    others.sort(key=lambda each: (-each.value, each.position))
    return [*kept, *others[:CANDIDATES_OF_A_NEED]]


def _troubled(need_id: uuid.UUID) -> list[tuple[Cause, uuid.UUID]]:
    """Offerings of which judges differ, or whose judgements are about other texts than today's."""
    query = select(Judgement).where(
        Judgement.need_id == need_id, Judgement.is_taken_back.is_(False)
    )
    told: dict[uuid.UUID, list[Judgement]] = {}
    for judgement in db.session.scalars(query):
        told.setdefault(judgement.offering_id, []).append(judgement)
    marks = stored_marks([need_id, *told]) if told else {}
    found = [
        (Cause.DISAGREEMENT, id_) for id_, each in told.items() if len({j.fit for j in each}) > 1
    ]
    return found + [
        (Cause.STALE, id_) for id_, each in told.items() if any(_is_old(j, marks) for j in each)
    ]


def _is_old(judgement: Judgement, marks: Mapping[uuid.UUID, str]) -> bool:
    need = marks.get(judgement.need_id, judgement.need_hash)
    offering = marks.get(judgement.offering_id, judgement.offering_hash)
    return (need, offering) != (judgement.need_hash, judgement.offering_hash)


def _with_marks(need_id: uuid.UUID, found: Sequence[Found]) -> list[tuple[Found, str, str]]:
    marks = stored_marks([need_id, *(each.offering_id for each in found)])
    return [
        (each, marks[need_id], marks[each.offering_id])
        for each in found
        if need_id in marks and each.offering_id in marks
    ]


def _write(
    need_id: uuid.UUID, seq: int, found: Sequence[tuple[Found, str, str]], now: datetime
) -> None:
    db.session.execute(delete(JudgingCandidate).where(JudgingCandidate.need_id == need_id))
    for each, need_mark, offering_mark in found:
        row = insert(JudgingCandidate).values(
            id=new_id(), need_id=need_id, offering_id=each.offering_id, position=each.position,
            probability=each.probability, value=each.value, causes=[c.value for c in each.causes],
            need_hash=need_mark, offering_hash=offering_mark, found_at=now,
        )  # fmt: skip
        insert_or_skip(db.session(), row, ["need_id", "offering_id"])
    scan = insert(JudgingScan).values(need_id=need_id, seq=seq, at=now)
    if insert_or_skip(db.session(), scan, ["need_id"]) == 0:
        db.session.execute(
            update(JudgingScan).where(JudgingScan.need_id == need_id).values(seq=seq, at=now)
        )
