"""When demo posts were published: on working days of the last months, the same each time."""

from __future__ import annotations

import zlib
from datetime import datetime, time, timedelta

from matchmaker.core.clock import JST, start_of_day, today

LONGEST_AGO_DAYS = 150
SHORTEST_AGO_DAYS = 2
LONGEST_WAIT_DAYS = 5
SATURDAY = 5
FIRST_HOUR, WORKING_MINUTES = 9, 8 * 60


def published_at(key: str, now: datetime) -> datetime:
    """A moment in office hours on a working day of the last five months, fixed by ``key``."""
    number = zlib.crc32(key.encode("utf-8"))
    span = LONGEST_AGO_DAYS - SHORTEST_AGO_DAYS
    day = today(now) - timedelta(days=SHORTEST_AGO_DAYS + number % span)
    if day.weekday() >= SATURDAY:
        day -= timedelta(days=day.weekday() - SATURDAY + 1)
    minutes = (number // span) % WORKING_MINUTES
    return datetime.combine(day, time(FIRST_HOUR), JST) + timedelta(minutes=minutes)


def handed_in_at(key: str, now: datetime) -> datetime:
    """When a post was handed in that still waits for its answer: within the last six days."""
    number = zlib.crc32(key.encode("utf-8"))
    return now - timedelta(days=1 + number % LONGEST_WAIT_DAYS, minutes=number % WORKING_MINUTES)


def begun_at(published: datetime) -> datetime:
    """When the writing of a post began: the morning two days before."""
    return start_of_day(today(published) - timedelta(days=2)) + timedelta(hours=FIRST_HOUR)
