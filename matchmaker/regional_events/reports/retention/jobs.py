"""Daily: deletes guests whose time is over, and tells the staff a week before."""

from __future__ import annotations

from datetime import datetime

from matchmaker.core.actor import SYSTEM
from matchmaker.core.db import db
from matchmaker.core.domain_events import record
from matchmaker.regional_events.planning.models import RegionalEvent
from matchmaker.regional_events.reports.domain import TOLD_BEFORE
from matchmaker.regional_events.reports.events import GuestDeletionNear
from matchmaker.regional_events.reports.retention import erasing, queries
from matchmaker.regional_events.reports.retention.service import delete_guests


def delete_due_guests(now: datetime) -> int:
    """Delete the guests of events whose period is over, and old registrations of members.

    Returns:
        How many people were erased.
    """
    people = sum(delete_guests(event, now, SYSTEM) for event in queries.events_due(now))
    while ids := queries.next_of_members(now):
        people += erasing.erase(erasing.load(ids), now)
        db.session.commit()
    return people


def tell_of_deletion(now: datetime) -> int:
    """Tell the staff of events whose guests are deleted within a week, once each.

    Returns:
        How many events mail was written for.
    """
    return sum(_tell(event, now) for event in queries.events_due_soon(now, TOLD_BEFORE))


def _tell(event: RegionalEvent, now: datetime) -> bool:
    if queries.was_told(event, GuestDeletionNear.tag):
        return False
    record(GuestDeletionNear(actor=SYSTEM, now=now, subject_id=event.id))
    db.session.commit()
    return True
