"""Reading dates as people in Japan write them: 西暦, 和暦, with or without zeros, or in Excel."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime

ERA_OFFSETS = {"令和": 2018, "R": 2018, "平成": 1988, "H": 1988, "昭和": 1925, "S": 1925}
"""Year of the era + offset = year of the common era (元号を改める政令)."""

WESTERN = re.compile(r"^(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?$")
COMPACT = re.compile(r"^(\d{4})(\d{2})(\d{2})$")
ERA = re.compile(r"^(令和|平成|昭和|[RHS])(\d{1,2}|元)[-/.年](\d{1,2})[-/.月](\d{1,2})日?$")
EARLIEST, LATEST = 1926, 2200


def parse_date(value: str | date | datetime) -> date:
    """The day that ``value`` means.

    Raises:
        ValueError: there is no such day, or it cannot be read.
    """
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    text = unicodedata.normalize("NFKC", value).replace(" ", "").upper()
    text = re.sub(r"(T?00:00:00)$", "", text)
    if match := WESTERN.match(text) or COMPACT.match(text):
        return _day(int(match[1]), match[2], match[3])
    if match := ERA.match(text):
        year = 1 if match[2] == "元" else int(match[2])
        return _day(ERA_OFFSETS[match[1]] + year, match[3], match[4])
    raise ValueError(f"not a date: {value!r}")


def parse_year(text: str) -> int:
    """A year typed alone: ``2026``, ``令和8``, ``R8年``."""
    folded = unicodedata.normalize("NFKC", text).strip().rstrip("年").upper()
    if match := re.match(r"^(令和|平成|昭和|[RHS])(\d{1,2}|元)$", folded):
        return ERA_OFFSETS[match[1]] + (1 if match[2] == "元" else int(match[2]))
    return int(folded)


def _day(year: int, month: str, day: str) -> date:
    if not EARLIEST <= year <= LATEST:
        raise ValueError(f"year out of bounds: {year}")
    return date(year, int(month), int(day))
