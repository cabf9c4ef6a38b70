"""Reads of the lineage."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select

from matchmaker.core.db import db
from matchmaker.partnering.lineage.domain import RecordKey, RecordKind, Step
from matchmaker.partnering.lineage.models import LineageLink, LineageRecord

MOST_ENTRIES = 300
"""So many entries are shown on one page, newest ones first to stay."""
MOST_LINKS = 600
READ_AT_ONCE = 1000

Link = tuple[RecordKey, RecordKey]
"""Parent and child."""


def _among(kind: Any, record_id: Any, keys: Iterable[RecordKey]) -> ColumnElement[bool]:
    """Condition that two columns name one of ``keys``."""
    by_kind: dict[RecordKind, list[uuid.UUID]] = defaultdict(list)
    for key in keys:
        by_kind[key.kind].append(key.record_id)
    pairs = sorted(by_kind.items())
    return or_(*(and_(kind == each, record_id.in_(ids)) for each, ids in pairs))


def entries_of(keys: Collection[RecordKey]) -> Sequence[LineageRecord]:
    """The newest 300 entries about these records, oldest first."""
    if not keys:
        return []
    query = (
        select(LineageRecord)
        .where(_among(LineageRecord.kind, LineageRecord.record_id, keys))
        .order_by(LineageRecord.sequence.desc())
        .limit(MOST_ENTRIES)
    )
    return list(reversed(db.session.scalars(query).all()))


def last_state(key: RecordKey) -> str | None:
    """The state that the newest entry about this record tells, None without one."""
    query = (
        select(LineageRecord.after)
        .where(
            LineageRecord.kind == key.kind,
            LineageRecord.record_id == key.record_id,
            LineageRecord.after.is_not(None),
        )
        .order_by(LineageRecord.sequence.desc())
        .limit(1)
    )
    return db.session.scalar(query)


def links_above(keys: Collection[RecordKey]) -> list[Link]:
    """Links from these records to those they grew from, at most 600."""
    return _links(_among(LineageLink.kind, LineageLink.record_id, keys)) if keys else []


def links_below(keys: Collection[RecordKey]) -> list[Link]:
    """Links from these records to those that grew from them, at most 600."""
    return _links(_among(LineageLink.parent_kind, LineageLink.parent_id, keys)) if keys else []


def _links(condition: ColumnElement[bool]) -> list[Link]:
    query = select(LineageLink).where(condition).order_by(LineageLink.sequence).limit(MOST_LINKS)
    present: dict[Link, bool] = {}
    for row in db.session.scalars(query):
        child = RecordKey(row.kind, row.record_id)
        present[(RecordKey(row.parent_kind, row.parent_id), child)] = row.is_linked
    return [link for link, is_linked in present.items() if is_linked]


def known_ids(kind: RecordKind) -> set[uuid.UUID]:
    """Ids of all records of a kind that have an entry."""
    query = select(LineageRecord.record_id).where(LineageRecord.kind == kind).distinct()
    return set(db.session.scalars(query))


def all_steps(kinds: Collection[RecordKind]) -> Iterator[Step]:
    """Every entry about records of these kinds, oldest first, read a thousand at a time."""
    last = 0
    while True:
        query = (
            select(LineageRecord)
            .where(LineageRecord.kind.in_(list(kinds)), LineageRecord.sequence > last)
            .order_by(LineageRecord.sequence)
            .limit(READ_AT_ONCE)
        )
        rows = db.session.scalars(query).all()
        if not rows:
            return
        for row in rows:
            yield Step(RecordKey(row.kind, row.record_id), row.before, row.after)
        last = rows[-1].sequence
