"""Tables of support programmes and of the figures that consortia give for them."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from matchmaker.core.db import Base, IdMixin
from matchmaker.partnering.consortia.models import PERSONAL

NAME_LENGTH = 120
KEY_LENGTH = 60


class SupportProgramme(IdMixin, Base):
    """A support programme.

    Args:
        key: of the entry of the reference data it was loaded from; None for those of people's own.
        values: its fields as JSON (``content.stored``).
        is_listed: whether it stands in the public list.
    """

    __tablename__ = "support_programmes"
    __table_args__ = (
        CheckConstraint("revision >= 1", name="revision"),
        Index("uq_support_programmes_key", "key", unique=True),
        Index("ix_support_programmes_is_listed_name", "is_listed", "name"),
    )

    key: Mapped[str | None] = mapped_column(String(KEY_LENGTH))
    name: Mapped[str] = mapped_column(String(NAME_LENGTH))
    values: Mapped[dict[str, Any]]
    is_listed: Mapped[bool] = mapped_column(default=True, server_default=text("true"))
    revision: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]


class ProgrammeFigures(Base):
    """What one consortium gave for the conditions and rates of all programmes.

    Args:
        figures: numbers as text by code of ``conditions.FIGURES``.
        costs: planned costs in yen by the id of the partner's row.
    """

    __tablename__ = "programme_figures"

    consortium_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("consortia.id", ondelete="CASCADE"), primary_key=True
    )
    figures: Mapped[dict[str, Any]]
    costs: Mapped[dict[str, Any]]
    revision: Mapped[int] = mapped_column(default=1)
    updated_at: Mapped[datetime]
    updated_by_name: Mapped[str] = mapped_column(String(100), info=PERSONAL)
