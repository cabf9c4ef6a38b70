"""Reminds those who come, on the day before. The key of each mail names person and date, so that it
goes out once, and again when the event has moved."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

from sqlalchemy import select

from matchmaker.core.clock import today
from matchmaker.core.db import db
from matchmaker.regional_events.planning.domain import EventState
from matchmaker.regional_events.planning.models import RegionalEvent
from matchmaker.regional_events.planning.queries import get_event
from matchmaker.regional_events.registrations import mails, queries
from matchmaker.regional_events.registrations.domain import AttendeeState

EVENTS_AT_ONCE = 50


def remind_of_tomorrow(now: datetime) -> int:
    """Remind everybody with a seat of events that begin tomorrow in Japan; gives the new mails."""
    ids = _events_of_tomorrow(now)
    db.session.commit()
    written = 0
    for event_id in ids:
        event = get_event(event_id)
        written += sum(
            mails.mail_reminder(person, event, now)
            for person in queries.seated_or_waiting(event_id)
            if person.state is AttendeeState.CONFIRMED
        )
        db.session.commit()
    return written


def _events_of_tomorrow(now: datetime) -> list[uuid.UUID]:
    wanted = today(now) + timedelta(days=1)
    rows = db.session.execute(
        select(RegionalEvent.id, RegionalEvent.starts_at)
        .where(
            RegionalEvent.state == EventState.PUBLISHED,
            RegionalEvent.starts_at > now,
            RegionalEvent.starts_at <= now + timedelta(days=2),
        )
        .order_by(RegionalEvent.starts_at, RegionalEvent.id)
        .limit(EVENTS_AT_ONCE)
    )
    return [row.id for row in rows if today(row.starts_at) == wanted]
