"""A person's meetings as entries of a calendar. Who sits at the table stands on the page only."""

from __future__ import annotations

from datetime import datetime
from urllib.parse import urlsplit

from matchmaker.core.calendar_files import CalendarEntry, calendar_file
from matchmaker.regional_events.planning.models import RegionalEvent
from matchmaker.regional_events.tables.models import TableGuest
from matchmaker.regional_events.tables.timetables import VersionView


def timetable_calendar(
    event: RegionalEvent, guest: TableGuest, view: VersionView, public_url: str, now: datetime
) -> bytes:
    """The calendar file of one person: one entry for each slot they sit in.

    The number of the release is the sequence, so that calendars take the newer timetable.
    """
    host = urlsplit(public_url).hostname or "localhost"
    return calendar_file(
        CalendarEntry(
            uid=f"tables-{guest.id}-{sitting.slot.number}@{host}",
            sequence=view.version.release or 0,
            starts_at=sitting.slot.starts_at,
            ends_at=sitting.slot.ends_at,
            title=f"{event.name} {sitting.slot.number}回目（テーブル{sitting.table}）",
            changed_at=view.version.released_at or now,
            location=f"{event.venue} テーブル{sitting.table}".strip(),
            url=f"{public_url}/regional-events/{event.id}/tables/mine",
        )
        for sitting in view.timetable(guest.id)
        if sitting.table
    )
