"""Suggestions that were put aside while a post was written."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from matchmaker.core.db import Base


class DismissedSuggestion(Base):
    """One suggestion that is not to come back in one draft.

    Attributes:
        form_key: the editor's key, ``<kind>:new:<token>`` or ``<kind>:<post id>``.
        suggestion: what was suggested, for example ``materials:bamboo``.
    """

    __tablename__ = "dismissed_suggestions"
    __table_args__ = (Index("ix_dismissed_suggestions_at", "at"),)

    form_key: Mapped[str] = mapped_column(String(80), primary_key=True)
    suggestion: Mapped[str] = mapped_column(String(120), primary_key=True)
    at: Mapped[datetime]
