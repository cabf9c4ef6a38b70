"""What happens to matches. The subject is the match."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import ClassVar

from matchmaker.core.domain_events import DomainEvent


@dataclass(frozen=True, slots=True, kw_only=True)
class MatchMade(DomainEvent):
    """Both sides said yes."""

    tag: ClassVar[str] = "matches:match:made"
    introduction_id: uuid.UUID
    need_id: uuid.UUID
    offering_id: uuid.UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class MatchUndone(DomainEvent):
    """A match was taken back with a reason; its page stays readable for the record."""

    tag: ClassVar[str] = "matches:match:undone"
    introduction_id: uuid.UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class MatchChanged(DomainEvent):
    """Something on the shared page changed: facts, files, next step, the thread, its state.

    Args:
        message_id: what was written into the thread about it, or the message itself.
        is_told: whether the other side gets a mail.
    """

    tag: ClassVar[str] = "matches:match:changed"
    message_id: uuid.UUID | None = None
    is_told: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class AppointmentChanged(DomainEvent):
    """Dates were proposed, one was agreed, moved or cancelled.

    Args:
        appointment_id: the appointment.
        sequence: grows with each change that goes into the calendar file.
        is_told: whether mail goes out; dates that others replace are told with those.
    """

    tag: ClassVar[str] = "matches:appointment:changed"
    appointment_id: uuid.UUID
    sequence: int
    is_told: bool = True
