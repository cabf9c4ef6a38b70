"""Later features say here whether somebody may still get mail about one of their records."""

from __future__ import annotations

import uuid
from collections.abc import Callable

StillReceives = Callable[[uuid.UUID, uuid.UUID], bool]
"""``(user_id, subject_id) -> bool``: may the person still see the record the mail is about?"""

_checks: dict[str, StillReceives] = {}


def register_check(subject_kind: str, check: StillReceives) -> None:
    """Say who may still get mail about records of ``subject_kind`` (asked just before sending)."""
    _checks[subject_kind] = check


def can_still_receive(
    subject_kind: str, user_id: uuid.UUID | None, subject_id: uuid.UUID | None
) -> bool:
    """Whether the mail may go out; kinds without a check, and mail to mere addresses, always."""
    check = _checks.get(subject_kind)
    if check is None or user_id is None or subject_id is None:
        return True
    return check(user_id, subject_id)
