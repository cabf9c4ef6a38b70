"""Adding to the lineage: the only place that writes its tables."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from matchmaker.core.db import db
from matchmaker.partnering.lineage.domain import (
    NAME_LENGTH,
    TITLE_LENGTH,
    Audience,
    RecordKey,
)
from matchmaker.partnering.lineage.models import LineageLink, LineageRecord


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What is to be written.

    Args:
        key: the record it happened to.
        tag: tag of the domain event.
        title: how the record is called now.
        before, after: states, where the entry is about one.
        parents: records that this one grew from.
        former_parents: links that are taken back.
    """

    key: RecordKey
    at: datetime
    tag: str
    actor_name: str = ""
    organization_id: uuid.UUID | None = None
    title: str = ""
    before: str | None = None
    after: str | None = None
    audience: Audience = Audience.RECORD
    parents: Iterable[RecordKey] = ()
    former_parents: Iterable[RecordKey] = ()


def append(entry: Entry) -> LineageRecord:
    """Write one entry with its links, in the present transaction."""
    row = LineageRecord(
        at=entry.at,
        actor_name=entry.actor_name[:NAME_LENGTH],
        organization_id=entry.organization_id,
        kind=entry.key.kind,
        record_id=entry.key.record_id,
        tag=entry.tag,
        before=entry.before,
        after=entry.after,
        title=entry.title[:TITLE_LENGTH],
        audience=entry.audience,
    )
    db.session.add(row)
    db.session.flush()
    links = [(parent, True) for parent in entry.parents]
    links += [(parent, False) for parent in entry.former_parents]
    for parent, is_linked in links:
        db.session.add(_link(row, parent, is_linked))
    db.session.flush()
    return row


def _link(row: LineageRecord, parent: RecordKey, is_linked: bool) -> LineageLink:
    return LineageLink(
        entry_sequence=row.sequence,
        kind=row.kind,
        record_id=row.record_id,
        parent_kind=parent.kind,
        parent_id=parent.record_id,
        is_linked=is_linked,
    )
