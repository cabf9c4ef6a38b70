"""Fiscal years turn on 1 April in Japan, and dates are written in both calendars."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from matchmaker.core import clock, formatting


@pytest.mark.parametrize(
    ("day", "year"),
    [(date(2026, 3, 31), 2025), (date(2026, 4, 1), 2026), (date(2026, 12, 31), 2026)],
)
def test_fiscal_years_begin_in_april(day: date, year: int) -> None:
    assert clock.fiscal_year(day) == year


def test_the_day_is_that_of_japan() -> None:
    last_second = datetime(2026, 3, 31, 14, 59, 59, tzinfo=UTC)
    assert clock.today(last_second) == date(2026, 3, 31)
    assert clock.today(datetime(2026, 3, 31, 15, 0, tzinfo=UTC)) == date(2026, 4, 1)
    assert clock.end_of_day(date(2026, 3, 31)) == datetime(2026, 3, 31, 15, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("day", "text"),
    [
        (date(2026, 3, 31), "2026年3月31日（令和8年）"),
        (date(2019, 5, 1), "2019年5月1日（令和元年）"),
        (date(2019, 4, 30), "2019年4月30日（平成31年）"),
    ],
)
def test_dates_carry_the_era(day: date, text: str) -> None:
    assert formatting.format_date(day) == text


def test_moments_are_shown_in_the_time_of_japan() -> None:
    moment = datetime(2026, 3, 31, 15, 5, tzinfo=UTC)
    assert formatting.format_moment(moment) == "2026年4月1日（令和8年）0:05"


def test_fiscal_years_are_written_with_era() -> None:
    assert formatting.format_fiscal_year(date(2026, 3, 31)) == "2025年度（令和7年度）"


def test_numbers_lose_useless_zeros() -> None:
    assert formatting.format_number(Decimal("1200.50")) == "1,200.5"
    assert formatting.format_number(Decimal(300)) == "300"
    assert formatting.format_range(Decimal(100), Decimal(300), "t/年") == "100〜300 t/年"
    assert formatting.format_range(Decimal(100), None, "t/年") == "100 t/年"
    assert formatting.format_range(None, None, "t/年") == "—"


@pytest.mark.parametrize(
    ("yen", "text"), [(9_800, "9,800円"), (12_000_000, "1,200万円"), (350_000_000, "3.5億円")]
)
def test_money_is_written_in_man_and_oku(yen: int, text: str) -> None:
    assert formatting.format_yen(yen) == text
