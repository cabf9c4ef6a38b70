"""Tables of matches: both sides said yes."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from matchmaker.core.db import Base, IdMixin
from matchmaker.partnering.introductions.models import Introduction


class Match(IdMixin, Base):
    """Both sides of an introduction said yes: contacts are open, a shared page stands."""

    __tablename__ = "matches"

    introduction_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("introductions.id", ondelete="CASCADE"), unique=True
    )
    revision: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]

    introduction: Mapped[Introduction] = relationship(lazy="raise")
