"""Which entry of the seed files became which record, so that loading again changes nothing."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from matchmaker.core.db import Base


class SeedRecord(Base):
    """One entry of a seed file that has been loaded.

    ``key`` is ``<kind>:<key in the file>``, such as ``need:bamboo-groves``.
    """

    __tablename__ = "seed_records"

    key: Mapped[str] = mapped_column(String(120), primary_key=True)
    record_id: Mapped[uuid.UUID]
    loaded_at: Mapped[datetime]
