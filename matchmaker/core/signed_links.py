"""Links that work without signing in: a signed token names a record and a version of its link.

The version is kept with the record and grows when old links are to become void; whoever reads a
token compares the two. A token of one purpose is worth nothing for another.
"""

from __future__ import annotations

import uuid

from itsdangerous import BadData, URLSafeSerializer

from matchmaker.core.errors import ProductError
from matchmaker.core.settings import current_settings

SALT = "matchmaker-signed-link"
MOST_LENGTH = 300
"""Longer texts are no tokens of ours and are not even looked at."""

INVALID = (
    "このリンクは使えません。アドレスの途中が切れていないか確かめてください。"
    "新しいメールが届いているときは、そちらのリンクを使ってください。"
)


class InvalidLink(ProductError):
    """The token was not made by us, or not for this purpose."""

    status = 404

    def __init__(self, message: str = INVALID) -> None:
        super().__init__(message)


def sign(purpose: str, subject_id: uuid.UUID, version: int) -> str:
    """A token that may stand in an address.

    Args:
        purpose: what the link is for; it salts the signature.
        subject_id: the record.
        version: version of the record's link.
    """
    return _serializer(purpose).dumps([subject_id.hex, version])


def read(purpose: str, token: str) -> tuple[uuid.UUID, int]:
    """The record and the version that a token names.

    Raises:
        InvalidLink: it is forged, cut off, or was made for something else.
    """
    if len(token) > MOST_LENGTH:
        raise InvalidLink
    try:
        subject, version = _serializer(purpose).loads(token)
        found = uuid.UUID(hex=subject), int(version)
    except (BadData, ValueError, TypeError, AttributeError):
        raise InvalidLink from None
    if sign(purpose, *found) != token:
        raise InvalidLink  # the last letter carries bits that the signature does not cover
    return found


def _serializer(purpose: str) -> URLSafeSerializer:
    return URLSafeSerializer(current_settings().resolved_secret_key(), salt=f"{SALT}:{purpose}")
