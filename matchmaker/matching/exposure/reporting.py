"""What the report of exposure shows: places by size, newness and region of organisations."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from matchmaker.core.prefectures import PREFECTURES
from matchmaker.matching.exposure.domain import gini
from matchmaker.matching.exposure.models import ExposurePrice, ExposureRun
from matchmaker.organizations.domain import COMPANY_SIZES

SIZES = {choice.code: choice.label for choice in COMPANY_SIZES}
NO_COMPANY = "企業以外・規模の記入なし"
NEW, SETTLED = "新しい会員", "前からの会員"
NO_REGION = "地域なし"
REGIONS: Mapping[str, Sequence[str]] = {
    "北海道": PREFECTURES[:1],
    "東北": PREFECTURES[1:7],
    "関東": PREFECTURES[7:14],
    "中部": PREFECTURES[14:23],
    "近畿": PREFECTURES[23:30],
    "中国": PREFECTURES[30:35],
    "四国": PREFECTURES[35:39],
    "九州・沖縄": PREFECTURES[39:],
}
"""The eight regions of Japan by prefecture code; 三重県 (code 24) counts to 近畿."""


@dataclass(frozen=True, slots=True)
class GroupRow:
    """Organisations that have something in common.

    Args:
        label: what that is.
        organizations: how many.
        without, with_prices: their places without and with prices.
    """

    label: str
    organizations: int
    without: int
    with_prices: int

    @property
    def change(self) -> int:
        """Places gained or lost."""
        return self.with_prices - self.without


@dataclass(frozen=True, slots=True)
class Report:
    """The newest run in figures.

    Args:
        run: that run.
        groups: rows by heading.
        uneven_without, uneven_with: Gini's measure of the places, 0 even to 1 all with one.
    """

    run: ExposureRun
    groups: Mapping[str, Sequence[GroupRow]]
    uneven_without: float
    uneven_with: float

    @property
    def kept(self) -> float:
        """Share of the expected matches that remain, 0–1."""
        return self.run.expected / self.run.unconstrained if self.run.unconstrained else 1.0


def report_of(run: ExposureRun, rows: Sequence[ExposurePrice]) -> Report:
    """The report of a run.

    Args:
        run: the run.
        rows: all its organisations, each with its organisation loaded.
    """
    groups = {
        "団体の規模": _grouped(rows, _size, [*SIZES.values(), NO_COMPANY]),
        "会員になった時期": _grouped(rows, _newness, [NEW, SETTLED]),
        "地域": _grouped(rows, _region, [*REGIONS, NO_REGION]),
    }
    return Report(
        run,
        groups,
        gini([row.places_without for row in rows]),
        gini([row.places_with for row in rows]),
    )


def _grouped(
    rows: Sequence[ExposurePrice], label_of: Callable[[ExposurePrice], str], order: Sequence[str]
) -> list[GroupRow]:
    members: dict[str, list[ExposurePrice]] = {label: [] for label in order}
    for row in rows:
        members.setdefault(label_of(row), []).append(row)
    return [
        GroupRow(
            label,
            len(each),
            sum(row.places_without for row in each),
            sum(row.places_with for row in each),
        )
        for label, each in members.items()
        if each
    ]


def _size(row: ExposurePrice) -> str:
    return SIZES.get(row.organization.company_size, NO_COMPANY)


def _newness(row: ExposurePrice) -> str:
    return NEW if row.is_new else SETTLED


def _region(row: ExposurePrice) -> str:
    prefecture = row.organization.prefecture
    return next((name for name, members in REGIONS.items() if prefecture in members), NO_REGION)
