"""The periods that a pilot reports on. Pure rules.

Periods end with a month, and with 31 March: a report belongs to one fiscal year, as budgets,
subsidies and statistics of municipalities do.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import IntEnum

from matchmaker.core.clock import FISCAL_YEAR_FIRST_MONTH, fiscal_year

LAST_DAY_FOR_A_SHORT_MONTH = 15
"""A pilot that begins later in a month has no report of that month alone."""

MONTHS = 12


class Interval(IntEnum):
    """Months between reports."""

    MONTHLY = 1
    QUARTERLY = 3
    HALF_YEARLY = 6
    YEARLY = 12


INTERVAL_LABELS = {
    Interval.MONTHLY: "毎月",
    Interval.QUARTERLY: "3か月ごと",
    Interval.HALF_YEARLY: "半年ごと",
    Interval.YEARLY: "1年ごと",
}


@dataclass(frozen=True, slots=True)
class Period:
    """Days that one report is about, both included, and the day on which it is due."""

    first: date
    last: date
    due_on: date

    @property
    def fiscal_year(self) -> int:
        """The one fiscal year it lies in."""
        return fiscal_year(self.last)


def periods_of(starts_on: date, ends_on: date, interval: int, report_days: int) -> list[Period]:
    """Cut the time of a pilot into periods.

    Args:
        starts_on, ends_on: first and last day of the pilot.
        interval: months between reports.
        report_days: days after a period within which its report is due.
    """
    periods, first = [], starts_on
    while first <= ends_on:
        following = min(_boundary(first, interval), ends_on + timedelta(days=1))
        last = following - timedelta(days=1)
        periods.append(Period(first, last, last + timedelta(days=report_days)))
        first = following
    return periods


def _boundary(first: date, interval: int) -> date:
    """First day after the period that begins with ``first``."""
    more = 1 if first.day > LAST_DAY_FOR_A_SHORT_MONTH else 0
    month = first.year * MONTHS + first.month - 1 + interval + more
    by_month = date(month // MONTHS, month % MONTHS + 1, 1)
    return min(by_month, date(fiscal_year(first) + 1, FISCAL_YEAR_FIRST_MONTH, 1))
