"""Imports and their rows."""

from __future__ import annotations

import uuid
from enum import StrEnum
from typing import Any

from sqlalchemy import Enum, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from matchmaker.core.batch_work import BatchMixin
from matchmaker.core.db import Base, IdMixin
from matchmaker.core.storage import StoredFile
from matchmaker.organizations.models import Organization
from matchmaker.posts.domain import PostKind
from matchmaker.posts.imports.domain import ImportMode, JobState, RowState


def _words(kind: type[StrEnum], name: str) -> Enum:
    """Words with a check, not a database type, to stay portable."""
    return Enum(
        kind,
        native_enum=False,
        length=16,
        name=name,
        values_callable=lambda members: [member.value for member in members],
        create_constraint=True,
    )


class ImportJob(IdMixin, BatchMixin, Base):
    """One file that is or was imported.

    Its steps are the rows to write, and as many again when they are handed in.
    """

    __tablename__ = "import_jobs"
    __table_args__ = (
        Index("ix_import_jobs_organization_id_state", "organization_id", "state"),
        Index("ix_import_jobs_state_started_at", "state", "started_at"),
    )

    post_kind: Mapped[PostKind] = mapped_column(_words(PostKind, "post_kind"))
    organization_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organizations.id"))
    user_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("users.id", ondelete="SET NULL"), index=True
    )
    user_name: Mapped[str] = mapped_column(String(100))
    file_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("stored_files.id"), index=True)
    file_name: Mapped[str] = mapped_column(String(120))
    state: Mapped[JobState] = mapped_column(_words(JobState, "state"), default=JobState.CHECKED)
    mode: Mapped[ImportMode | None] = mapped_column(_words(ImportMode, "mode"))
    submits: Mapped[bool] = mapped_column(default=False)
    with_duplicates: Mapped[bool] = mapped_column(default=False)
    notices: Mapped[list[str]] = mapped_column(default=list)
    columns: Mapped[list[str]] = mapped_column(default=list)
    row_count: Mapped[int] = mapped_column(default=0)
    good_count: Mapped[int] = mapped_column(default=0)
    faulty_count: Mapped[int] = mapped_column(default=0)
    duplicate_count: Mapped[int] = mapped_column(default=0)

    organization: Mapped[Organization] = relationship(lazy="raise")
    file: Mapped[StoredFile | None] = relationship(lazy="raise")


class ImportRow(Base):
    """One row of an import: what was read, what is wrong with it, which post it became."""

    __tablename__ = "import_rows"
    __table_args__ = (
        Index("ix_import_rows_job_id_state", "job_id", "state", "row_number"),
        Index("ix_import_rows_post_id", "post_id"),
    )

    job_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("import_jobs.id", ondelete="CASCADE"), primary_key=True
    )
    row_number: Mapped[int] = mapped_column(primary_key=True)
    state: Mapped[RowState] = mapped_column(_words(RowState, "state"))
    title: Mapped[str] = mapped_column(String(100), default="")
    values: Mapped[dict[str, Any]]
    """Cleaned values as a version keeps them; of faulty rows what stood in the cells."""
    errors: Mapped[dict[str, Any]]
    note: Mapped[str] = mapped_column(String(300), default="")
    post_id: Mapped[uuid.UUID | None]
    post_revision: Mapped[int | None]
