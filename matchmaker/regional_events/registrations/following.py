"""What registrations do when an event or its tracks change (named in ``subscriptions.py``)."""

from __future__ import annotations

from sqlalchemy import select

from matchmaker.core.db import db
from matchmaker.regional_events.planning.domain import EventState
from matchmaker.regional_events.planning.events import EventChanged, EventMoved, TrackChanged
from matchmaker.regional_events.planning.models import Track
from matchmaker.regional_events.registrations.domain import WaitingState
from matchmaker.regional_events.registrations.models import WaitingEntry
from matchmaker.regional_events.registrations.records import Step, begin, lock_event
from matchmaker.regional_events.registrations.waiting import fill_free_seats, take_offer_back
from matchmaker.regional_events.registrations.waves import follow_track_change


def follow_seats(happened: TrackChanged) -> None:
    """Bring the counters into step with the plan, and give out what became free by it."""
    follow_track_change(lock_event(happened.subject_id), happened.now)


def follow_move(happened: EventMoved) -> None:
    """Where an event stops, offers end and the lines freeze; seats stay. Where it goes on, the
    lines go on."""
    step = begin(happened.subject_id, happened.actor, happened.now)
    if step.event.state is EventState.PUBLISHED:
        fill_free_seats(step.event, happened.now)
        return
    for entry in _offers(step):
        take_offer_back(entry, step)


def follow_change(happened: EventChanged) -> None:
    """Another start bounds the offers anew; another opening may let the line move."""
    step = begin(happened.subject_id, happened.actor, happened.now)
    for entry in _offers(step):
        if entry.offer_until is not None and entry.offer_until > step.event.starts_at:
            entry.offer_until = step.event.starts_at
    db.session.flush()
    fill_free_seats(step.event, happened.now)


def _offers(step: Step) -> list[WaitingEntry]:
    query = (
        select(WaitingEntry)
        .join(Track, Track.id == WaitingEntry.track_id)
        .where(Track.event_id == step.event.id, WaitingEntry.state == WaitingState.OFFERED)
        .order_by(WaitingEntry.joined_at, WaitingEntry.id)
        .execution_options(populate_existing=True)
    )
    return list(db.session.scalars(query))
