"""The programme goes with its event: to another date, and into a copy."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from matchmaker.core.actor import Actor
from matchmaker.core.db import db
from matchmaker.regional_events.planning.events import EventChanged, EventMoved
from matchmaker.regional_events.planning.models import RegionalEvent
from matchmaker.regional_events.planning.programme.models import ProgrammeSession

KEPT = ("position", "title", "description", "room", "takes_questions")


def move_sessions(change: EventChanged | EventMoved) -> None:
    """Move all sessions by as much as the whole event has moved."""
    if not change.moved_by:
        return
    query = select(ProgrammeSession).where(ProgrammeSession.event_id == change.subject_id)
    for session in db.session.scalars(query.order_by(ProgrammeSession.id)):
        session.starts_at += change.moved_by
        session.ends_at += change.moved_by
        session.revision += 1


def copy_programme(
    original: RegionalEvent, copy: RegionalEvent, _actor: Actor, _now: datetime
) -> None:
    """Take the sessions over, at the same distance from the beginning; speakers, whose consent was
    for the original, are left out, and so are materials."""
    query = select(ProgrammeSession).where(ProgrammeSession.event_id == original.id)
    ahead = copy.starts_at - original.starts_at
    db.session.add_all(
        ProgrammeSession(
            event_id=copy.id,
            starts_at=session.starts_at + ahead,
            ends_at=session.ends_at + ahead,
            **{name: getattr(session, name) for name in KEPT},
        )
        for session in db.session.scalars(query.order_by(ProgrammeSession.id))
    )
    db.session.flush()
