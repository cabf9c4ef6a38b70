"""Files attached to posts."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import CheckConstraint, Enum, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from matchmaker.core.db import Base, IdMixin
from matchmaker.core.storage import StoredFile
from matchmaker.posts.domain import PostKind

MOST_ATTACHMENTS = 10


class Attachment(IdMixin, Base):
    """One file of a post. ``position`` (1 to 10, each once) bounds their number in the database."""

    __tablename__ = "attachments"
    __table_args__ = (
        UniqueConstraint("post_id", "position"),
        CheckConstraint(f"position BETWEEN 1 AND {MOST_ATTACHMENTS}", name="position_bounded"),
    )

    post_kind: Mapped[PostKind] = mapped_column(
        Enum(PostKind, native_enum=False, length=16, name="post_kind", create_constraint=True)
    )
    post_id: Mapped[uuid.UUID]
    position: Mapped[int]
    caption: Mapped[str] = mapped_column(String(100), default="")
    file_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("stored_files.id"), unique=True)
    created_at: Mapped[datetime]
    created_by_id: Mapped[uuid.UUID | None]

    file: Mapped[StoredFile] = relationship(lazy="raise")
