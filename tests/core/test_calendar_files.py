"""Calendar files are read back by a program that knows the format."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from icalendar import Calendar, Component

from matchmaker.core.calendar_files import CalendarEntry, calendar_file

STARTS = datetime(2026, 12, 31, 14, 30, tzinfo=UTC)
ENTRY = CalendarEntry(
    uid="meeting-1@example.com",
    sequence=3,
    starts_at=STARTS,
    ends_at=STARTS + timedelta(hours=2),
    title="第1回 竹の利用サブWG",
    changed_at=STARTS - timedelta(days=20),
    description="議題：\n1. あいさつ、2; その他" + "。長い説明" * 30,
    location="高知県庁",
    url="https://example.com/meetings/1",
)


def read(*entries: CalendarEntry) -> tuple[Calendar, list[Component]]:
    """The file as another program understands it."""
    calendar = Calendar.from_ical(calendar_file(entries, "わたしのWG"))
    return calendar, calendar.walk("VEVENT")


def test_an_entry_is_read_back_whole() -> None:
    calendar, (event,) = read(ENTRY)
    assert calendar["METHOD"] == "PUBLISH"
    assert calendar["X-WR-CALNAME"] == "わたしのWG"
    assert event["UID"] == "meeting-1@example.com"
    assert event["SEQUENCE"] == 3
    assert event["SUMMARY"] == ENTRY.title
    assert event["DESCRIPTION"] == ENTRY.description
    assert event["LOCATION"] == "高知県庁"
    assert event["STATUS"] == "CONFIRMED"


def test_times_across_the_end_of_the_year_are_those_of_japan() -> None:
    _, (event,) = read(ENTRY)
    assert event.decoded("DTSTART") == STARTS
    assert event.decoded("DTSTART").isoformat() == "2026-12-31T23:30:00+09:00"
    assert event.decoded("DTEND").isoformat() == "2027-01-01T01:30:00+09:00"


def test_lines_are_folded_and_ended_as_the_format_says() -> None:
    content = calendar_file([ENTRY])
    assert all(len(line) <= 75 for line in content.split(b"\r\n"))
    assert b"\n" not in content.replace(b"\r\n", b"")


def test_a_file_of_cancelled_entries_cancels() -> None:
    cancelled = replace(ENTRY, is_cancelled=True, sequence=4)
    calendar, (event,) = read(cancelled)
    assert calendar["METHOD"] == "CANCEL"
    assert event["STATUS"] == "CANCELLED"
    both, _ = read(ENTRY, cancelled)
    assert both["METHOD"] == "PUBLISH"
