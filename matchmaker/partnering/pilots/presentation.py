"""What the pages of pilots show, in words and pictures."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from matchmaker.core.clock import today
from matchmaker.core.formatting import format_number, format_short_date
from matchmaker.partnering.consortia.models import Consortium
from matchmaker.partnering.pilots.domain import (
    END_REASON_LABELS,
    FORMAT_LABELS,
    OUTCOME_LABELS,
    MilestoneState,
    PilotFormat,
    PilotMove,
    PilotState,
    ReportState,
)
from matchmaker.partnering.pilots.figures import (
    BudgetView,
    IndicatorView,
    MilestoneView,
    ReportView,
    budget_view,
    indicator_views,
    milestone_views,
    report_views,
)
from matchmaker.partnering.pilots.indicators import MOST_DECIMALS
from matchmaker.partnering.pilots.life import obstacles_to_start
from matchmaker.partnering.pilots.loading import OpenPilot
from matchmaker.partnering.pilots.models import Pilot

STATE_KINDS: Mapping[PilotState, str] = {
    PilotState.PLANNED: "draft",
    PilotState.RUNNING: "open",
    PilotState.REPORTING: "wait",
    PilotState.ENDED: "closed",
    PilotState.CANCELLED: "error",
}
MILESTONE_KINDS: Mapping[MilestoneState, str] = {
    MilestoneState.DONE: "closed",
    MilestoneState.LATE: "error",
    MilestoneState.NEAR: "wait",
    MilestoneState.AHEAD: "draft",
}
REPORT_KINDS: Mapping[ReportState, str] = {
    ReportState.HANDED_IN: "closed",
    ReportState.LATE: "error",
    ReportState.DUE: "wait",
    ReportState.AHEAD: "draft",
}
STEP_HINTS: Mapping[PilotMove, str] = {
    PilotMove.START: "期間ごとの報告の予定ができます。公開にした実証には、公開ページができます。",
    PilotMove.WIND_UP: "現場の活動が終わり、残りの報告をまとめるときに押します。",
    PilotMove.RESUME: "現場の活動を、また始めます。",
    PilotMove.END: "結果と分かったことを書いて終えます。事例の下書きができます。",
    PilotMove.CANCEL: "途中でやめます。計画と報告は残ります。",
    PilotMove.REOPEN: "事務局だけができます。報告や結果を直せるようになります。",
    PilotMove.RESTORE: "事務局だけができます。計画中に戻ります。",
}
"""What follows from each step."""

PER_CENT = 100


@dataclass(frozen=True, slots=True)
class PilotView:
    """The figures of a pilot now.

    Args:
        gone_payers: payers of the budget that take part no more.
        next_report: the report that is to be handed in next.
        obstacles: what is missing before a planned one can begin.
    """

    milestones: Sequence[MilestoneView]
    reports: Sequence[ReportView]
    indicators: Sequence[IndicatorView]
    budget: BudgetView
    gone_payers: Sequence[str]
    next_report: ReportView | None
    obstacles: Sequence[str]

    @property
    def late_count(self) -> int:
        """Milestones and reports that are late."""
        return sum(each.state is MilestoneState.LATE for each in self.milestones) + sum(
            each.state is ReportState.LATE for each in self.reports
        )

    @property
    def handed_in(self) -> int:
        """Reports that were handed in."""
        return sum(each.state is ReportState.HANDED_IN for each in self.reports)


def pilot_view(place: OpenPilot) -> PilotView:
    """The figures of an opened pilot."""
    reports = report_views(place.pilot, place.now)
    present = {each.organization_id for each in place.partners}
    gone = [
        line.payer
        for line in place.pilot.budget_lines
        if line.payer_organization_id is not None and line.payer_organization_id not in present
    ]
    return PilotView(
        milestones=milestone_views(place.pilot, place.now),
        reports=reports,
        indicators=indicator_views(place.pilot),
        budget=budget_view(place.pilot),
        gone_payers=list(dict.fromkeys(gone)),
        next_report=next((each for each in reports if not each.report.handed_in_at), None),
        obstacles=_obstacles(place),
    )


def _obstacles(place: OpenPilot) -> Sequence[str]:
    pilot = place.pilot
    if pilot.state is not PilotState.PLANNED:
        return ()
    return obstacles_to_start(
        place.consortium.state, pilot.ends_on, today(place.now),
        has_milestones=bool(pilot.milestones), has_indicators=bool(pilot.indicators),
    )  # fmt: skip


def usual_format(consortium: Consortium) -> str:
    """A consortium from a match solves a need; the form proposes that."""
    is_matched = consortium.match_id is not None or consortium.coalition_id is not None
    return (PilotFormat.MATCHED if is_matched else PilotFormat.ADVANCEMENT).value


def share_text(view: IndicatorView) -> str:
    """``62%`` of the goal, or what keeping the goal means."""
    if view.share is None:
        return "—"
    per_cent = f"{round(view.share * PER_CENT):,}%"
    if view.less_is_better:
        return f"{per_cent}（目標の範囲内）" if view.reached else f"{per_cent}（目標を超えました）"
    return f"{per_cent}（目標を達成）" if view.reached else per_cent


def goal_text(view: IndicatorView) -> str:
    """The goal with its unit; less is better where the kind says so."""
    if view.goal is None:
        return "—"
    goal = format_number(view.goal, MOST_DECIMALS)
    return f"{goal}{view.unit}{'以下' if view.less_is_better else ''}"


def period_text(first: date, last: date) -> str:
    """A period as people call it: ``2026年8月``, ``2026年10月〜2027年3月``, ``2026/8/5〜8/31``."""
    is_whole = first.day == 1 and last.day == monthrange(last.year, last.month)[1]
    if is_whole and (first.year, first.month) == (last.year, last.month):
        return f"{first.year}年{first.month}月"
    same_year = first.year == last.year
    if is_whole:
        return (
            f"{first.year}年{first.month}月〜{'' if same_year else f'{last.year}年'}{last.month}月"
        )
    until = f"{last.month}/{last.day}" if same_year else format_short_date(last)
    return f"{format_short_date(first)}〜{until}"


def chart_items(view: IndicatorView) -> list[dict[str, Any]]:
    """Bars of one indicator: each reported period, then what was reached and the goal."""
    bars = [
        {
            "label": period_text(each.period_from, each.period_to)
            + ("（推計）" if each.is_estimate else ""),
            "value": _plain(each.value),
        }
        for each in view.periods
        if each.value is not None
    ]
    if view.total is not None and not view.is_level:
        bars.append({"label": "いままでの合計", "value": _plain(view.total), "marked": True})
    if view.goal is not None:
        bars.append({"label": "目標", "value": _plain(view.goal), "hollow": True})
    return bars


def _plain(value: Any) -> int | float:
    """A number as a script and a table show it: whole where it is whole."""
    return int(value) if value == int(value) else float(value)


def outcome_rows(pilot: Pilot) -> list[tuple[str, str]]:
    """What came of a pilot, as names and values."""
    return [
        ("これから", OUTCOME_LABELS[pilot.outcome] if pilot.outcome else ""),
        ("終了した理由", END_REASON_LABELS[pilot.end_reason] if pilot.end_reason else ""),
        ("結果", pilot.outcome_words),
        ("分かったこと", pilot.lessons),
    ]


def words_for_templates() -> dict[str, Any]:
    """Labels and pictures that the templates of pilots share."""
    return {
        "format_labels": FORMAT_LABELS,
        "state_kinds": STATE_KINDS,
        "milestone_kinds": MILESTONE_KINDS,
        "report_kinds": REPORT_KINDS,
        "step_hints": STEP_HINTS,
        "period_text": period_text,
        "share_text": share_text,
        "goal_text": goal_text,
        "chart_items": chart_items,
        "outcome_rows": outcome_rows,
    }
