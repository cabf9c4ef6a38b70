"""Tables of the reception: who was there."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from matchmaker.core.db import Base, IdMixin, word_column
from matchmaker.regional_events.reception.domain import CheckInWay
from matchmaker.regional_events.registrations.models import Attendee


class CheckIn(IdMixin, Base):
    """That a person was there: at most one row a person, however many devices say so.

    Args:
        way: how presence was established.
        at: when, by the clock of the device for those taken without a connection.
        received_at: when the service learned of it.
        device: name of the device at the door.
        actor_name: who checked in, for the record.
    """

    __tablename__ = "check_ins"
    __table_args__ = (Index("ix_check_ins_event_id", "event_id", "at"),)

    event_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("regional_events.id"))
    attendee_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("attendees.id", ondelete="CASCADE"), unique=True
    )
    way: Mapped[CheckInWay] = mapped_column(word_column(CheckInWay, "way"))
    at: Mapped[datetime]
    received_at: Mapped[datetime]
    device: Mapped[str] = mapped_column(String(60), default="")
    actor_id: Mapped[uuid.UUID | None]
    actor_name: Mapped[str] = mapped_column(String(100), default="")

    attendee: Mapped[Attendee] = relationship(lazy="raise")
