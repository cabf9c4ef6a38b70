"""Facts of a meeting in words, for pages, mails and calendars."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from matchmaker.core.clock import today
from matchmaker.core.formatting import clock_on, format_day, format_moment, format_span
from matchmaker.working_groups.meetings.domain import overrun_minutes, running_clock
from matchmaker.working_groups.meetings.models import AgendaItem, Meeting

ONLINE = "オンライン"
NO_PLACE = "未定"


@dataclass(frozen=True, slots=True)
class TimedItem:
    """An item of the agenda with its times as people read them.

    Args:
        item: the item.
        number: its place, from 1.
        clock: ``14:05〜14:35``, ``14:05〜`` or nothing where it cannot be told.
        speaker: who presents it.
    """

    item: AgendaItem
    number: int
    clock: str
    speaker: str


def when_text(starts_at: datetime, ends_at: datetime, *, times_known: bool = True) -> str:
    """``2026年12月31日（令和8年）木曜日 23:00〜翌日1:00`` in Japan's time."""
    if not times_known:
        return format_day(today(starts_at))
    return format_span(starts_at, ends_at)


def meeting_when(meeting: Meeting) -> str:
    """When a meeting is, in words."""
    return when_text(meeting.starts_at, meeting.ends_at, times_known=meeting.times_known)


def where_text(meeting: Meeting) -> str:
    """The place in words; that one may join online is said, how is not."""
    ways = [meeting.place, ONLINE if has_online(meeting) else ""]
    return "と".join(way for way in ways if way) or NO_PLACE


def has_online(meeting: Meeting) -> bool:
    """Whether one may join from afar; the way in may be made known later."""
    return bool(meeting.online_url or meeting.online_policy)


def full_title(meeting: Meeting) -> str:
    """``第3回 …``; the round stands in front unless the title says it already."""
    if meeting.round is None or f"第{meeting.round}回" in meeting.title:
        return meeting.title
    return f"第{meeting.round}回 {meeting.title}"


def timetable(meeting: Meeting) -> list[TimedItem]:
    """The agenda with its running clock; none where only the day is known."""
    day = today(meeting.starts_at)
    lengths = [item.minutes for item in meeting.agenda]
    spans = running_clock(meeting.starts_at, lengths)
    return [
        TimedItem(
            item,
            number,
            _span_text(span.begins_at, span.ends_at, day) if meeting.times_known else "",
            speaker_of(item),
        )
        for number, (item, span) in enumerate(zip(meeting.agenda, spans, strict=True), start=1)
    ]


def _span_text(begins_at: datetime | None, ends_at: datetime | None, day: date) -> str:
    if begins_at is None:
        return ""
    return f"{clock_on(begins_at, day)}〜{clock_on(ends_at, day) if ends_at else ''}"


def speaker_of(item: AgendaItem) -> str:
    """Who presents an item: a person of the group, or the name that was typed."""
    return item.speaker.name if item.speaker is not None else item.speaker_name


def overrun_of(meeting: Meeting) -> int:
    """By how many minutes the agenda goes over the end of the meeting."""
    if not meeting.times_known:
        return 0
    return overrun_minutes(
        meeting.starts_at, meeting.ends_at, (item.minutes for item in meeting.agenda)
    )


def notice_facts(meeting: Meeting) -> dict[str, Any]:
    """What a mail to those admitted says of a meeting. Others are never sent it."""
    return {
        "meeting_title": full_title(meeting),
        "group_name": meeting.group.name,
        "when": meeting_when(meeting),
        "where": where_text(meeting),
        "online_url": meeting.online_url,
        "online_policy": meeting.online_policy,
        "agenda": [agenda_line(each) for each in timetable(meeting)],
        "answers_until": format_moment(meeting.answers_until) if meeting.answers_until else "",
        "meeting_path": f"/meetings/{meeting.id}",
    }


def agenda_line(timed: TimedItem) -> str:
    """``1. 開会（14:00〜14:05、座長 山田）`` in one line of plain text."""
    more = "、".join(part for part in (timed.clock, timed.speaker) if part)
    return f"{timed.number}. {timed.item.title}" + (f"（{more}）" if more else "")
