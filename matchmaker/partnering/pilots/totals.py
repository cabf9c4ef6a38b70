"""What all pilots reached together, for everybody. Small numbers are not told."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import func, select

from matchmaker.core.clock import fiscal_year
from matchmaker.core.db import db
from matchmaker.partnering.pilots.domain import STARTED_STATES
from matchmaker.partnering.pilots.indicators import RULES, IndicatorKind
from matchmaker.partnering.pilots.models import (
    Pilot,
    PilotIndicator,
    PilotReport,
    PilotReportVersion,
    PilotResult,
)

FEWEST_PILOTS = 5
"""Sums over fewer pilots are not told: one could work out what a single one reported."""

SUMMED = (IndicatorKind.COLLECTED, IndicatorKind.RECYCLED, IndicatorKind.PARTICIPANTS)


@dataclass(frozen=True, slots=True)
class Total:
    """A sum over pilots in one fiscal year.

    Args:
        pilots: how many reported; None when too few.
        value: their sum; None when too few.
    """

    fiscal_year: int
    label: str
    unit: str
    pilots: int | None
    value: Decimal | None
    has_estimate: bool


def public_totals() -> Sequence[Total]:
    """Sums by fiscal year and kind, the newest year first (one statement).

    A report lies in one fiscal year (see ``schedule.py``); the newest version of each counts.
    """
    newest = (
        select(PilotReportVersion.report_id, func.max(PilotReportVersion.number).label("number"))
        .group_by(PilotReportVersion.report_id)
        .subquery()
    )
    query = (
        select(
            PilotReport.pilot_id, PilotReport.period_to, PilotIndicator.kind, PilotResult.value,
            PilotResult.is_estimate,
        )
        .join(PilotReportVersion, PilotReportVersion.report_id == PilotReport.id)
        .join(
            newest,
            (newest.c.report_id == PilotReportVersion.report_id)
            & (newest.c.number == PilotReportVersion.number),
        )
        .join(PilotResult, PilotResult.version_id == PilotReportVersion.id)
        .join(PilotIndicator, PilotIndicator.id == PilotResult.indicator_id)
        .join(Pilot, Pilot.id == PilotReport.pilot_id)
        .where(PilotIndicator.kind.in_(SUMMED), Pilot.state.in_(STARTED_STATES))
    )  # fmt: skip
    cells: dict[tuple[int, IndicatorKind], list[tuple[object, Decimal, bool]]] = defaultdict(list)
    for pilot_id, period_to, kind, value, is_estimate in db.session.execute(query).tuples():
        cells[fiscal_year(period_to), kind].append((pilot_id, value, is_estimate))
    order = sorted(cells, key=lambda key: (-key[0], SUMMED.index(key[1])))
    return [_total(year, kind, cells[year, kind]) for year, kind in order]


def _total(year: int, kind: IndicatorKind, found: Sequence[tuple[object, Decimal, bool]]) -> Total:
    pilots = len({pilot_id for pilot_id, _, _ in found})
    told = pilots >= FEWEST_PILOTS
    return Total(
        fiscal_year=year,
        label=RULES[kind].label,
        unit=RULES[kind].unit,
        pilots=pilots if told else None,
        value=sum((value for _, value, _ in found), Decimal(0)) if told else None,
        has_estimate=told and any(is_estimate for _, _, is_estimate in found),
    )
