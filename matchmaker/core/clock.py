"""Time: stored in UTC, shown in Japan's time; fiscal years run from April to March."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

JST = ZoneInfo("Asia/Tokyo")
FISCAL_YEAR_FIRST_MONTH = 4


def now() -> datetime:
    """The present moment in UTC; only views, jobs and commands call it."""
    return datetime.now(UTC)


def today(moment: datetime) -> date:
    """The calendar day of ``moment`` in Japan."""
    return moment.astimezone(JST).date()


def start_of_day(day: date) -> datetime:
    """The moment at which ``day`` begins in Japan."""
    return datetime.combine(day, time(0), JST).astimezone(UTC)


def end_of_day(day: date) -> datetime:
    """The moment at which ``day`` is over in Japan (the first moment of the next day)."""
    return start_of_day(day + timedelta(days=1))


def fiscal_year(day: date) -> int:
    """The Japanese fiscal year of ``day``: 2026-03-31 belongs to 2025."""
    return day.year if day.month >= FISCAL_YEAR_FIRST_MONTH else day.year - 1
