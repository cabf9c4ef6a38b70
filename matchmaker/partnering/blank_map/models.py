"""Themes that were made from gaps of the map, each with its call."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from matchmaker.core.db import Base, IdMixin
from matchmaker.working_groups.calls.models import Call

PLACE_LENGTH = 16


class BlankTheme(IdMixin, Base):
    """A gap of the map that became the draft of a call.

    Attributes:
        material_code, place: the gap.
        number: counts the themes of one gap from 1; the next one waits until the call of the last
            has ended, so that a second press makes no second call.
        figures: what was counted at that moment.
    """

    __tablename__ = "blank_themes"
    __table_args__ = (
        UniqueConstraint("material_code", "place", "number"),
        CheckConstraint("number >= 1", name="number_from_one"),
    )

    material_code: Mapped[str] = mapped_column(ForeignKey("materials.code"))
    place: Mapped[str] = mapped_column(String(PLACE_LENGTH))
    number: Mapped[int]
    call_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("calls.id", ondelete="CASCADE"), unique=True
    )
    figures: Mapped[dict[str, Any]]
    created_by_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("users.id", ondelete="SET NULL"), index=True
    )
    created_at: Mapped[datetime]

    call: Mapped[Call] = relationship(lazy="raise")
