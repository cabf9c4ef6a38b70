"""When things of the demo happened; posts on working days of the last months, always the same."""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

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


def moment_of(entry: Mapping[str, Any], begin: datetime) -> datetime:
    """So many days from the day of ``begin``, at a time of day in Japan."""
    return at_time(today(begin) + timedelta(days=entry["days"]), entry["time"])


def at_time(day: date, clock_time: str) -> datetime:
    """A moment in Japan."""
    return datetime.combine(day, time.fromisoformat(clock_time), JST)


def working_day(days: int, now: datetime) -> date:
    """So many days from today; the Monday after when that is a weekend."""
    day = today(now) + timedelta(days=days)
    if day.weekday() < SATURDAY:
        return day
    return day + timedelta(days=SATURDAY + 2 - day.weekday())
