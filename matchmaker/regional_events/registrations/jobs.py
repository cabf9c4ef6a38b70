"""Work of the worker on seats: waves, offers that end, guests who did not confirm, free seats.

Each asks "what is due?" and works event by event in transactions of its own, so that a late run
catches up and a run that is cut off loses nothing.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from matchmaker.core.db import db
from matchmaker.regional_events.planning.domain import EventState
from matchmaker.regional_events.planning.models import RegionalEvent, SeatWave, Track
from matchmaker.regional_events.registrations import service
from matchmaker.regional_events.registrations.domain import WaitingState
from matchmaker.regional_events.registrations.models import Registration, WaitingEntry
from matchmaker.regional_events.registrations.records import lock_event

AT_ONCE = 500


def release_waves(now: datetime) -> int:
    """Give out the seats of waves whose time has come, earlier ones first; gives their number."""
    due = db.session.scalars(
        select(SeatWave.id)
        .join(Track, Track.id == SeatWave.track_id)
        .join(RegionalEvent, RegionalEvent.id == Track.event_id)
        .where(
            SeatWave.released_at.is_(None),
            SeatWave.release_at <= now,
            RegionalEvent.ends_at > now,
        )
        .order_by(SeatWave.release_at, SeatWave.id)
        .limit(AT_ONCE)
    ).all()
    db.session.commit()
    done = 0
    for wave_id in due:
        wave = db.session.get(SeatWave, wave_id)
        if wave is not None and service.release_wave(wave, now) is not None:
            done += 1
        db.session.commit()
    return done


def expire_offers(now: datetime) -> int:
    """Let offers end whose time is over; their seats go to the next. Gives their number."""
    due = db.session.scalars(
        select(WaitingEntry.id)
        .where(WaitingEntry.state == WaitingState.OFFERED, WaitingEntry.offer_until <= now)
        .order_by(WaitingEntry.offer_until, WaitingEntry.id)
        .limit(AT_ONCE)
    ).all()
    db.session.commit()
    done = 0
    for entry_id in due:
        entry = db.session.get(WaitingEntry, entry_id)
        done += entry is not None and service.expire_offer(entry, now)
        db.session.commit()
    return done


def expire_unconfirmed(now: datetime) -> int:
    """Let registrations end whose address was not confirmed in time; gives their number."""
    due = db.session.execute(
        select(Registration.id, Registration.event_id)
        .where(Registration.confirmed_at.is_(None), Registration.confirm_until <= now)
        .where(Registration.attendees.any(state="pending"))
        .order_by(Registration.confirm_until, Registration.id)
        .limit(AT_ONCE)
    ).all()
    db.session.commit()
    done = 0
    for registration_id, event_id in due:
        done += service.expire_registration(registration_id, event_id, now)
        db.session.commit()
    return done


def fill_seats(now: datetime) -> int:
    """Give what is free to those who wait where the clock alone made it possible (registration
    opened, the start drew near); gives how many got seats or an offer."""
    waiting = (
        select(WaitingEntry.id)
        .join(Track, Track.id == WaitingEntry.track_id)
        .where(Track.event_id == RegionalEvent.id, WaitingEntry.state == WaitingState.WAITING)
    )
    due = db.session.scalars(
        select(RegionalEvent.id)
        .where(
            RegionalEvent.state == EventState.PUBLISHED,
            RegionalEvent.opens_at <= now,
            RegionalEvent.starts_at > now,
            waiting.exists(),
        )
        .order_by(RegionalEvent.starts_at, RegionalEvent.id)
        .limit(AT_ONCE)
    ).all()
    db.session.commit()
    done = 0
    for event_id in due:
        done += service.fill_free_seats(lock_event(event_id), now)
        db.session.commit()
    return done
