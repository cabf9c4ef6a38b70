"""What a model that reads both texts together said, kept with the pair.

Readings are derived and can be made anew at any time.
"""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import Float, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from matchmaker.core.db import Base
from matchmaker.matching.models import SEQUENCE


class PairReading(Base):
    """One reading of one pair; it holds for these two texts and this reader only.

    Attributes:
        model_id: the reader.
        need_hash, offering_hash: of the texts that were read, as the index entries have them.
        score: log-odds that the pair is worth a conversation.
    """

    __tablename__ = "pair_readings"

    need_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("needs.id", ondelete="CASCADE"), primary_key=True
    )
    offering_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("offerings.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    model_id: Mapped[str] = mapped_column(String(200))
    need_hash: Mapped[str] = mapped_column(String(64))
    offering_hash: Mapped[str] = mapped_column(String(64))
    score: Mapped[float] = mapped_column(Float)
    at: Mapped[datetime]


class PartnersRead(Base):
    """How far the best partners of a post have been read; what is missing here is the queue.

    Attributes:
        post_id: a need or an offering that has an index entry.
        seq: the entry's number when its partners were looked for.
        model_id: the reader.
        attempts: failures since then; a post that fails again and again is left alone until its
            entry changes.
    """

    __tablename__ = "partners_read"

    post_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("index_entries.post_id", ondelete="CASCADE"), primary_key=True
    )
    seq: Mapped[int] = mapped_column(SEQUENCE)
    model_id: Mapped[str] = mapped_column(String(200))
    attempts: Mapped[int] = mapped_column(default=0)
    at: Mapped[datetime]
