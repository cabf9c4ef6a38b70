"""Commands on reference data of the pages for visitors. The caller commits."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime

from sqlalchemy import select

from matchmaker.core.actor import Actor
from matchmaker.core.db import db, new_id
from matchmaker.core.domain_events import record
from matchmaker.pages.domain import ReferenceEventData
from matchmaker.pages.events import ReferenceEventSaved
from matchmaker.pages.models import ReferenceEvent


def save_reference_event(data: ReferenceEventData, actor: Actor, now: datetime) -> ReferenceEvent:
    """Add a public event, or bring the one with the same key into line.

    Args:
        data: the event; its key decides whether it is new.
        actor: who does it.
        now: the present moment.
    """
    event = db.session.scalar(select(ReferenceEvent).where(ReferenceEvent.key == data.key))
    if event is None:
        event = ReferenceEvent(id=new_id(), key=data.key)
        db.session.add(event)
    changed = [k for k, v in asdict(data).items() if getattr(event, k) != v]
    for name in changed:
        setattr(event, name, getattr(data, name))
    if changed:
        db.session.flush()
        details = {"fields": changed}
        record(ReferenceEventSaved(actor=actor, now=now, subject_id=event.id, details=details))
    return event
