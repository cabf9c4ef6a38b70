"""An agreed appointment as an entry of a calendar. Addresses of people do not stand in it."""

from __future__ import annotations

from datetime import timedelta
from email.utils import parseaddr
from urllib.parse import urlsplit

from config import Settings
from matchmaker.accounts.models import User
from matchmaker.core.calendar_files import CalendarEntry, calendar_file
from matchmaker.partnering.introductions.matches.domain import AppointmentState
from matchmaker.partnering.introductions.matches.models import Appointment, Match
from matchmaker.partnering.introductions.matches.presentation import pair_in_words


def appointment_calendar(
    match: Match, appointment: Appointment, user: User, settings: Settings
) -> bytes | None:
    """The calendar file of one person; None as long as no date was agreed.

    Args:
        match: with both posts and organisations loaded.
        appointment: a cancelled one gives a file that takes it out of the calendar.
        user: who gets the file; nobody else is named in it.
    """
    if appointment.starts_at is None:
        return None
    public_url = settings.resolved_public_url()
    entry = CalendarEntry(
        uid=f"{appointment.id}@{urlsplit(public_url).hostname or 'localhost'}",
        sequence=appointment.sequence,
        starts_at=appointment.starts_at,
        ends_at=appointment.starts_at + timedelta(minutes=appointment.minutes),
        title=f"打合せ：{appointment.title}",
        changed_at=appointment.updated_at,
        description=pair_in_words(match),
        location=appointment.place,
        url=f"{public_url}/matches/{match.id}",
        is_cancelled=appointment.state is AppointmentState.CANCELLED,
        organizer=parseaddr(settings.mail_from)[1],
        attendee=(user.name, user.email),
    )
    return calendar_file([entry])
