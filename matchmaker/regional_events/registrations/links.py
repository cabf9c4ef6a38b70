"""Links by which people see and change their registration without signing in."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from enum import StrEnum

from matchmaker.core import signed_links
from matchmaker.core.errors import ProductError
from matchmaker.core.settings import current_settings
from matchmaker.core.signed_links import InvalidLink
from matchmaker.regional_events.registrations.models import Attendee, Registration

KEPT_FOR = timedelta(days=30)
"""So long after the end of an event its links still open."""

TICKETS = "/event-tickets"


class LinkPurpose(StrEnum):
    """What a link is for; one of them opens nothing else."""

    TICKET = "ticket"
    CONFIRM = "confirm"


class GoneLink(ProductError):
    """The link was one of ours, but it does not count any more."""

    status = 410


REPLACED = (
    "このリンクは、もう使えません。参加する人が代わったか、新しいリンクが送られています。"
    "新しいメールのリンクを使ってください。"
)
PAST = "イベントが終わって30日たったため、このページは閉じました。"


def token_for(purpose: LinkPurpose, subject_id: uuid.UUID, version: int) -> str:
    """The signed token of a link.

    Args:
        purpose: what the link is for.
        subject_id: the attendee (ticket) or the registration (confirm).
        version: ``link_version`` of that record.
    """
    return signed_links.sign(purpose.value, subject_id, version)


def read_token(purpose: LinkPurpose, token: str) -> tuple[uuid.UUID, int]:
    """Which record and version a token names.

    Raises:
        InvalidLink: it is forged, cut off, or made for something else.
    """
    return signed_links.read(purpose.value, token)


def ticket_token(attendee: Attendee) -> str:
    """The token of one person's page."""
    return token_for(LinkPurpose.TICKET, attendee.id, attendee.link_version)


def ticket_url(attendee: Attendee) -> str:
    """The whole address of one person's page, for mails."""
    return f"{current_settings().resolved_public_url()}{TICKETS}/{ticket_token(attendee)}"


def confirm_url(registration: Registration) -> str:
    """The whole address with which a guest confirms the mail address."""
    token = token_for(LinkPurpose.CONFIRM, registration.id, registration.link_version)
    return f"{current_settings().resolved_public_url()}{TICKETS}/{token}/confirm"


def check_alive(version: int, present: int, ends_at: datetime, now: datetime) -> None:
    """Refuse a link that was replaced, or whose event is long over.

    Raises:
        GoneLink: with the reason in words; nothing of the person is said.
    """
    if version != present:
        raise GoneLink(REPLACED)
    if now >= ends_at + KEPT_FOR:
        raise GoneLink(PAST)


__all__ = [
    "GoneLink",
    "InvalidLink",
    "LinkPurpose",
    "check_alive",
    "confirm_url",
    "read_token",
    "ticket_token",
    "ticket_url",
    "token_for",
]
