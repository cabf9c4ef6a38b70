"""Calendar files (iCalendar, RFC 5545) of meetings and events, for mail and for subscription."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from icalendar import Calendar, Event, Timezone, vCalAddress, vText

from matchmaker.core.clock import JST

PRODUCT = "-//Meguriawase//JP"


@dataclass(frozen=True, slots=True)
class CalendarEntry:
    """One thing in a calendar.

    Args:
        uid: stays the same for all versions of the entry, for example ``<id>@host``.
        sequence: grows with every change, so that calendars take the newer version.
        starts_at: first moment.
        ends_at: moment at which it is over.
        title: what people read first.
        changed_at: when this version was made.
        description: plain text.
        location: place in words.
        url: page of the thing.
        is_cancelled: whether it will not take place.
        organizer: address of who invites; with it the file is a request, not a mere notice.
        attendee: name and address of the one person who gets this file.
    """

    uid: str
    sequence: int
    starts_at: datetime
    ends_at: datetime
    title: str
    changed_at: datetime
    description: str = ""
    location: str = ""
    url: str = ""
    is_cancelled: bool = False
    organizer: str = ""
    attendee: tuple[str, str] | None = None


def calendar_file(entries: Iterable[CalendarEntry], name: str = "") -> bytes:
    """The file with all ``entries``.

    Its method is CANCEL when all of them are cancelled, REQUEST when one has somebody who invites
    (RFC 5546, 3.2.2: calendars then keep one entry for a UID), else PUBLISH.

    Args:
        entries: what it holds.
        name: title that calendar programs show for a subscription.

    Returns:
        UTF-8 text with the line ends and folds of RFC 5545.
    """
    entries = list(entries)
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", _method(entries))
    if name:
        calendar["X-WR-CALNAME"] = vText(name)
    if entries:
        calendar.add_component(_timezone())
    for entry in entries:
        calendar.add_component(_event(entry))
    content: bytes = calendar.to_ical()
    return content


def _method(entries: list[CalendarEntry]) -> str:
    if entries and all(entry.is_cancelled for entry in entries):
        return "CANCEL"
    return "REQUEST" if any(entry.organizer for entry in entries) else "PUBLISH"


@cache
def _timezone() -> Timezone:
    """The one time zone of all entries; kept, since working it out takes longer than the rest."""
    return Timezone.from_tzid(JST.key)


def _event(entry: CalendarEntry) -> Event:
    event = Event()
    event.add("uid", entry.uid)
    event.add("sequence", entry.sequence)
    event.add("dtstamp", entry.changed_at)
    event.add("dtstart", entry.starts_at.astimezone(JST))
    event.add("dtend", entry.ends_at.astimezone(JST))
    event.add("summary", entry.title)
    event.add("status", "CANCELLED" if entry.is_cancelled else "CONFIRMED")
    for key, value in (
        ("description", entry.description),
        ("location", entry.location),
        ("url", entry.url),
    ):
        if value:
            event.add(key, value)
    _add_people(event, entry)
    return event


def _add_people(event: Event, entry: CalendarEntry) -> None:
    """Who invites and who is invited; no answer is asked for, it would go to nobody."""
    if entry.organizer:
        event.add("organizer", vCalAddress(f"mailto:{entry.organizer}"))
    if entry.attendee is not None:
        name, address = entry.attendee
        attendee = vCalAddress(f"mailto:{address}")
        attendee.params["CN"] = vText(name)
        attendee.params["RSVP"] = vText("FALSE")
        event.add("attendee", attendee)
