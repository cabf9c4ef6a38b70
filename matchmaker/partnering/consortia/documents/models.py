"""Tables of documents: what a person fills in for approval, and workbooks that came back."""

from __future__ import annotations

import uuid
from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from matchmaker.core.db import Base, IdMixin, word_column
from matchmaker.core.storage import StoredFile
from matchmaker.partnering.consortia.documents.domain import PackState
from matchmaker.partnering.consortia.models import PERSONAL


class ApprovalStyle(Base):
    """How a person's approval documents look: kept for the next one."""

    __tablename__ = "approval_styles"

    user_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("users.id", ondelete="CASCADE"), primary_key=True
    )
    boxes: Mapped[list[str]]
    department: Mapped[str] = mapped_column(String(80), default="")
    updated_at: Mapped[datetime]


class ApprovalDraft(IdMixin, Base):
    """What a person wrote for the approval of one consortium, beside its content."""

    __tablename__ = "approval_drafts"
    __table_args__ = (UniqueConstraint("consortium_id", "user_id"),)

    consortium_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("consortia.id", ondelete="CASCADE"))
    user_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("users.id", ondelete="CASCADE"), index=True, info=PERSONAL
    )
    organization_name: Mapped[str] = mapped_column(String(120), default="")
    drafter: Mapped[str] = mapped_column(String(80), default="", info=PERSONAL)
    drafted_on: Mapped[date]
    subject: Mapped[str] = mapped_column(String(200))
    request: Mapped[str] = mapped_column(Text)
    costs: Mapped[str] = mapped_column(Text, default="")
    attachments: Mapped[str] = mapped_column(Text, default="")
    updated_at: Mapped[datetime]


class ReturnedPack(IdMixin, Base):
    """A workbook of a consortium that came back; the file is kept until somebody decides.

    Args:
        base_number: version of the content that the workbook was written from.
        merged_number: version that it became.
    """

    __tablename__ = "returned_packs"
    __table_args__ = (
        CheckConstraint("(state = 'merged') = (merged_number IS NOT NULL)", name="merged_number"),
        Index("ix_returned_packs_consortium_id_state", "consortium_id", "state", "created_at"),
    )

    consortium_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("consortia.id", ondelete="CASCADE"))
    file_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("stored_files.id", ondelete="SET NULL"), index=True
    )
    file_name: Mapped[str] = mapped_column(String(120))
    state: Mapped[PackState] = mapped_column(
        word_column(PackState, "state"), default=PackState.WAITING
    )
    base_number: Mapped[int]
    merged_number: Mapped[int | None]
    user_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("users.id", ondelete="SET NULL"), index=True, info=PERSONAL
    )
    user_name: Mapped[str] = mapped_column(String(100), info=PERSONAL)
    created_at: Mapped[datetime]
    decided_at: Mapped[datetime | None]

    file: Mapped[StoredFile | None] = relationship(lazy="raise")
