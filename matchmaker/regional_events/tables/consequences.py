"""Mail that follows from a released version (named in ``matchmaker/subscriptions.py``).

Each person gets one mail a version, and only when something of their own timetable changed: the key
of the mail names version and person.
"""

from __future__ import annotations

import uuid
from datetime import datetime

from matchmaker.core.formatting import format_moment
from matchmaker.core.settings import current_settings
from matchmaker.notifications.service import queue_mail_to_address
from matchmaker.regional_events.planning.models import RegionalEvent
from matchmaker.regional_events.registrations.domain import AttendeeState
from matchmaker.regional_events.registrations.links import TICKETS, ticket_token
from matchmaker.regional_events.tables import queries
from matchmaker.regional_events.tables.calendar_entries import timetable_calendar
from matchmaker.regional_events.tables.events import TablesReleased
from matchmaker.regional_events.tables.models import TableGuest
from matchmaker.regional_events.tables.timetables import VersionView

FIRST, CHANGED = "event-table-timetable", "event-table-changed"


def mail_timetables(event: TablesReleased) -> None:
    """Tell everybody their timetable, or, after an earlier version, those whose own changed."""
    plan = queries.get_plan(event.subject_id)
    after = VersionView(queries.get_version(plan.id, event.version_id))
    before = VersionView(queries.get_version(plan.id, event.before_id)) if event.before_id else None
    for guest in after.guests.values():
        if _is_told(guest, before, after):
            _mail(plan.event, guest, after, is_changed=before is not None, now=event.now)


def _is_told(guest: TableGuest, before: VersionView | None, after: VersionView) -> bool:
    if guest.attendee.state is not AttendeeState.CONFIRMED:
        return False
    if before is None:
        return guest.is_taking_part
    return before.places(guest.id) != after.places(guest.id)


def _mail(
    event: RegionalEvent, guest: TableGuest, view: VersionView, *, is_changed: bool, now: datetime
) -> None:
    address = guest.attendee.email or queries.contact_email(guest.attendee_id)
    if not address:
        return
    sittings = [each for each in view.timetable(guest.id) if each.table]
    context = {
        "recipient_name": guest.attendee.name,
        "event_name": event.name,
        "when": format_moment(event.starts_at),
        "venue": event.venue,
        "lines": [
            (each.line, [f"{c.organization} {c.name}" for c in each.companions])
            for each in sittings
        ],
        "page_path": f"{TICKETS}/{ticket_token(guest.attendee)}/tables",
    }
    queue_mail_to_address(
        address, CHANGED if is_changed else FIRST, context, mail_key(view.version.id, guest.id),
        event.id, now,
        calendar=timetable_calendar(
            event, guest, view, current_settings().resolved_public_url(), now
        ) if sittings else None,
    )  # fmt: skip


def mail_key(version_id: uuid.UUID, guest_id: uuid.UUID) -> str:
    """What makes a mail of a version go to a person once."""
    return f"tables:{version_id}:{guest_id}"
