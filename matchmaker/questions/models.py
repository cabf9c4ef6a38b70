"""Files that were given as answers."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from matchmaker.core.db import Base, IdMixin
from matchmaker.core.storage import StoredFile
from matchmaker.questions.kinds import MOST_FILES


class AnswerFile(IdMixin, Base):
    """A file that answers a question of something (``subject``: a proposal, a survey's answer).

    The answers name it by its id. It is handed out by the feature that owns the subject, behind
    that feature's policy. ``position`` (each once, empty after removal) bounds the files of a
    question in the database, also when two people add some at the same moment.
    """

    __tablename__ = "answer_files"
    __table_args__ = (
        Index("ix_answer_files_subject", "subject_kind", "subject_id"),
        UniqueConstraint("subject_kind", "subject_id", "question_id", "position"),
        CheckConstraint(f"position BETWEEN 1 AND {MOST_FILES}", name="position_bounded"),
        CheckConstraint(
            "(position IS NULL) = (removed_at IS NOT NULL)", name="removed_has_no_position"
        ),
    )

    subject_kind: Mapped[str] = mapped_column(String(60))
    subject_id: Mapped[uuid.UUID]
    question_id: Mapped[str] = mapped_column(String(40))
    position: Mapped[int | None]
    file_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("stored_files.id"), unique=True)
    removed_at: Mapped[datetime | None]
    created_by_id: Mapped[uuid.UUID | None]
    created_at: Mapped[datetime]

    file: Mapped[StoredFile] = relationship(lazy="raise")
