"""After a meeting: when organisers are reminded, how long the survey runs. Pure rules."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from urllib.parse import urlsplit

from matchmaker.core.clock import end_of_day, today
from matchmaker.core.errors import ProductError
from matchmaker.core.text import clean_line

REMINDED_AFTER = (3, 7)
"""Days after the meeting on which organisers are reminded of missing minutes."""

LAST_REMINDED_AFTER = 14
"""From this day on a reminder that could not be sent in time is left out."""

URL_LENGTH = 500
SURVEY_TIME = timedelta(days=14)
LONGEST_SURVEY = timedelta(days=90)


def due_reminder(ends_at: datetime, day: date) -> int | None:
    """Which reminder is due on ``day``: 3, 7 or none.

    A worker that was down on the very day makes up for it: the reminder of day 3 is due until day
    6, that of day 7 until day 13 after the day on which the meeting ended in Japan.
    """
    passed = (day - today(ends_at - timedelta(microseconds=1))).days
    if passed >= LAST_REMINDED_AFTER:
        return None
    return max((each for each in REMINDED_AFTER if each <= passed), default=None)


def checked_url(text: str) -> str:
    """An address that a browser opens, or nothing.

    Raises:
        ProductError: it is none, or too long (field ``url``).
    """
    url = clean_line(text)
    if not url:
        return ""
    try:
        parts = urlsplit(url)
        is_good = parts.scheme in {"http", "https"} and bool(parts.hostname) and " " not in url
    except ValueError:
        is_good = False
    if not is_good:
        raise ProductError("https:// から始まるアドレスを入れてください。", "url")
    if len(url) > URL_LENGTH:
        raise ProductError(f"{URL_LENGTH}文字までにしてください。", "url")
    return url


def survey_end(until: date | None, now: datetime) -> datetime:
    """The moment at which the survey closes: the last minute of its last day, so that pages name
    that day and not the one after it. Two weeks ahead if not said.

    Raises:
        ProductError: the day is past or too far ahead (field ``until``).
    """
    last = until or today(now) + SURVEY_TIME
    if last < today(now):
        raise ProductError("最後の日は今日か、今日より後の日にしてください。", "until")
    if last > today(now) + LONGEST_SURVEY:
        raise ProductError("期間は90日以内にしてください。", "until")
    return end_of_day(last) - timedelta(minutes=1)
