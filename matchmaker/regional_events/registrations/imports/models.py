"""Imports of guests and their rows. The file itself is not kept."""

from __future__ import annotations

import uuid
from typing import Any

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from matchmaker.core.batch_work import BatchMixin
from matchmaker.core.db import Base, IdMixin, word_column
from matchmaker.regional_events.registrations.imports.domain import ImportState, RowState

CELLS = {
    "personal": "registering the guest",
    "retention": "blanked when registered; others 30 days at most",
}


class GuestImport(IdMixin, BatchMixin, Base):
    """One list that is or was imported.

    Args:
        waits: whether guests without a free seat get in line.
        tells: whether the guests get the mail with their ticket.
        notices: how the file was read, in Japanese.
        columns: names of the fields that the file had.
    """

    __tablename__ = "guest_imports"
    __table_args__ = (
        Index("ix_guest_imports_event_id", "event_id", "created_at", "id"),
        Index("ix_guest_imports_state_started_at", "state", "started_at"),
    )

    event_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("regional_events.id"))
    user_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("users.id", ondelete="SET NULL"), index=True
    )
    user_name: Mapped[str] = mapped_column(String(100))
    file_name: Mapped[str] = mapped_column(String(120))
    state: Mapped[ImportState] = mapped_column(
        word_column(ImportState, "state"), default=ImportState.CHECKED
    )
    waits: Mapped[bool] = mapped_column(default=True)
    tells: Mapped[bool] = mapped_column(default=False)
    notices: Mapped[list[str]] = mapped_column(default=list)
    columns: Mapped[list[str]] = mapped_column(default=list)
    row_count: Mapped[int] = mapped_column(default=0)
    good_count: Mapped[int] = mapped_column(default=0)
    faulty_count: Mapped[int] = mapped_column(default=0)
    duplicate_count: Mapped[int] = mapped_column(default=0)


class GuestImportRow(Base):
    """One row: what was read, what is wrong with it, which registration it became.

    Args:
        values: cleaned values; of faulty rows what stood in the cells; empty once registered.
        errors: message by field name.
        note: why it counts as a double.
    """

    __tablename__ = "guest_import_rows"
    __table_args__ = (
        Index("ix_guest_import_rows_import_id_state", "import_id", "state", "row_number"),
        Index("ix_guest_import_rows_registration_id", "registration_id"),
    )

    import_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("guest_imports.id", ondelete="CASCADE"), primary_key=True
    )
    row_number: Mapped[int] = mapped_column(primary_key=True)
    state: Mapped[RowState] = mapped_column(word_column(RowState, "state"))
    values: Mapped[dict[str, Any]] = mapped_column(info=CELLS)
    errors: Mapped[dict[str, Any]] = mapped_column(info=CELLS)
    note: Mapped[str] = mapped_column(String(300), default="")
    registration_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("registrations.id", ondelete="SET NULL")
    )
