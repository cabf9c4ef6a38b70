"""How values are written for people: Japan's time, 西暦（和暦）, tonnes, counts."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal

from flask import Flask

from matchmaker.core.clock import JST, fiscal_year, today

WEEKDAYS = "月火水木金土日"
ERAS = ((date(2019, 5, 1), "令和"), (date(1989, 1, 8), "平成"), (date(1926, 12, 25), "昭和"))
"""Beginning of each era (元号を改める政令)."""


def era_year(day: date) -> str:
    """Year of the Japanese era: ``令和8年``; the first year is ``元年``."""
    for begin, name in ERAS:
        if day >= begin:
            number = day.year - begin.year + 1
            return f"{name}{'元' if number == 1 else number}年"
    return f"{day.year}年"


def format_date(value: date | datetime | None) -> str:
    """``2026年3月31日（令和8年）``; moments are shown as the day in Japan."""
    if value is None:
        return "—"
    day = today(value) if isinstance(value, datetime) else value
    return f"{day.year}年{day.month}月{day.day}日（{era_year(day)}）"


def format_short_date(value: date | datetime | None) -> str:
    """``2026/3/31`` for tables and cards."""
    if value is None:
        return "—"
    day = today(value) if isinstance(value, datetime) else value
    return f"{day.year}/{day.month}/{day.day}"


def format_moment(value: datetime | None) -> str:
    """``2026年3月31日（令和8年）17:00`` in Japan's time."""
    if value is None:
        return "—"
    from_zone = value.astimezone(JST)
    return f"{format_date(value)}{from_zone.hour}:{from_zone.minute:02d}"


def weekday(day: date) -> str:
    """``金`` for a Friday."""
    return WEEKDAYS[day.weekday()]


def format_day(day: date) -> str:
    """``2026年12月25日（令和8年）金曜日``: a day that people have to keep."""
    return f"{format_date(day)}{weekday(day)}曜日"


def format_span(starts_at: datetime, ends_at: datetime) -> str:
    """``2026年12月31日（令和8年）木曜日 23:00〜翌日1:00`` in Japan's time."""
    day = today(starts_at)
    return f"{format_day(day)} {clock_on(starts_at, day)}〜{clock_on(ends_at, day)}"


def clock_on(moment: datetime, day: date) -> str:
    """``9:30``, with 翌日 when it lies on the day after ``day``, else with the date."""
    local = moment.astimezone(JST)
    text = f"{local.hour}:{local.minute:02d}"
    if local.date() == day:
        return text
    if local.date() == day + timedelta(days=1):
        return f"翌日{text}"
    return f"{local.month}月{local.day}日{text}"


def format_fiscal_year(day: date) -> str:
    """``2025年度（令和7年度）``."""
    year = fiscal_year(day)
    return f"{year}年度（{era_year(date(year, 4, 1))}度）"


def format_number(value: float | Decimal | None, digits: int = 1) -> str:
    """``1,234.5`` with at most ``digits`` decimals, trailing zeros cut."""
    if value is None:
        return "—"
    text = f"{value:,.{digits}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def format_range(low: Decimal | None, high: Decimal | None, unit: str) -> str:
    """``100〜300 t/年``; one number when both are equal or one is missing."""
    if low is None and high is None:
        return "—"
    if low is None or high is None or low == high:
        return f"{format_number(low if low is not None else high)} {unit}".strip()
    return f"{format_number(low)}〜{format_number(high)} {unit}".strip()


def format_yen(value: int | None) -> str:
    """``1,200万円`` from ten thousand on, plain yen below."""
    if value is None:
        return "—"
    man = 10_000
    oku = 100_000_000
    if value >= oku:
        return f"{format_number(Decimal(value) / oku)}億円"
    if value >= man:
        return f"{format_number(Decimal(value) / man)}万円"
    return f"{value:,}円"


def init_app(app: Flask) -> None:
    """Make the formats available to templates as filters."""
    app.jinja_env.filters.update(
        date=format_date,
        day=format_day,
        short_date=format_short_date,
        moment=format_moment,
        number=format_number,
        yen=format_yen,
        fiscal_year=format_fiscal_year,
    )
    app.jinja_env.globals["format_range"] = format_range
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
