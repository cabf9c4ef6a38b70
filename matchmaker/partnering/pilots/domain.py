"""Pilots (実証): their states, formats, outcomes and bounds. Pure rules."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from matchmaker.core.clock import end_of_day, start_of_day
from matchmaker.core.states import Rule, StateMachine

TITLE_LENGTH, FIELD_LENGTH, SUMMARY_LENGTH = 80, 120, 3000
LABEL_LENGTH, PAYER_LENGTH, UNIT_LENGTH = 80, 60, 12
TEXT_LENGTH, REASON_LENGTH, NOTE_LENGTH = 4000, 500, 200
MOST_MILESTONES, MOST_BUDGET_LINES, MOST_INDICATORS, MOST_VERSIONS = 40, 60, 20, 100
MOST_YEN = 10_000_000_000
LONGEST = timedelta(days=5 * 366)
"""Pilots last up to five years; what is longer is a business."""

FEWEST_REPORT_DAYS, USUAL_REPORT_DAYS, MOST_REPORT_DAYS = 1, 14, 60
SOON = timedelta(days=14)
"""So long before its day a milestone counts as near."""

REMINDED_BEFORE = timedelta(days=7)
"""So long before the day on which a report is due its writers are reminded."""


class PilotFormat(StrEnum):
    """The two formats of a consortium's pilot (座組①, 座組②)."""

    ADVANCEMENT = "advancement"
    MATCHED = "matched"


FORMAT_LABELS: Mapping[PilotFormat, str] = {
    PilotFormat.ADVANCEMENT: "座組① 既存の取組の高度化",
    PilotFormat.MATCHED: "座組② マッチングによる課題解決",
}


class PilotState(StrEnum):
    """What people decided about a pilot."""

    PLANNED = "planned"
    RUNNING = "running"
    REPORTING = "reporting"
    ENDED = "ended"
    CANCELLED = "cancelled"


class PilotMove(StrEnum):
    """A step of a pilot."""

    START = "start"
    WIND_UP = "wind-up"
    RESUME = "resume"
    END = "end"
    CANCEL = "cancel"
    REOPEN = "reopen"
    RESTORE = "restore"


PLANNED, RUNNING, REPORTING = PilotState.PLANNED, PilotState.RUNNING, PilotState.REPORTING
OPEN_STATES = frozenset({PLANNED, RUNNING, REPORTING})
STARTED_STATES = frozenset({RUNNING, REPORTING, PilotState.ENDED})
REPORTED_STATES = frozenset({RUNNING, REPORTING})
"""In which reports are handed in."""

CORRECTIONS = frozenset({PilotMove.REOPEN, PilotMove.RESTORE})
"""Steps of the secretariat alone."""

PILOT_STATES: StateMachine[PilotState, PilotMove] = StateMachine(
    labels={
        PLANNED: "計画中",
        RUNNING: "実施中",
        REPORTING: "取りまとめ中",
        PilotState.ENDED: "完了",
        PilotState.CANCELLED: "中止",
    },
    moves={
        PilotMove.START: Rule("実証を始める", frozenset({PLANNED}), RUNNING),
        PilotMove.WIND_UP: Rule("取りまとめに入る", frozenset({RUNNING}), REPORTING),
        PilotMove.RESUME: Rule("実施中に戻す", frozenset({REPORTING}), RUNNING, needs_reason=True),
        PilotMove.END: Rule("実証を終える", frozenset({RUNNING, REPORTING}), PilotState.ENDED),
        PilotMove.CANCEL: Rule("中止する", OPEN_STATES, PilotState.CANCELLED, needs_reason=True),
        PilotMove.REOPEN: Rule(
            "完了を取り消す", frozenset({PilotState.ENDED}), REPORTING, needs_reason=True
        ),
        PilotMove.RESTORE: Rule(
            "中止を取り消す", frozenset({PilotState.CANCELLED}), PLANNED, needs_reason=True
        ),
    },
)


class Outcome(StrEnum):
    """What comes after a pilot."""

    CONTINUED = "continued"
    EXPANDED = "expanded"
    FINISHED = "finished"


OUTCOME_LABELS: Mapping[Outcome, str] = {
    Outcome.CONTINUED: "継続する",
    Outcome.EXPANDED: "広げる",
    Outcome.FINISHED: "終了する",
}


class EndReason(StrEnum):
    """Why a pilot is not carried on."""

    GOAL_REACHED = "goal-reached"
    COST = "cost"
    QUANTITY = "quantity"
    QUALITY = "quality"
    TECHNOLOGY = "technology"
    RULES = "rules"
    PARTNER = "partner"
    OTHER = "other"


END_REASON_LABELS: Mapping[EndReason, str] = {
    EndReason.GOAL_REACHED: "目的を果たした",
    EndReason.COST: "費用が合わない",
    EndReason.QUANTITY: "量が集まらない",
    EndReason.QUALITY: "品質が合わない",
    EndReason.TECHNOLOGY: "技術の課題が残った",
    EndReason.RULES: "法令や制度の制約があった",
    EndReason.PARTNER: "参加団体の事情",
    EndReason.OTHER: "その他",
}


class MilestoneState(StrEnum):
    """Where a milestone stands by the clock."""

    DONE = "done"
    LATE = "late"
    NEAR = "near"
    AHEAD = "ahead"


class ReportState(StrEnum):
    """Where a report stands by the clock."""

    HANDED_IN = "handed-in"
    LATE = "late"
    DUE = "due"
    AHEAD = "ahead"


MILESTONE_LABELS: Mapping[MilestoneState, str] = {
    MilestoneState.DONE: "できた",
    MilestoneState.LATE: "遅れている",
    MilestoneState.NEAR: "もうすぐ",
    MilestoneState.AHEAD: "これから",
}
REPORT_LABELS: Mapping[ReportState, str] = {
    ReportState.HANDED_IN: "提出済み",
    ReportState.LATE: "遅れている",
    ReportState.DUE: "提出を待っている",
    ReportState.AHEAD: "これから",
}


def milestone_state(due_on: date, done_on: date | None, now: datetime) -> MilestoneState:
    """Late begins with midnight in Japan after the day it is due."""
    if done_on is not None:
        return MilestoneState.DONE
    if now >= end_of_day(due_on):
        return MilestoneState.LATE
    return MilestoneState.NEAR if now >= start_of_day(due_on) - SOON else MilestoneState.AHEAD


def report_state(
    period_to: date, due_on: date, handed_in_at: datetime | None, now: datetime
) -> ReportState:
    """A report is due once its period is over in Japan, late once its day is."""
    if handed_in_at is not None:
        return ReportState.HANDED_IN
    if now >= end_of_day(due_on):
        return ReportState.LATE
    return ReportState.DUE if now >= end_of_day(period_to) else ReportState.AHEAD


def reminder_due(due_on: date, now: datetime) -> bool | None:
    """Which reminder is due: True for that when late, False for that before, None for none."""
    if now >= end_of_day(due_on):
        return True
    return False if now >= start_of_day(due_on) - REMINDED_BEFORE else None


@dataclass(frozen=True, slots=True)
class PaidSum:
    """What somebody pays, or all together (yen).

    Args:
        payer: who pays; empty for all together.
        planned_yen, actual_yen: sums; actual is None while nothing was written.
    """

    payer: str
    planned_yen: int
    actual_yen: int | None


def paid_sums(lines: list[tuple[str, int, int | None]]) -> list[PaidSum]:
    """Sums by payer, in the order in which they come first.

    Args:
        lines: payer, planned yen, actual yen of each line.
    """
    return [
        PaidSum(payer, *_added([line for line in lines if line[0] == payer]))
        for payer in dict.fromkeys(line[0] for line in lines)
    ]


def total_paid(lines: list[tuple[str, int, int | None]]) -> PaidSum:
    """The sum of all lines."""
    return PaidSum("", *_added(lines))


def _added(lines: list[tuple[str, int, int | None]]) -> tuple[int, int | None]:
    actual = [line[2] for line in lines if line[2] is not None]
    return sum(line[1] for line in lines), sum(actual) if actual else None
