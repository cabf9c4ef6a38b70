"""What happens at the door of a meeting (``subject_id``)."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import ClassVar

from matchmaker.core.domain_events import DomainEvent


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedIn(DomainEvent):
    """Somebody was there."""

    tag: ClassVar[str] = "meetings:attendance:checked-in"
    user_id: uuid.UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckInUndone(DomainEvent):
    """A tick was taken back."""

    tag: ClassVar[str] = "meetings:attendance:check-in-undone"
    user_id: uuid.UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckInCodeRenewed(DomainEvent):
    """The QR code was replaced; the old one is void."""

    tag: ClassVar[str] = "meetings:check-in-code:renewed"
