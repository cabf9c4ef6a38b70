"""Meetings as entries of calendars.

The way into an online meeting never stands in one: calendars are shared with people who are not
admitted. It stands in the mail beside the file, and on the page.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from matchmaker.core.calendar_files import CalendarEntry, calendar_file
from matchmaker.working_groups.meetings.domain import MeetingState
from matchmaker.working_groups.meetings.models import Meeting
from matchmaker.working_groups.meetings.notices import (
    agenda_line,
    full_title,
    has_online,
    timetable,
    where_text,
)

LINK_ELSEWHERE = "オンラインの入口は、案内のメールと会合のページにあります。"


def calendar_entry(meeting: Meeting, public_url: str) -> CalendarEntry:
    """The entry of one meeting (group and agenda loaded).

    Args:
        meeting: the meeting; a cancelled one gives an entry that takes it out of calendars.
        public_url: address of the service.
    """
    return CalendarEntry(
        uid=f"{meeting.id}@{urlsplit(public_url).hostname or 'localhost'}",
        sequence=meeting.calendar_sequence,
        starts_at=meeting.starts_at,
        ends_at=meeting.ends_at,
        title=f"{meeting.group.name} {full_title(meeting)}",
        changed_at=meeting.updated_at,
        description=_description(meeting),
        location=where_text(meeting),
        url=f"{public_url}/meetings/{meeting.id}",
        is_cancelled=meeting.state is MeetingState.CANCELLED,
    )


def meeting_calendar(meeting: Meeting, public_url: str) -> bytes:
    """The calendar file of one meeting, as it goes with its mails."""
    return calendar_file([calendar_entry(meeting, public_url)])


def _description(meeting: Meeting) -> str:
    parts = [meeting.online_policy, LINK_ELSEWHERE if has_online(meeting) else ""]
    agenda = "\n".join(agenda_line(each) for each in timetable(meeting))
    return "\n\n".join(part for part in (*parts, f"議題\n{agenda}" if agenda else "") if part)
