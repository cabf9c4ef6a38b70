"""What the page of a pilot shows of its figures: indicators by period, sums, goals, dates."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from matchmaker.core.formatting import format_number
from matchmaker.partnering.pilots.domain import (
    MilestoneState,
    PaidSum,
    ReportState,
    milestone_state,
    paid_sums,
    report_state,
    total_paid,
)
from matchmaker.partnering.pilots.indicators import (
    MOST_DECIMALS,
    RULES,
    IndicatorKind,
    is_reached,
    progress,
    total_of,
)
from matchmaker.partnering.pilots.models import Pilot, PilotIndicator, PilotReport


@dataclass(frozen=True, slots=True)
class PeriodValue:
    """The value of one indicator in one period; ``value`` is None where none was reported."""

    period_from: date
    period_to: date
    value: Decimal | None = None
    decimals: int = 0
    is_estimate: bool = False
    note: str = ""

    @property
    def text(self) -> str:
        """As it was typed, with separators."""
        return "—" if self.value is None else f"{self.value:,.{self.decimals}f}"


@dataclass(frozen=True, slots=True)
class IndicatorView:
    """One indicator with its periods.

    Args:
        total: sum of the periods, or the newest value of a level.
        share: of the goal (1.0 is all).
        reached: whether the goal is kept or reached so far.
        saved: baseline minus total, for what should become less.
    """

    id: uuid.UUID
    kind: IndicatorKind
    name: str
    unit: str
    baseline: Decimal | None
    goal: Decimal | None
    is_public: bool
    periods: tuple[PeriodValue, ...]
    total: Decimal | None
    share: float | None
    reached: bool | None

    @property
    def less_is_better(self) -> bool:
        """Whether the goal is not to be exceeded."""
        return RULES[self.kind].less_is_better

    @property
    def is_level(self) -> bool:
        """Whether the newest value counts instead of the sum."""
        return RULES[self.kind].is_level

    @property
    def has_estimate(self) -> bool:
        """Whether any value was estimated."""
        return any(each.is_estimate for each in self.periods)

    @property
    def total_text(self) -> str:
        """The total for people, as finely as it was measured."""
        return format_number(self.total, MOST_DECIMALS)

    @property
    def saved(self) -> Decimal | None:
        """By how much it fell below the baseline, once all periods are reported; else None."""
        is_whole = all(each.value is not None for each in self.periods)
        if not (is_whole and self.less_is_better) or self.baseline is None or self.total is None:
            return None
        return self.baseline - self.total


def indicator_views(pilot: Pilot) -> list[IndicatorView]:
    """All indicators of a whole pilot in their order."""
    return [_view(each, pilot.reports) for each in pilot.indicators]


def _view(indicator: PilotIndicator, reports: Sequence[PilotReport]) -> IndicatorView:
    periods = tuple(_period(indicator.id, report) for report in reports)
    total = total_of(indicator.kind, [each.value for each in periods if each.value is not None])
    return IndicatorView(
        id=indicator.id,
        kind=indicator.kind,
        name=indicator.name,
        unit=indicator.unit,
        baseline=indicator.baseline,
        goal=indicator.goal,
        is_public=indicator.is_public,
        periods=periods,
        total=total,
        share=progress(total, indicator.goal),
        reached=is_reached(indicator.kind, total, indicator.goal),
    )


def _period(indicator_id: uuid.UUID, report: PilotReport) -> PeriodValue:
    results = report.current.results if report.current is not None else []
    result = next((each for each in results if each.indicator_id == indicator_id), None)
    if result is None:
        return PeriodValue(report.period_from, report.period_to)
    return PeriodValue(
        report.period_from, report.period_to, result.value, result.decimals, result.is_estimate,
        result.note,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class MilestoneView:
    """One milestone and where it stands now."""

    title: str
    due_on: date
    done_on: date | None
    state: MilestoneState


@dataclass(frozen=True, slots=True)
class ReportView:
    """One report and where it stands now."""

    report: PilotReport
    state: ReportState

    @property
    def corrections(self) -> int:
        """How often it was corrected."""
        return max(0, len(self.report.versions) - 1)


def milestone_views(pilot: Pilot, now: datetime) -> list[MilestoneView]:
    """The milestones of a whole pilot."""
    return [
        MilestoneView(m.title, m.due_on, m.done_on, milestone_state(m.due_on, m.done_on, now))
        for m in pilot.milestones
    ]


def report_views(pilot: Pilot, now: datetime) -> list[ReportView]:
    """The reports of a whole pilot in their order."""
    return [
        ReportView(r, report_state(r.period_to, r.due_on, r.handed_in_at, now))
        for r in pilot.reports
    ]


@dataclass(frozen=True, slots=True)
class BudgetView:
    """Sums of the budget: by payer and all together."""

    payers: tuple[PaidSum, ...]
    total: PaidSum


def budget_view(pilot: Pilot) -> BudgetView:
    """The sums of a whole pilot's budget."""
    lines = [(each.payer, each.planned_yen, each.actual_yen) for each in pilot.budget_lines]
    return BudgetView(tuple(paid_sums(lines)), total_paid(lines))
