"""Puts what was said of an event into its row, and tells what that changes."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import select

from matchmaker.core.db import db
from matchmaker.regional_events.planning.content import EventData
from matchmaker.regional_events.planning.domain import EventState
from matchmaker.regional_events.planning.models import (
    EventOrganizer,
    EventSeries,
    RegionalEvent,
)

CALENDAR_FIELDS = (
    "name", "summary", "starts_at", "ends_at", "times_known", "venue", "address", "access_note",
    "online_policy",
)  # fmt: skip
PLAIN_FIELDS = (
    *CALENDAR_FIELDS, "kind", "audience", "description", "time_note", "prefecture", "latitude",
    "longitude", "online_url", "contact_name", "contact_email", "opens_at", "closes_at",
    "change_until", "hold_hours", "waiting_rule", "guest_retention_days",
)  # fmt: skip


def new_event(now: datetime) -> RegionalEvent:
    """An event without content, as a draft."""
    return RegionalEvent(
        state=EventState.DRAFT, revision=1, calendar_sequence=0, organizers=[], tracks=[],
        created_at=now, updated_at=now,
    )  # fmt: skip


def store(event: RegionalEvent, data: EventData, now: datetime) -> None:
    """Put what was said into the event; its organisers are loaded."""
    for name in PLAIN_FIELDS:
        setattr(event, name, getattr(data, name))
    event.series_id = _series_id(data.series_name, now)
    if _organizers_of(event) != _wanted_organizers(data):
        event.organizers = [
            EventOrganizer(
                organization_id=each.organization_id,
                name="" if each.organization_id else each.name,
                role=each.role,
                position=position,
            )
            for position, each in enumerate(data.organizers)
        ]
    event.updated_at = now


def _series_id(name: str, now: datetime) -> uuid.UUID | None:
    if not name:
        return None
    series = db.session.scalar(select(EventSeries).where(EventSeries.name == name))
    if series is None:
        series = EventSeries(name=name, created_at=now)
        db.session.add(series)
        db.session.flush()
    return series.id


def _organizers_of(event: RegionalEvent) -> list[tuple[object, ...]]:
    return [(each.role, each.organization_id, each.name) for each in event.organizers]


def _wanted_organizers(data: EventData) -> list[tuple[object, ...]]:
    return [
        (each.role, each.organization_id, "" if each.organization_id else each.name)
        for each in data.organizers
    ]


def changed_fields(event: RegionalEvent, data: EventData) -> list[str]:
    """Names of what ``data`` would change; series and organisers are loaded."""
    changed = [name for name in PLAIN_FIELDS if getattr(event, name) != getattr(data, name)]
    series = event.series.name if event.series is not None else ""
    if series != data.series_name:
        changed.append("series")
    if _organizers_of(event) != _wanted_organizers(data):
        changed.append("organizers")
    return changed
