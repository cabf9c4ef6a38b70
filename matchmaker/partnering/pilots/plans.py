"""What people type into the plan of a pilot, and how it is read. Pure."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from matchmaker.core.formatting import format_short_date
from matchmaker.core.text import fold, whole_number
from matchmaker.partnering.pilots.checking import FaultyInput, Reader
from matchmaker.partnering.pilots.domain import (
    FEWEST_REPORT_DAYS,
    FIELD_LENGTH,
    LABEL_LENGTH,
    LONGEST,
    MOST_BUDGET_LINES,
    MOST_INDICATORS,
    MOST_MILESTONES,
    MOST_REPORT_DAYS,
    PAYER_LENGTH,
    SUMMARY_LENGTH,
    TITLE_LENGTH,
    UNIT_LENGTH,
    USUAL_REPORT_DAYS,
    PilotFormat,
)
from matchmaker.partnering.pilots.indicators import RULES, IndicatorKind, read_amount
from matchmaker.partnering.pilots.schedule import Interval


@dataclass(frozen=True, slots=True)
class PlanInput:
    """The frame of a pilot as it was typed; days as text, codes as sent.

    Args:
        municipality_code: six digits of a town that is known, or empty.
    """

    title: str = ""
    format: str = ""
    starts_on: str = ""
    ends_on: str = ""
    municipality_code: str = ""
    field_name: str = ""
    summary: str = ""
    report_interval: str = str(int(Interval.QUARTERLY))
    report_days: str = str(USUAL_REPORT_DAYS)
    is_public: bool = False


@dataclass(frozen=True, slots=True)
class PilotPlan:
    """The frame of a pilot, checked."""

    title: str
    format: PilotFormat
    starts_on: date
    ends_on: date
    municipality_code: str
    field_name: str
    summary: str
    report_interval: int
    report_days: int
    is_public: bool


YEARS_AROUND_TODAY = 10
"""A pilot that begins longer ago or later is a slip in its year."""


def read_plan(typed: PlanInput, today: date) -> PilotPlan:
    """Check the frame of a pilot.

    Args:
        today: a pilot does not begin many years before or after it.

    Raises:
        FaultyInput: with a message for each field that does not fit.
    """
    reader = Reader()
    title = reader.line(typed.title, "title", TITLE_LENGTH, "実証の名前を入れてください。")
    summary = reader.text(
        typed.summary, "summary", SUMMARY_LENGTH, "何を確かめるかを書いてください。"
    )
    field_name = reader.line(typed.field_name, "field_name", FIELD_LENGTH)
    starts_on = reader.day(typed.starts_on, "starts_on", "始まる日を入れてください。")
    ends_on = reader.day(typed.ends_on, "ends_on", "終わる日を入れてください。")
    _check_start(reader, starts_on, today)
    _check_period(reader, starts_on, ends_on)
    _check_choices(reader, typed)
    if starts_on is None or ends_on is None or reader.messages:
        raise FaultyInput(reader.messages)
    return PilotPlan(
        title, PilotFormat(typed.format), starts_on, ends_on, typed.municipality_code, field_name,
        summary, int(typed.report_interval), _days(typed.report_days) or USUAL_REPORT_DAYS,
        typed.is_public,
    )  # fmt: skip


def _check_start(reader: Reader, starts_on: date | None, today: date) -> None:
    if starts_on is not None and abs(starts_on.year - today.year) > YEARS_AROUND_TODAY:
        reader.fault(
            "starts_on",
            f"年を確かめてください。{today.year - YEARS_AROUND_TODAY}年から"
            f"{today.year + YEARS_AROUND_TODAY}年までの日を入れてください。",
        )


def _check_period(reader: Reader, starts_on: date | None, ends_on: date | None) -> None:
    if starts_on is None or ends_on is None:
        return
    if ends_on < starts_on:
        reader.fault("ends_on", "終わる日は、始まる日よりあとにしてください。")
    elif ends_on - starts_on > LONGEST:
        reader.fault("ends_on", "実証の期間は5年以内にしてください。")


def _check_choices(reader: Reader, typed: PlanInput) -> None:
    if typed.format not in set(PilotFormat):
        reader.fault("format", "実証の形を選んでください。")
    if not typed.municipality_code:
        reader.fault("municipality", "実証をする市区町村を、名前かコードで入れてください。")
    if typed.report_interval not in {str(int(each)) for each in Interval}:
        reader.fault("report_interval", "報告の間隔を選んでください。")
    if _days(typed.report_days) is None:
        reader.fault(
            "report_days", f"{FEWEST_REPORT_DAYS}から{MOST_REPORT_DAYS}までの日数を入れてください。"
        )


def _days(text: str) -> int | None:
    days = whole_number(fold(text).replace("日", ""))
    return days if days and FEWEST_REPORT_DAYS <= days <= MOST_REPORT_DAYS else None


AROUND_THE_PERIOD = timedelta(days=366)
"""So long before and after a pilot something may still be a step of it."""

FAR_OFF = "実証の期間から離れすぎています。{first}から{last}までの日を入れてください。"
Row = Mapping[str, str]
"""One line of a table as it was typed, by column."""


def filled(rows: Sequence[Row], ignored: Sequence[str] = ()) -> list[tuple[int, Row]]:
    """The lines in which something stands, each with its place, without ``ignored`` columns."""
    return [
        (place, row)
        for place, row in enumerate(rows)
        if any(value.strip() for name, value in row.items() if name not in ignored)
    ]


@dataclass(frozen=True, slots=True)
class MilestonePlan:
    """One milestone, checked."""

    title: str
    due_on: date
    done_on: date | None


def read_milestones(
    rows: Sequence[Row], starts_on: date, ends_on: date, today: date
) -> list[MilestonePlan]:
    """Check the milestones; columns ``title``, ``due``, ``done``.

    Args:
        rows: lines as typed.
        starts_on, ends_on: first and last day of the pilot; milestones lie up to a year around.
        today: nothing can be done after it.

    Raises:
        FaultyInput: fields are ``title-0``, ``due-0``, ``done-0`` …
    """
    reader, found = Reader(), []
    first, last = starts_on - AROUND_THE_PERIOD, ends_on + AROUND_THE_PERIOD
    far_off = FAR_OFF.format(first=format_short_date(first), last=format_short_date(last))
    for place, row in filled(rows):
        title = reader.line(row["title"], f"title-{place}", LABEL_LENGTH, "内容を入れてください。")
        due = reader.day(row["due"], f"due-{place}", "期日を入れてください。")
        done = reader.day(row["done"], f"done-{place}")
        for name, day in (("due", due), ("done", done)):
            if day is not None and not first <= day <= last:
                reader.fault(f"{name}-{place}", far_off)
        if done is not None and done > today:
            reader.fault(f"done-{place}", "できた日には、今日までの日を入れてください。")
        if due is not None:
            found.append(MilestonePlan(title, due, done))
    _bound(reader, len(found), MOST_MILESTONES, "節目")
    reader.finish()
    return sorted(found, key=lambda each: each.due_on)


def _bound(reader: Reader, count: int, most: int, word: str) -> None:
    if count > most:
        reader.fault("", f"{word}は{most}行までです。")


@dataclass(frozen=True, slots=True)
class BudgetPlan:
    """One line of the budget, checked."""

    label: str
    payer: str
    planned_yen: int
    actual_yen: int | None


def read_budget(rows: Sequence[Row]) -> list[BudgetPlan]:
    """Check the budget; columns ``label``, ``payer``, ``planned``, ``actual``.

    Raises:
        FaultyInput: fields are ``label-0``, ``payer-0``, ``planned-0``, ``actual-0`` …
    """
    reader, found = Reader(), []
    for place, row in filled(rows):
        label = reader.line(row["label"], f"label-{place}", LABEL_LENGTH, "費目を入れてください。")
        payer = reader.line(
            row["payer"], f"payer-{place}", PAYER_LENGTH, "だれが負担するかを入れてください。"
        )
        planned = reader.yen(row["planned"], f"planned-{place}", "予定の金額を入れてください。")
        actual = reader.yen(row["actual"], f"actual-{place}")
        found.append(BudgetPlan(label, payer, planned or 0, actual))
    _bound(reader, len(found), MOST_BUDGET_LINES, "予算")
    reader.finish()
    return found


@dataclass(frozen=True, slots=True)
class IndicatorPlan:
    """One indicator, checked; ``id`` is None for a new one."""

    id: uuid.UUID | None
    kind: IndicatorKind
    name: str
    unit: str
    baseline: Decimal | None
    goal: Decimal | None
    is_public: bool


INDICATOR_EXTRAS = ("id", "public")


def read_indicators(rows: Sequence[Row]) -> list[IndicatorPlan]:
    """Check the indicators; columns ``id``, ``kind``, ``name``, ``unit``, ``baseline``, ``goal``,
    ``public``.

    Raises:
        FaultyInput: fields are ``kind-0``, ``unit-0`` …
    """
    reader = Reader()
    found = [
        plan
        for place, row in filled(rows, INDICATOR_EXTRAS)
        if (plan := _indicator(reader, place, row)) is not None
    ]
    _bound(reader, len(found), MOST_INDICATORS, "指標")
    _refuse_doubles(reader, found)
    reader.finish()
    return found


def _indicator(reader: Reader, place: int, row: Row) -> IndicatorPlan | None:
    if row["kind"] not in set(IndicatorKind):
        reader.fault(f"kind-{place}", "何を数えるかを選んでください。")
        return None
    kind = IndicatorKind(row["kind"])
    name = reader.line(row["name"], f"name-{place}", LABEL_LENGTH) or RULES[kind].label
    if kind is IndicatorKind.OTHER and not row["name"].strip():
        reader.fault(f"name-{place}", "「その他」には名前を付けてください。")
    unit = _unit(reader, place, row["unit"], kind)
    baseline = reader.attempt(lambda: read_amount(row["baseline"], kind, unit, f"baseline-{place}"))
    goal = reader.attempt(lambda: read_amount(row["goal"], kind, unit, f"goal-{place}"))
    return IndicatorPlan(
        _id(row["id"]), kind, name, unit,
        baseline.value if baseline else None, goal.value if goal else None, bool(row["public"]),
    )  # fmt: skip


def _id(text: str) -> uuid.UUID | None:
    """The indicator of a line; a line that names none, or nonsense, is a new one."""
    try:
        return uuid.UUID(text)
    except ValueError:
        return None


def _unit(reader: Reader, place: int, typed: str, kind: IndicatorKind) -> str:
    """The unit of the kind; only 「その他」 has one of its own."""
    rule = RULES[kind]
    if not rule.unit:
        return reader.line(typed, f"unit-{place}", UNIT_LENGTH, "単位を入れてください。例：件")
    if typed.strip() and fold(typed) not in (fold(rule.unit), *rule.other_names):
        reader.fault(f"unit-{place}", f"「{rule.label}」の単位は{rule.unit}です。")
    return rule.unit


def _refuse_doubles(reader: Reader, plans: Sequence[IndicatorPlan]) -> None:
    """Each kind stands once: sums over pilots would count it twice otherwise."""
    seen: set[object] = set()
    for plan in plans:
        key = plan.name if plan.kind is IndicatorKind.OTHER else plan.kind
        if key in seen:
            reader.fault("", f"「{plan.name}」が2回あります。1つにまとめてください。")
        seen.add(key)
