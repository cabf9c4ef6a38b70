"""Checking in to a meeting: when it is possible and which codes are right. Pure rules."""

from __future__ import annotations

import hmac
import secrets
from datetime import datetime, timedelta

from matchmaker.core.clock import end_of_day, start_of_day, today
from matchmaker.working_groups.meetings.domain import MeetingState

CODE_BYTES = 18
ON_THE_DAY = frozenset({MeetingState.ANNOUNCED, MeetingState.HELD})
NOT_TODAY = "受付は、会合の当日だけできます。"
WRONG_CODE = (
    "このQRコードは、いまは使えません。会場に出ているQRコードを、もう一度読み取ってください。"
)


def new_code() -> str:
    """A secret that cannot be guessed, for the QR code."""
    return secrets.token_urlsafe(CODE_BYTES)


def is_right_code(given: str, code: str) -> bool:
    """Whether ``given`` is the present code; an empty code is never right."""
    return bool(code) and hmac.compare_digest(given.encode(), code.encode())


def is_open(state: MeetingState, starts_at: datetime, ends_at: datetime, now: datetime) -> bool:
    """Whether people may check in themselves: on the day of the meeting in Japan.

    A meeting across midnight is open until the end of its last day.
    """
    if state not in ON_THE_DAY:
        return False
    last = today(ends_at - timedelta(microseconds=1))
    return start_of_day(today(starts_at)) <= now < end_of_day(last)


def list_is_open(state: MeetingState, starts_at: datetime, now: datetime) -> bool:
    """Whether organisers may tick people: from the day of the meeting on, also afterwards."""
    return state in ON_THE_DAY and now >= start_of_day(today(starts_at))
