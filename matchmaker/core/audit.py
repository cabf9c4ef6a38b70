"""The audit log: who did what to which record, when and why. Entries are only ever added."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Index, String, Text, select
from sqlalchemy.orm import Mapped, mapped_column

from matchmaker.core.db import Base, IdMixin, db
from matchmaker.core.domain_events import DomainEvent


class AuditEntry(IdMixin, Base):
    """One thing that was done."""

    __tablename__ = "audit_entries"
    __table_args__ = (
        Index("ix_audit_entries_subject_id_at", "subject_id", "at"),
        Index("ix_audit_entries_at", "at"),
    )

    at: Mapped[datetime]
    tag: Mapped[str] = mapped_column(String(80))
    actor_id: Mapped[uuid.UUID | None]
    actor_name: Mapped[str] = mapped_column(String(100))
    subject_id: Mapped[uuid.UUID]
    organization_id: Mapped[uuid.UUID | None]
    reason: Mapped[str] = mapped_column(Text)
    details: Mapped[dict[str, Any]]


def write_entry(event: DomainEvent) -> None:
    """Write ``event`` into the log, in the present transaction."""
    entry = AuditEntry(
        at=event.now,
        tag=event.tag,
        actor_id=event.actor.user_id,
        actor_name=event.actor.name,
        subject_id=event.subject_id,
        organization_id=event.organization_id,
        reason=event.reason,
        details=event.details,
    )
    db.session.add(entry)


def entries_of(subject_id: uuid.UUID, limit: int = 50) -> Sequence[AuditEntry]:
    """What was done to one record, newest first, at most ``limit`` entries."""
    query = (
        select(AuditEntry)
        .where(AuditEntry.subject_id == subject_id)
        .order_by(AuditEntry.at.desc(), AuditEntry.id.desc())
        .limit(limit)
    )
    return db.session.scalars(query).all()
