"""Tables of the lineage: what happened to records, and which grew from which. Rows are only added.

Records are named by kind and id without foreign keys: an entry outlives the record it tells of.
"""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, Integer, String, event
from sqlalchemy.orm import Mapped, ORMExecuteState, Session, mapped_column

from matchmaker.core.db import Base, word_column
from matchmaker.partnering.lineage.domain import (
    NAME_LENGTH,
    TITLE_LENGTH,
    Audience,
    RecordKind,
)

SEQUENCE = BigInteger().with_variant(Integer, "sqlite")
PERSONAL = {"personal": "だれがしたかの記録", "retention": "操作の記録と同じ"}


class LineageChanged(RuntimeError):
    """Somebody tried to change or delete an entry of the lineage."""


class LineageRecord(Base):
    """One thing that happened to one record.

    Args:
        sequence: order of the entries; numbers are never used twice.
        tag: tag of the domain event.
        organization_id: the organisation concerned, if one.
        before, after: states as words, where the entry is about one.
        title: how the record was called then.
        audience: who may read the entry.
    """

    __tablename__ = "lineage_records"
    __table_args__ = (
        Index("ix_lineage_records_record", "kind", "record_id", "sequence"),
        Index("ix_lineage_records_at", "at"),
        {"sqlite_autoincrement": True},
    )

    sequence: Mapped[int] = mapped_column(SEQUENCE, primary_key=True, autoincrement=True)
    at: Mapped[datetime]
    actor_name: Mapped[str] = mapped_column(String(NAME_LENGTH), default="", info=PERSONAL)
    organization_id: Mapped[uuid.UUID | None]
    kind: Mapped[RecordKind] = mapped_column(word_column(RecordKind, "kind"))
    record_id: Mapped[uuid.UUID]
    tag: Mapped[str] = mapped_column(String(80))
    before: Mapped[str | None] = mapped_column(String(32))
    after: Mapped[str | None] = mapped_column(String(32))
    title: Mapped[str] = mapped_column(String(TITLE_LENGTH), default="")
    audience: Mapped[Audience] = mapped_column(word_column(Audience, "audience"))


class LineageLink(Base):
    """That a record grew from another one; a later row with ``is_linked`` false takes it back."""

    __tablename__ = "lineage_links"
    __table_args__ = (
        Index("ix_lineage_links_child", "kind", "record_id"),
        Index("ix_lineage_links_parent", "parent_kind", "parent_id"),
        {"sqlite_autoincrement": True},
    )

    sequence: Mapped[int] = mapped_column(SEQUENCE, primary_key=True, autoincrement=True)
    entry_sequence: Mapped[int] = mapped_column(ForeignKey("lineage_records.sequence"), index=True)
    kind: Mapped[RecordKind] = mapped_column(word_column(RecordKind, "kind"))
    record_id: Mapped[uuid.UUID]
    parent_kind: Mapped[RecordKind] = mapped_column(word_column(RecordKind, "parent_kind"))
    parent_id: Mapped[uuid.UUID]
    is_linked: Mapped[bool] = mapped_column(default=True)


def _refuse(*_: Any) -> None:
    raise LineageChanged("entries of the lineage are only added")


for _model in (LineageRecord, LineageLink):
    event.listen(_model, "before_update", _refuse)
    event.listen(_model, "before_delete", _refuse)


@event.listens_for(Session, "do_orm_execute")
def _refuse_bulk(state: ORMExecuteState) -> None:
    """Refuse UPDATE and DELETE over whole tables too, written with the model or with its table."""
    if not (state.is_update or state.is_delete):
        return
    if getattr(state.statement, "table", None) in (LineageRecord.__table__, LineageLink.__table__):
        _refuse()
