"""Events as entries of calendars.

The way into the online part never stands in one: calendars are shared with people who hold no seat.
"""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import urlsplit

from matchmaker.core.calendar_files import CalendarEntry, calendar_file
from matchmaker.regional_events.planning.domain import EventState
from matchmaker.regional_events.planning.models import RegionalEvent
from matchmaker.regional_events.planning.notices import has_online, where_text

CALENDAR_NAME = "めぐりあわせのイベント"
LINK_ELSEWHERE = "オンラインの入口は、参加登録をした方にお知らせします。"


def calendar_entry(event: RegionalEvent, public_url: str) -> CalendarEntry:
    """The entry of one event (tracks loaded).

    Args:
        event: the event; a cancelled or postponed one is taken out of calendars by its entry.
        public_url: address of the service.
    """
    return CalendarEntry(
        uid=f"{event.id}@{urlsplit(public_url).hostname or 'localhost'}",
        sequence=event.calendar_sequence,
        starts_at=event.starts_at,
        ends_at=event.ends_at,
        title=event.name,
        changed_at=event.updated_at,
        description=_description(event),
        location=" ".join(part for part in (where_text(event), event.address) if part),
        url=f"{public_url}/regional-events/{event.id}",
        is_cancelled=event.state in (EventState.CANCELLED, EventState.POSTPONED),
    )


def event_calendar(events: Iterable[RegionalEvent], public_url: str, name: str = "") -> bytes:
    """The calendar file of some events (tracks loaded).

    Args:
        name: title for a subscription.
    """
    return calendar_file([calendar_entry(event, public_url) for event in events], name)


def _description(event: RegionalEvent) -> str:
    parts = [
        event.state_reason if event.state is not EventState.PUBLISHED else "",
        event.summary,
        event.access_note,
        event.online_policy,
        LINK_ELSEWHERE if has_online(event) else "",
    ]
    return "\n\n".join(part for part in parts if part)
