"""Calls in words, and their calendar files."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

from flask import Flask
from icalendar import Calendar

from matchmaker.core.clock import JST, end_of_day, start_of_day
from matchmaker.working_groups.calls import service, steps
from matchmaker.working_groups.calls.content import CallData, TimetableEntry
from matchmaker.working_groups.calls.domain import CallKind, CallMove
from matchmaker.working_groups.calls.exports import call_calendar
from matchmaker.working_groups.calls.presentation import (
    answerers_in_words,
    deadline_in_words,
    last_day,
    period_in_words,
    timetable_in_order,
)
from tests.working_groups.calls.made import CLOSES, DATA, NOW, SECRETARIAT, draft, published

PAGE = "https://example.com/calls/1"


def entries(content: bytes) -> dict[str, tuple[datetime, str]]:
    calendar = Calendar.from_ical(content)
    return {
        str(event["summary"]): (event.decoded("dtstart"), str(event["uid"]))
        for event in calendar.walk("VEVENT")
    }


def test_a_deadline_at_midnight_is_the_end_of_the_day_before() -> None:
    midnight = datetime(2027, 4, 1, 0, 0, tzinfo=JST)
    assert deadline_in_words(midnight) == "2027年3月31日（令和9年）水曜日 24:00"
    assert last_day(midnight) == date(2027, 3, 31)
    assert deadline_in_words(CLOSES) == "2026年12月25日（令和8年）金曜日 17:00"
    new_year = datetime(2027, 1, 1, 0, 0, tzinfo=JST)
    assert deadline_in_words(new_year) == "2026年12月31日（令和8年）木曜日 24:00"


def test_the_period_says_what_is_not_known(context: Flask) -> None:
    assert period_in_words(draft()) == (
        "2026年11月25日（令和8年）水曜日 9:00から2026年12月25日（令和8年）金曜日 17:00まで"
    )
    assert period_in_words(draft(opens_at=None, closes_at=None)) == "まだ決まっていません"
    data = CallData(CallKind.OTHER, "昔の公募")
    past = service.record_past_call(data, "", SECRETARIAT, NOW, source_note="資料")
    assert period_in_words(past) == "募集期間は資料にありません"
    days = replace(
        data,
        opens_at=start_of_day(date(2025, 1, 28)),
        closes_at=end_of_day(date(2025, 2, 14)),
    )
    past = service.record_past_call(days, "", SECRETARIAT, NOW, source_note="資料")
    assert period_in_words(past) == (
        "2025年1月28日（令和7年）から2025年2月14日（令和7年）まで（時刻は資料にありません）"
    )


def test_who_may_answer_is_told() -> None:
    assert answerers_in_words(["company", "municipality"]) == "企業・自治体の会員"
    assert answerers_in_words([]) == "すべての会員"


def test_the_calendar_holds_period_and_timetable(context: Flask) -> None:
    day = TimetableEntry("2026-12-01", "説明会")
    call = published(timetable=(day,))
    assert timetable_in_order(call) == [(date(2026, 12, 1), "説明会")]
    found = entries(call_calendar(call, PAGE))
    assert set(found) == {
        "受付開始：サブWGの公募",
        "締切（2026年12月25日（令和8年）金曜日 17:00）：サブWGの公募",
        "説明会：サブWGの公募",
    }


def test_a_later_calendar_brings_the_same_entries_up_to_date(context: Flask) -> None:
    call = published()
    before = {uid for _start, uid in entries(call_calendar(call, PAGE)).values()}
    sequence = call.revision
    steps.extend_call(call, CLOSES + timedelta(days=3), "理由", SECRETARIAT, NOW)
    content = call_calendar(call, PAGE)
    assert {uid for _start, uid in entries(content).values()} == before
    assert f"SEQUENCE:{sequence + 1}".encode() in content
    steps.move_call(call, CallMove.CANCEL, "中止", SECRETARIAT, NOW)
    cancelled = call_calendar(call, PAGE)
    assert b"METHOD:CANCEL" in cancelled
    assert b"STATUS:CANCELLED" in cancelled


def test_a_draft_without_dates_has_an_empty_calendar(context: Flask) -> None:
    call = service.create_call(CallData(DATA.kind, "公募"), SECRETARIAT, NOW)
    assert entries(call_calendar(call, PAGE)) == {}
