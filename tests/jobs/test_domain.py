"""Schedules: pure functions of the moment, in Japan's time."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matchmaker.core.clock import JST
from matchmaker.jobs.domain import ALWAYS, Daily, Every, pause_after_failure

MOMENTS = st.datetimes(
    min_value=datetime(2020, 1, 1),  # noqa: DTZ001 - hypothesis adds the zone
    max_value=datetime(2040, 1, 1),  # noqa: DTZ001
    timezones=st.just(UTC),
)


def test_frequent_jobs_have_one_slot() -> None:
    moment = datetime(2026, 4, 1, tzinfo=UTC)
    assert Every(5).slot(moment) == Every(5).slot(moment + timedelta(days=3)) == ALWAYS


@pytest.mark.parametrize(
    ("moment", "slot"),
    [
        ("2026-03-31T14:59:59+00:00", "2026-03-31T00:00:00+09:00"),
        ("2026-03-31T15:00:00+00:00", "2026-04-01T00:00:00+09:00"),
        ("2026-03-31T23:59:59+09:00", "2026-03-31T00:00:00+09:00"),
        ("2026-04-01T00:00:00+09:00", "2026-04-01T00:00:00+09:00"),
    ],
)
def test_fiscal_year_turns_at_midnight_in_japan(moment: str, slot: str) -> None:
    assert Daily(time(0)).slot(datetime.fromisoformat(moment)) == slot


def test_before_the_time_of_day_the_slot_is_yesterdays() -> None:
    six = Daily(time(6))
    assert six.slot(datetime(2026, 4, 1, 5, 59, tzinfo=JST)) == "2026-03-31T06:00:00+09:00"
    assert six.slot(datetime(2026, 4, 1, 6, 0, tzinfo=JST)) == "2026-04-01T06:00:00+09:00"


@given(moment=MOMENTS, hour=st.integers(0, 23), minute=st.integers(0, 59))
def test_a_daily_slot_began_within_the_last_day(moment: datetime, hour: int, minute: int) -> None:
    begun = datetime.fromisoformat(Daily(time(hour, minute)).slot(moment))
    assert timedelta(0) <= moment - begun < timedelta(days=1)
    assert (begun.hour, begun.minute) == (hour, minute)


@given(moment=MOMENTS)
def test_slots_follow_each_other_day_by_day(moment: datetime) -> None:
    daily = Daily(time(6))
    today, tomorrow = (
        datetime.fromisoformat(daily.slot(moment + timedelta(days=n))) for n in (0, 1)
    )
    assert tomorrow - today == timedelta(days=1)


def test_the_pause_after_failures_doubles_and_is_bounded() -> None:
    pauses = [pause_after_failure(Every(2), n).total_seconds() for n in (1, 2, 3, 4)]
    assert pauses == [2, 4, 8, 16]
    assert pause_after_failure(Every(2), 10_000) == timedelta(minutes=30)
