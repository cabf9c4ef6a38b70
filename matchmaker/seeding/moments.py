"""When demo posts were published: on working days of the last months, the same each time."""

from __future__ import annotations

import zlib
from datetime import datetime, time, timedelta

from matchmaker.core.clock import JST, start_of_day, today

LONGEST_AGO_DAYS = 150
SHORTEST_AGO_DAYS = 2
LONGEST_WAIT_DAYS = 7
SATURDAY = 5
FIRST_HOUR, WORKING_MINUTES = 9, 8 * 60


def published_at(key: str, now: datetime) -> datetime:
    """A moment in office hours on a working day of the last five months, fixed by ``key``."""
    return _working_moment(key, now, SHORTEST_AGO_DAYS, LONGEST_AGO_DAYS)


def handed_in_at(key: str, now: datetime) -> datetime:
    """When a post was handed in that still waits for its answer: within the last week."""
    return _working_moment(key, now, SHORTEST_AGO_DAYS, LONGEST_WAIT_DAYS)


def _working_moment(key: str, now: datetime, shortest_days: int, longest_days: int) -> datetime:
    number, span = zlib.crc32(key.encode("utf-8")), longest_days - shortest_days
    day = today(now) - timedelta(days=shortest_days + number % span)
    if day.weekday() >= SATURDAY:
        day -= timedelta(days=day.weekday() - SATURDAY + 1)
    minutes = (number // span) % WORKING_MINUTES
    return datetime.combine(day, time(FIRST_HOUR), JST) + timedelta(minutes=minutes)


def begun_at(published: datetime) -> datetime:
    """When the writing of a post began: the morning two days before."""
    return start_of_day(today(published) - timedelta(days=2)) + timedelta(hours=FIRST_HOUR)
