"""Writes the mails of registrations into the outbox: each with the facts, most with the files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from matchmaker.accounts.domain import email_key
from matchmaker.core.calendar_files import calendar_file
from matchmaker.core.qr_codes import qr_png
from matchmaker.core.settings import current_settings
from matchmaker.notifications.domain import Attachment
from matchmaker.notifications.service import queue_mail_to_address
from matchmaker.regional_events.planning.calendar_entries import calendar_entry
from matchmaker.regional_events.planning.domain import TrackKind
from matchmaker.regional_events.planning.models import RegionalEvent, Track
from matchmaker.regional_events.planning.notices import moment_text
from matchmaker.regional_events.registrations.explaining import place_in_line
from matchmaker.regional_events.registrations.links import confirm_url, ticket_url
from matchmaker.regional_events.registrations.models import Attendee, Registration, WaitingEntry
from matchmaker.regional_events.registrations.presentation import (
    address_of,
    names_of,
    reference,
    seat_facts,
    track_name,
)

ONLINE = "オンライン"
QR_NAME = "uketsuke-qr.png"


def mail_to_confirm(registration: Registration, event: RegionalEvent, now: datetime) -> None:
    """Ask a guest to confirm the address by a link."""
    context = {
        **seat_facts(event, None),
        "recipient_name": registration.contact_name,
        "confirm_url": confirm_url(registration),
        "confirm_until": moment_text(registration.confirm_until),
    }
    key = f"registration-confirm:{registration.id}:{registration.link_version}"
    queue_mail_to_address(
        registration.contact_email, "event-to-confirm", context, key, registration.id, now
    )


def mail_registered_again(attendee: Attendee, event: RegionalEvent, now: datetime) -> None:
    """Tell somebody that the form was sent again with their address, at most once an hour."""
    key = f"registration-again:{attendee.id}:{now:%Y%m%d%H}"
    _mail(attendee, "event-registered-again", _person_facts(attendee, event), key, now)


def mail_seat(
    attendee: Attendee,
    event: RegionalEvent,
    track: Track,
    now: datetime,
    more: Mapping[str, Any],
    template: str = "event-confirmed",
) -> None:
    """Tell a person of a seat, with calendar file and QR code; once for each seat and person."""
    seated = (attendee.seated_at or now).strftime("%Y%m%d%H%M%S%f")
    key = f"registration-seat:{attendee.id}:{attendee.link_version}:{seated}"
    context = {**_person_facts(attendee, event, track), **more}
    _mail(
        attendee, template, context, key, now,
        calendar=seat_calendar(event, track), attachments=code_files(attendee, track),
    )  # fmt: skip


def mail_line(entry: WaitingEntry, event: RegionalEvent, now: datetime, why: str) -> None:
    """Tell those of a place in line where they stand.

    Args:
        entry: with track, people and registration.
        why: in other words how it came about, to tell one such mail from the next.
    """
    place = place_in_line(entry, now)
    context = {
        **_line_facts(entry, event),
        "number": place.number,
        "ahead": place.ahead,
        "why": place.why,
        "what_would_help": place.what_would_help,
    }
    _mail_entry(entry, "event-waiting", context, f"registration-line:{entry.id}:{why}", now)


def mail_offer(entry: WaitingEntry, event: RegionalEvent, now: datetime) -> None:
    """Tell those of a place in line that seats are held for them, and until when."""
    context = {**_line_facts(entry, event), "offer_until": moment_text(entry.offer_until)}
    key = f"registration-offer:{entry.id}:{entry.offers}"
    _mail_entry(entry, "event-offered", context, key, now)


def mail_offer_ended(entry: WaitingEntry, event: RegionalEvent, now: datetime) -> None:
    """Tell them that nobody answered in time and the seats went on."""
    key = f"registration-offer-ended:{entry.id}:{entry.offers}"
    _mail_entry(entry, "event-offer-ended", _line_facts(entry, event), key, now)


def mail_former(
    name: str, address: str, attendee: Attendee, event: RegionalEvent, now: datetime
) -> None:
    """Tell the person who had a seat before that somebody else has it now."""
    if not address:
        return
    context = {
        **seat_facts(event, None),
        "recipient_name": name,
        "reference": reference(attendee.registration),
    }
    key = f"registration-former:{attendee.id}:{attendee.link_version}"
    queue_mail_to_address(
        address, "event-handed-over", context, key, attendee.id, now,
        calendar=seat_calendar(event, None, is_cancelled=True),
    )  # fmt: skip


def mail_cancelled(
    attendee: Attendee, event: RegionalEvent, track: Track | None, reason: str, now: datetime
) -> None:
    """Tell a person that they are not registered any more."""
    context = {**_person_facts(attendee, event, track), "reason": reason}
    calendar = seat_calendar(event, track, is_cancelled=True) if track else None
    key = f"registration-cancelled:{attendee.id}:{now.isoformat()}"
    _mail(attendee, "event-seat-cancelled", context, key, now, calendar=calendar)


def mail_notice(
    people: Sequence[Attendee],
    event: RegionalEvent,
    template: str,
    what: str,
    more: Mapping[str, Any],
    now: datetime,
) -> int:
    """One notice to everybody; those who share an address get one together.

    Args:
        people: with registration and track.
        event: as it is now.
        template: the mail.
        what: tells this notice from others of the same version of the event.
        more: further facts of the mail.

    Returns:
        How many mails were written.
    """
    told: set[str] = set()
    for person in people:
        address = email_key(address_of(person))
        if not address or address in told:
            continue
        told.add(address)
        key = f"event-notice:{event.id}:{what}:{event.calendar_sequence}:{person.id}"
        calendar = seat_calendar(event, person.track) if person.track else None
        context = {**_person_facts(person, event, person.track), **more}
        _mail(person, template, context, key, now, calendar=calendar)
    return len(told)


def mail_reminder(attendee: Attendee, event: RegionalEvent, now: datetime) -> bool:
    """Remind a person of tomorrow; once for each person and date."""
    track = attendee.track
    if track is None:
        return False
    key = f"registration-reminder:{attendee.id}:{attendee.link_version}:{event.starts_at:%Y%m%d}"
    context = _person_facts(attendee, event, track)
    return _mail(
        attendee, "event-reminder", context, key, now, attachments=code_files(attendee, track)
    )


def seat_calendar(
    event: RegionalEvent, track: Track | None, *, is_cancelled: bool = False
) -> bytes:
    """The calendar file of a seat; ``is_cancelled`` takes the event out of a calendar."""
    entry = calendar_entry(event, current_settings().resolved_public_url())
    place = entry.location
    if track is not None and track.kind is not TrackKind.ON_SITE:
        place = ONLINE
    gone = entry.is_cancelled or is_cancelled
    return calendar_file([replace(entry, location=place, is_cancelled=gone)])


def code_files(attendee: Attendee, track: Track) -> Sequence[Attachment]:
    """The QR code as a picture, for those who come to the place."""
    if track.kind is not TrackKind.ON_SITE:
        return ()
    return (Attachment(QR_NAME, "image/png", qr_png(attendee.code)),)


def _person_facts(
    attendee: Attendee, event: RegionalEvent, track: Track | None = None
) -> dict[str, Any]:
    is_on_site = track is not None and track.kind is TrackKind.ON_SITE
    return {
        **seat_facts(event, track),
        "recipient_name": attendee.name,
        "reference": reference(attendee.registration),
        "code": attendee.code if is_on_site else "",
        "ticket_url": ticket_url(attendee),
    }


def _line_facts(entry: WaitingEntry, event: RegionalEvent) -> dict[str, Any]:
    return {
        **seat_facts(event, None),
        "wanted": track_name(entry.track),
        "people": names_of(entry.attendees),
        "size": entry.size,
        "reference": reference(entry.registration),
    }


def _mail_entry(
    entry: WaitingEntry, template: str, context: Mapping[str, Any], key: str, now: datetime
) -> None:
    """One mail to each address of the group, with the link of the person it belongs to."""
    told: set[str] = set()
    for person in entry.attendees:
        address = person.email or entry.registration.contact_email
        if not address or email_key(address) in told:
            continue
        told.add(email_key(address))
        facts = {**context, "recipient_name": person.name, "ticket_url": ticket_url(person)}
        queue_mail_to_address(address, template, facts, f"{key}:{person.id}", person.id, now)


def _mail(
    attendee: Attendee,
    template: str,
    context: Mapping[str, Any],
    key: str,
    now: datetime,
    *,
    calendar: bytes | None = None,
    attachments: Sequence[Attachment] = (),
) -> bool:
    address = address_of(attendee)
    if not address:
        return False
    return queue_mail_to_address(
        address, template, dict(context), key, attendee.id, now,
        calendar=calendar, attachments=attachments,
    )  # fmt: skip
