"""What follows from events of retention: mail to the staff."""

from __future__ import annotations

from matchmaker.core.formatting import format_date
from matchmaker.notifications.service import mail_people, mail_secretariat
from matchmaker.regional_events.planning.notices import event_facts
from matchmaker.regional_events.planning.queries import get_event
from matchmaker.regional_events.reports.events import GuestDeletionNear
from matchmaker.regional_events.reports.retention import queries


def tell_staff(happened: GuestDeletionNear) -> None:
    """Tell the secretariat and those who plan the event what will be deleted, and when."""
    event = get_event(happened.subject_id)
    due = queries.due_at(event)
    counts = queries.guest_counts(event.id)
    context = {
        **event_facts(event),
        "due": format_date(due),
        "registrations": counts.registrations,
        "people": counts.people,
        "path": f"/regional-events/{event.id}/report/guests",
    }
    key = f"guests-near:{event.id}:{due:%Y%m%d}"
    mail_secretariat("event-guests-deletion", context, key, event.id, happened.now)
    people = queries.planners_of(event.id)
    mail_people(people, "event-guests-deletion", context, key, event.id, happened.now)
