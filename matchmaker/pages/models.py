"""Reference data that only pages for visitors show."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from matchmaker.core.db import Base, IdMixin
from matchmaker.pages.domain import EVENT_KIND_LABELS


class ReferenceEvent(IdMixin, Base):
    """A public event around the partnership, past or announced."""

    __tablename__ = "reference_events"
    __table_args__ = (Index("ix_reference_events_held_on", "held_on", "key"),)

    key: Mapped[str] = mapped_column(String(60), unique=True)
    kind: Mapped[str] = mapped_column(String(32))
    name: Mapped[str] = mapped_column(String(120))
    held_on: Mapped[date]
    time_note: Mapped[str] = mapped_column(String(120))
    place: Mapped[str] = mapped_column(String(120))
    prefecture: Mapped[str] = mapped_column(String(8))
    organiser: Mapped[str] = mapped_column(String(120))
    source: Mapped[str] = mapped_column(String(200))
    source_url: Mapped[str] = mapped_column(String(500))

    @property
    def kind_label(self) -> str:
        """Japanese word for the kind."""
        return EVENT_KIND_LABELS.get(self.kind, "イベント")
