"""Facts of an event in words, for pages, mails and calendars."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from matchmaker.core.clock import JST, today
from matchmaker.core.formatting import era_year, format_date
from matchmaker.regional_events.planning.domain import EventState, TrackKind
from matchmaker.regional_events.planning.models import EventOrganizer, RegionalEvent

WEEKDAYS = "月火水木金土日"
ONLINE = "オンライン"
UNKNOWN = "未定"


def day_text(day: date) -> str:
    """``2026年12月31日（令和8年）木曜日``."""
    return f"{format_date(day)}{WEEKDAYS[day.weekday()]}曜日"


def clock_text(moment: datetime) -> str:
    """``9:30`` in Japan."""
    local = moment.astimezone(JST)
    return f"{local.hour}:{local.minute:02d}"


def moment_text(moment: datetime | None) -> str:
    """``2026年12月31日（令和8年）木曜日 23:00``; nothing for None."""
    return "" if moment is None else f"{day_text(today(moment))} {clock_text(moment)}"


def when_text(starts_at: datetime, ends_at: datetime, *, times_known: bool = True) -> str:
    """When something is: one day, past midnight (翌日), or over several days, in Japan's time.

    An end at midnight is told as 24:00 of the day before.
    """
    first = today(starts_at)
    last = today(ends_at - timedelta(microseconds=1))
    if not times_known:
        return day_text(first) if first == last else f"{day_text(first)}〜{_end_day(first, last)}"
    begin = f"{day_text(first)} {clock_text(starts_at)}"
    if last == first:
        return f"{begin}〜{_end_clock(ends_at, last)}"
    if last == first + timedelta(days=1) and ends_at - starts_at < timedelta(hours=12):
        return f"{begin}〜翌日{_end_clock(ends_at, last)}"
    return f"{begin}〜{_end_day(first, last)} {_end_clock(ends_at, last)}"


def _end_clock(ends_at: datetime, last: date) -> str:
    return clock_text(ends_at) if today(ends_at) == last else "24:00"


def _end_day(first: date, last: date) -> str:
    weekday = f"{WEEKDAYS[last.weekday()]}曜日"
    if last.year != first.year:
        return day_text(last)
    era = "" if era_year(last) == era_year(first) else f"（{era_year(last)}）"
    return f"{last.month}月{last.day}日{era}{weekday}"


def dates_are_open(event: RegionalEvent) -> bool:
    """Whether the date has yet to be given: a draft that was copied, or a postponed event."""
    return event.state is EventState.POSTPONED or (
        event.state is EventState.DRAFT and not event.times_known
    )


def event_when(event: RegionalEvent) -> str:
    """When an event is, in words."""
    if event.state is EventState.DRAFT and not event.times_known:
        return "日時は未定"
    text = when_text(event.starts_at, event.ends_at, times_known=event.times_known)
    note = f"（{event.time_note}）" if event.time_note else ""
    return f"{text}{note}"


def has_online(event: RegionalEvent) -> bool:
    """Whether one may take part from afar (tracks loaded); the way in may be made known later."""
    return bool(event.online_url or event.online_policy) or any(
        track.kind is TrackKind.ONLINE for track in event.tracks
    )


def where_text(event: RegionalEvent) -> str:
    """The place in words (tracks loaded); that one may join online is said, how is not."""
    place = event.venue or event.prefecture
    is_said = ONLINE in place
    ways = [place, ONLINE if has_online(event) and not is_said else ""]
    return "と".join(way for way in ways if way) or UNKNOWN


def organizer_name(organizer: EventOrganizer) -> str:
    """What an organiser is called: as its record says, or as it was typed."""
    return organizer.organization.name if organizer.organization is not None else organizer.name


def event_facts(event: RegionalEvent) -> dict[str, str]:
    """What a mail says of an event (tracks loaded), without the way into the online part."""
    return {
        "event_name": event.name,
        "when": event_when(event),
        "where": where_text(event),
        "address": event.address,
        "access_note": event.access_note,
        "online_policy": event.online_policy,
        "contact_name": event.contact_name,
        "contact_email": event.contact_email,
        "event_path": f"/regional-events/{event.id}",
    }
