"""Who is who on the floor without accounts: pseudonyms, the code of the room, the guest's cookie.

Everything is derived from the secret key, so that nothing secret is stored. A pseudonym holds
within one event and cannot be followed from one event to the next (ADR 0048).
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
import uuid
from dataclasses import dataclass
from datetime import datetime

from itsdangerous import BadData, URLSafeSerializer

from matchmaker.core.settings import current_settings

ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Without 0/O, 1/I/L and U: what is read from a screen is typed right."""

CODE_LENGTH = 6
CODE_SECONDS = 600
CODES_ACCEPTED = 2
"""The present code and the one before: a stream lags, and people take a while to type."""

DIGEST_LENGTH = 32
MOST_COOKIE = 400
SALT = "matchmaker-floor-guest"


@dataclass(frozen=True, slots=True)
class Pass:
    """What the cookie of somebody without an account says.

    Args:
        guest: random word of a guest; empty for a ticket.
        attendee_id: the person of the ticket.
        version: version of the ticket's link when it was shown.
    """

    guest: str = ""
    attendee_id: uuid.UUID | None = None
    version: int = 0


def user_key(event_id: uuid.UUID, user_id: uuid.UUID) -> str:
    """Pseudonym of an account."""
    return f"u{_digest(f'user:{event_id}:{user_id}')}"


def attendee_key(event_id: uuid.UUID, attendee_id: uuid.UUID, version: int) -> str:
    """Pseudonym of a registered person without an account; a hand-over makes a new person."""
    return f"a{_digest(f'attendee:{event_id}:{attendee_id}:{version}')}"


def guest_key(event_id: uuid.UUID, guest: str) -> str:
    """Pseudonym of somebody who joined by the code in the room."""
    return f"g{_digest(f'guest:{event_id}:{guest}')}"


def forgotten_key() -> str:
    """What stands in the place of a guest's pseudonym once guests are forgotten."""
    return f"x{secrets.token_hex(DIGEST_LENGTH // 2)}"


def new_guest() -> Pass:
    """A pass for somebody who just joined."""
    return Pass(guest=secrets.token_urlsafe(18))


def room_code(event_id: uuid.UUID, version: int, now: datetime) -> str:
    """The code shown in the room at present; it changes every ten minutes."""
    return _code(event_id, version, int(now.timestamp()) // CODE_SECONDS)


def is_room_code(given: str, event_id: uuid.UUID, version: int, now: datetime) -> bool:
    """Whether ``given`` is the code of the room, the present one or the one before."""
    typed = "".join(given.upper().split()).replace("-", "").encode()
    window = int(now.timestamp()) // CODE_SECONDS
    codes = [_code(event_id, version, window - back) for back in range(CODES_ACCEPTED)]
    return any(hmac.compare_digest(typed, code.encode()) for code in codes)


def _code(event_id: uuid.UUID, version: int, window: int) -> str:
    number = int(_digest(f"room:{event_id}:{version}:{window}"), 16)
    letters = []
    for _ in range(CODE_LENGTH):
        number, index = divmod(number, len(ALPHABET))
        letters.append(ALPHABET[index])
    return "".join(letters)


def _digest(text: str) -> str:
    secret = current_settings().resolved_secret_key().encode()
    name = f"matchmaker-floor:{text}".encode()
    return hmac.new(secret, name, hashlib.sha256).hexdigest()[:DIGEST_LENGTH]


def write_pass(event_id: uuid.UUID, given: Pass) -> str:
    """The value of the cookie; it is good for this event only."""
    attendee = given.attendee_id.hex if given.attendee_id else ""
    return _serializer(event_id).dumps([given.guest, attendee, given.version])


def read_pass(event_id: uuid.UUID, value: str) -> Pass | None:
    """What a cookie says; None when it was not made by us for this event."""
    if not value or len(value) > MOST_COOKIE:
        return None
    try:
        guest, attendee, version = _serializer(event_id).loads(value)
        return Pass(str(guest), uuid.UUID(hex=attendee) if attendee else None, int(version))
    except (BadData, ValueError, TypeError, AttributeError):
        return None


def _serializer(event_id: uuid.UUID) -> URLSafeSerializer:
    return URLSafeSerializer(current_settings().resolved_secret_key(), salt=f"{SALT}:{event_id}")
