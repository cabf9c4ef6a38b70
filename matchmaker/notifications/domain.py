"""Mail waiting to be sent: its states and when the next attempt is due. Pure rules."""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

LEASE = timedelta(minutes=5)
"""How long one worker may take for one message before another may take it over."""

BACK_OFF = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=6),
    timedelta(hours=12),
    timedelta(hours=24),
)
"""Pauses between attempts; after the last one the message counts as failed (about two days)."""


class OutboxState(StrEnum):
    """Where a message stands."""

    WAITING = "waiting"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    DROPPED = "dropped"


STATE_LABELS = {
    OutboxState.WAITING: "送信待ち",
    OutboxState.SENDING: "送信中",
    OutboxState.SENT: "送信済み",
    OutboxState.FAILED: "送信できませんでした",
    OutboxState.DROPPED: "送らないことにしました",
}


@dataclass(frozen=True, slots=True)
class RenderedMail:
    """A mail as its template gives it: the first line is the subject, the rest the body."""

    subject: str
    body: str


@dataclass(frozen=True, slots=True)
class Attachment:
    """A small file that goes with a mail.

    Args:
        name: ASCII file name.
        media_type: what it is, for example ``image/png``.
        content: the file.
    """

    name: str
    media_type: str
    content: bytes

    def to_data(self) -> dict[str, str]:
        """As the outbox keeps it: JSON, the content in Base64."""
        return {
            "name": self.name,
            "media_type": self.media_type,
            "content": b64encode(self.content).decode(),
        }

    @classmethod
    def from_data(cls, data: Mapping[str, str]) -> Attachment:
        """What :meth:`to_data` wrote."""
        return cls(data["name"], data["media_type"], b64decode(data["content"]))


def next_attempt(attempts: int, now: datetime) -> datetime | None:
    """When to try again after ``attempts`` failed ones; None when it is time to give up."""
    if attempts > len(BACK_OFF):
        return None
    return now + BACK_OFF[attempts - 1]


def split_subject(text: str) -> RenderedMail:
    """Take a rendered template apart.

    Raises:
        ValueError: the first line is no subject.
    """
    first, _, rest = text.lstrip().partition("\n")
    mark, colon, subject = first.partition("：")
    if mark != "件名" or not colon or not subject.strip():
        raise ValueError("a mail template begins with 件名：")
    return RenderedMail(subject.strip(), rest.strip() + "\n")
