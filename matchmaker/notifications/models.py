"""The outbox: mail is written here in the transaction of its cause and sent later."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from matchmaker.accounts.models import User
from matchmaker.core.db import Base, IdMixin
from matchmaker.notifications.domain import OutboxState

_STATES = ", ".join(repr(state.value) for state in OutboxState)
_PERSONAL = {"personal": "delivering mail", "retention": "one year after it was sent"}


class OutboxMessage(IdMixin, Base):
    """One mail to one person."""

    __tablename__ = "outbox_messages"
    __table_args__ = (
        CheckConstraint(f"state IN ({_STATES})", name="state"),
        CheckConstraint("attempts >= 0", name="attempts"),
        Index("ix_outbox_messages_state_next_attempt_at", "state", "next_attempt_at"),
        Index("ix_outbox_messages_created_at", "created_at"),
        Index("ix_outbox_messages_recipient_user_id", "recipient_user_id"),
        Index("ix_outbox_messages_subject_id", "subject_id", "created_at"),
    )

    dedupe_key: Mapped[str] = mapped_column(String(200), unique=True)
    recipient_user_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("users.id", ondelete="SET NULL")
    )
    address: Mapped[str] = mapped_column(String(254), info=_PERSONAL)
    recipient_name: Mapped[str] = mapped_column(String(60), info=_PERSONAL)
    subject: Mapped[str] = mapped_column(String(200))
    body: Mapped[str] = mapped_column(Text, info=_PERSONAL)
    headers: Mapped[dict[str, Any]]
    calendar: Mapped[str | None] = mapped_column(Text)
    attachments: Mapped[list[dict[str, Any]]] = mapped_column(default=list, server_default="[]")
    subject_kind: Mapped[str] = mapped_column(String(60))
    subject_id: Mapped[uuid.UUID | None]
    state: Mapped[str] = mapped_column(String(10))
    reason: Mapped[str] = mapped_column(String(500))
    attempts: Mapped[int]
    next_attempt_at: Mapped[datetime]
    created_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]

    recipient: Mapped[User | None] = relationship(lazy="raise")
