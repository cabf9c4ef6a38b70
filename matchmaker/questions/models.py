"""Files that were given as answers."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from matchmaker.core.db import Base, IdMixin
from matchmaker.core.storage import StoredFile


class AnswerFile(IdMixin, Base):
    """A file that answers a question of something (``subject``: a proposal, a survey's answer).

    The answers name it by its id. It is handed out by the feature that owns the subject, behind
    that feature's policy.
    """

    __tablename__ = "answer_files"
    __table_args__ = (Index("ix_answer_files_subject", "subject_kind", "subject_id"),)

    subject_kind: Mapped[str] = mapped_column(String(60))
    subject_id: Mapped[uuid.UUID]
    question_id: Mapped[str] = mapped_column(String(40))
    file_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("stored_files.id"), unique=True)
    removed_at: Mapped[datetime | None]
    created_by_id: Mapped[uuid.UUID | None]
    created_at: Mapped[datetime]

    file: Mapped[StoredFile] = relationship(lazy="raise")
