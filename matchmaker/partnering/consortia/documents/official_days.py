"""Days as offices write them."""

from __future__ import annotations

from datetime import date

from matchmaker.core.formatting import era_year


def official_date(day: date) -> str:
    """The day in the Japanese era alone: ``令和8年11月22日``."""
    return f"{era_year(day)}{day.month}月{day.day}日"
