"""What happens at the door of an event (``subject_id``)."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import ClassVar

from matchmaker.core.domain_events import DomainEvent


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonReceived(DomainEvent):
    """Somebody is there."""

    tag: ClassVar[str] = "regional-events:attendee:received"
    attendee_id: uuid.UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceptionUndone(DomainEvent):
    """A check-in was taken back."""

    tag: ClassVar[str] = "regional-events:attendee:reception-undone"
    attendee_id: uuid.UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class WalkInAdmitted(DomainEvent):
    """Somebody without a seat was let in on the day."""

    tag: ClassVar[str] = "regional-events:attendee:walk-in-admitted"
    attendee_id: uuid.UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class RoomFilled(DomainEvent):
    """A room reached a share of its seats."""

    tag: ClassVar[str] = "regional-events:room:filled"
    track_id: uuid.UUID
    threshold: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceListed(DomainEvent):
    """A device took the list of an event with it."""

    tag: ClassVar[str] = "regional-events:reception-device:listed"


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceRevoked(DomainEvent):
    """The list of a device was taken away."""

    tag: ClassVar[str] = "regional-events:reception-device:revoked"


@dataclass(frozen=True, slots=True, kw_only=True)
class BadgesPrinted(DomainEvent):
    """Name badges were made."""

    tag: ClassVar[str] = "regional-events:badges:printed"


@dataclass(frozen=True, slots=True, kw_only=True)
class AttendanceImported(DomainEvent):
    """A list of those who were online was taken in."""

    tag: ClassVar[str] = "regional-events:online-attendance:imported"
