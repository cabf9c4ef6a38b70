"""Tables of the reception: who was there, devices with a list, what staff were told, badges."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from matchmaker.accounts.models import User
from matchmaker.core.db import Base, IdMixin, word_column
from matchmaker.regional_events.planning.models import Track
from matchmaker.regional_events.reception.domain import CheckInWay, Outcome
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


class ReceptionDevice(IdMixin, Base):
    """A phone that holds the encrypted list of an event. The key never reaches the service.

    Args:
        name: what the staff call it (受付1のスマートフォン).
        people: how many people the list has.
        expires_at: when the device deletes its list by itself.
        seen_at: when it was last in touch.
        revoked_at: when somebody took its list away; it deletes it on the next contact.
    """

    __tablename__ = "reception_devices"
    __table_args__ = (
        Index("ix_reception_devices_event_id", "event_id", "downloaded_at"),
        Index("ix_reception_devices_user_id", "user_id"),
    )

    event_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("regional_events.id", ondelete="CASCADE")
    )
    user_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(String(60))
    people: Mapped[int]
    downloaded_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]

    user: Mapped[User] = relationship(lazy="raise")


class DeviceScan(IdMixin, Base):
    """A scan that a device sent, by the id that the device gave it; sent again, it does nothing.

    Args:
        client_id: made by the device.
        outcome: what the device was told.
    """

    __tablename__ = "device_scans"
    __table_args__ = (
        UniqueConstraint("event_id", "client_id"),
        Index("ix_device_scans_attendee_id", "attendee_id"),
    )

    event_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("regional_events.id", ondelete="CASCADE")
    )
    client_id: Mapped[uuid.UUID]
    attendee_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("attendees.id", ondelete="CASCADE")
    )
    outcome: Mapped[Outcome] = mapped_column(word_column(Outcome, "outcome"))
    received_at: Mapped[datetime]


class RoomNotice(IdMixin, Base):
    """That a room reached a share of its seats; staff are told once."""

    __tablename__ = "room_notices"
    __table_args__ = (
        UniqueConstraint("track_id", "threshold"),
        CheckConstraint("threshold BETWEEN 1 AND 100", name="threshold"),
    )

    track_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("tracks.id", ondelete="CASCADE"))
    threshold: Mapped[int]
    present: Mapped[int]
    at: Mapped[datetime]

    track: Mapped[Track] = relationship(lazy="raise")


class BadgePrint(IdMixin, Base):
    """That a person's name badge was printed, as the person was named then."""

    __tablename__ = "badge_prints"

    attendee_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("attendees.id", ondelete="CASCADE"), unique=True
    )
    code: Mapped[str] = mapped_column(String(32))
    printed_at: Mapped[datetime]
