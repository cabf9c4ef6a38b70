"""How calls are put into words for pages and mail."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from matchmaker.core.clock import JST
from matchmaker.core.formatting import format_date, format_day
from matchmaker.organizations.domain import CATEGORIES, label_of
from matchmaker.working_groups.calls.content import day_of, timetable_from
from matchmaker.working_groups.calls.models import Call

NO_PERIOD = "募集期間は資料にありません"
NOT_SET = "まだ決まっていません"
NO_TIMES = "（時刻は資料にありません）"


def deadline_in_words(moment: datetime) -> str:
    """``2026年3月31日（令和8年）火曜日 17:00``; midnight is ``24:00`` of the day before."""
    local = moment.astimezone(JST)
    if local.time() == time(0):
        return f"{format_day(local.date() - timedelta(days=1))} 24:00"
    return f"{format_day(local.date())} {local.hour}:{local.minute:02d}"


def opening_in_words(moment: datetime) -> str:
    """``2026年3月1日（令和8年）日曜日 9:00``; midnight is ``0:00`` of that day."""
    local = moment.astimezone(JST)
    return f"{format_day(local.date())} {local.hour}:{local.minute:02d}"


def last_day(closes_at: datetime) -> date:
    """The last day on which proposals are taken: a deadline at midnight ends the day before."""
    return (closes_at.astimezone(JST) - timedelta(microseconds=1)).date()


def period_in_words(call: Call) -> str:
    """From when until when, with what is not known said so."""
    if call.opens_at is None or call.closes_at is None:
        return NO_PERIOD if call.source_note else NOT_SET
    if not call.has_times:
        first, last = format_date(call.opens_at), format_date(last_day(call.closes_at))
        return f"{first}から{last}まで{NO_TIMES}"
    return f"{opening_in_words(call.opens_at)}から{deadline_in_words(call.closes_at)}まで"


def answerers_in_words(categories: Sequence[str]) -> str:
    """Who may answer: ``自治体・企業の会員``, or all members."""
    labels = [label_of(CATEGORIES, code) for code in categories]
    return f"{'・'.join(labels)}の会員" if labels else "すべての会員"


def timetable_in_order(call: Call) -> list[tuple[date, str]]:
    """The days of the timetable with what happens on them; deadlines stand among them."""
    rows = [
        (day, entry.label)
        for entry in timetable_from(call.timetable)
        if (day := day_of(entry)) is not None
    ]
    return sorted(rows, key=lambda row: row[0])
