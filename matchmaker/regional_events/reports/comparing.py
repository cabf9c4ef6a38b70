"""Events added up by region, series or year, to be seen beside each other. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from matchmaker.core.clock import fiscal_year, today
from matchmaker.regional_events.reports.domain import fill_rate, no_show_rate
from matchmaker.regional_events.reports.overview import OverviewRow

NO_REGION, NO_SERIES = "会場なし", "シリーズなし"


class Grouping(StrEnum):
    """By what events are added up."""

    REGION = "region"
    SERIES = "series"
    YEAR = "year"


GROUPING_LABELS: Mapping[Grouping, str] = {
    Grouping.REGION: "開催地ごと",
    Grouping.SERIES: "シリーズごと",
    Grouping.YEAR: "年度ごと",
}


@dataclass(frozen=True, slots=True)
class GroupSum:
    """Some events together.

    Args:
        events: how many.
        seated: people with a seat on tracks with a bound.
        expected, came: of those tracks where presence was taken.
        yen: costs known (paid, or else planned); None while none is written.
    """

    label: str
    events: int
    registered: int
    confirmed: int
    seated: int
    capacity: int
    present: int
    expected: int
    came: int
    cancellations: int
    yen: int | None
    yen_people: int

    @property
    def fill_rate(self) -> float | None:
        """Share of the seats that were given out."""
        return fill_rate(self.seated, self.capacity)

    @property
    def no_show_rate(self) -> float | None:
        """Share of those expected who did not come."""
        return no_show_rate(self.expected, self.came)

    @property
    def yen_per_participant(self) -> int | None:
        """Costs for each person of the events whose costs are known."""
        return (
            round(self.yen / self.yen_people) if self.yen is not None and self.yen_people else None
        )


def _region(row: OverviewRow) -> str:
    return row.event.prefecture or NO_REGION


def _series(row: OverviewRow) -> str:
    return row.event.series.name if row.event.series else NO_SERIES


def _year(row: OverviewRow) -> str:
    return f"{fiscal_year(today(row.event.starts_at))}年度"


NAMES: Mapping[Grouping, Callable[[OverviewRow], str]] = {
    Grouping.REGION: _region,
    Grouping.SERIES: _series,
    Grouping.YEAR: _year,
}


def compare(rows: Sequence[OverviewRow], by: Grouping) -> list[GroupSum]:
    """Events added up, in the order in which the groups first appear."""
    groups: dict[str, list[OverviewRow]] = {}
    for row in rows:
        groups.setdefault(NAMES[by](row), []).append(row)
    return [_sum(label, found) for label, found in groups.items()]


def _sum(label: str, rows: Sequence[OverviewRow]) -> GroupSum:
    figures = [row.figures for row in rows]
    paid = [(row.costs.known_yen, row) for row in rows if row.costs.known_yen is not None]
    return GroupSum(
        label=label,
        events=len(rows),
        registered=sum(each.registered for each in figures),
        confirmed=sum(each.confirmed for each in figures),
        seated=sum(line.confirmed for each in figures for line in each.tracks if line.capacity),
        capacity=sum(each.capacity or 0 for each in figures),
        present=sum(each.present for each in figures),
        expected=sum(each.expected for each in figures),
        came=sum(each.came for each in figures),
        cancellations=sum(row.cancellations for row in rows),
        yen=sum(yen or 0 for yen, _row in paid) if paid else None,
        yen_people=sum(row.figures.present or row.figures.confirmed for _yen, row in paid),
    )
