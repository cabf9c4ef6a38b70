"""Drafts of cases in the database. The library itself holds published cases only."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from matchmaker.cases.drafts.domain import (
    NAME_LENGTH,
    QUANTITY_LENGTH,
    REASON_LENGTH,
    THEME_LENGTH,
    TITLE_LENGTH,
    URL_LENGTH,
    DraftState,
)
from matchmaker.core.db import Base, IdMixin, word_column
from matchmaker.organizations.models import Municipality


class CaseDraft(IdMixin, Base):
    """A case as it is being written.

    Args:
        state_reason: why it was returned the last time.
        case_id: the case in the library, while it is published.
        revision: grows with every change (optimistic locking).
    """

    __tablename__ = "case_drafts"
    __table_args__ = (Index("ix_case_drafts_state_updated_at", "state", "updated_at"),)

    state: Mapped[DraftState] = mapped_column(
        word_column(DraftState, "state"), default=DraftState.DRAFT
    )
    state_reason: Mapped[str] = mapped_column(String(REASON_LENGTH), default="")
    case_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("case_studies.id", ondelete="SET NULL"), unique=True
    )
    title: Mapped[str] = mapped_column(String(TITLE_LENGTH))
    municipality_code: Mapped[str] = mapped_column(
        String(6), ForeignKey("municipalities.code"), index=True
    )
    need: Mapped[str] = mapped_column(Text)
    business: Mapped[str] = mapped_column(String(NAME_LENGTH))
    offering: Mapped[str] = mapped_column(Text)
    source_url: Mapped[str] = mapped_column(String(URL_LENGTH))
    theme: Mapped[str] = mapped_column(String(THEME_LENGTH))
    material_note: Mapped[str] = mapped_column(String(NAME_LENGTH))
    quantity: Mapped[str] = mapped_column(String(QUANTITY_LENGTH))
    year: Mapped[int | None]
    note: Mapped[str] = mapped_column(Text)
    materials: Mapped[list[str]] = mapped_column(default=list)
    methods: Mapped[list[str]] = mapped_column(default=list)
    revision: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]

    municipality: Mapped[Municipality] = relationship(lazy="raise")
