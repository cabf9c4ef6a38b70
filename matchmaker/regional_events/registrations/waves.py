"""Commands on how many seats are given out: plans followed, waves released."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select, update

from matchmaker.core.actor import SYSTEM, Actor
from matchmaker.core.db import db
from matchmaker.core.domain_events import record
from matchmaker.core.errors import ProductError
from matchmaker.regional_events.planning.models import RegionalEvent, SeatWave, Track
from matchmaker.regional_events.registrations.events import WaveReleased
from matchmaker.regional_events.registrations.records import begin, event_of_track, lock_event
from matchmaker.regional_events.registrations.seats import ensure_counters
from matchmaker.regional_events.registrations.waiting import fill_free_seats, fill_tracks


def follow_track_change(event: RegionalEvent, now: datetime) -> int:
    """Bring all counters of an event into step with its tracks, and give out what became free.

    Nobody loses a seat: a bound below what is taken stays at what is taken.

    Returns:
        How many of those who wait got seats or an offer.
    """
    event = lock_event(event.id)
    tracks = db.session.scalars(select(Track.id).where(Track.event_id == event.id)).all()
    db.session.flush()
    for track_id in sorted(tracks):
        ensure_counters(track_id)
    return fill_free_seats(event, now)


def release_wave(
    wave: SeatWave, now: datetime, actor: Actor = SYSTEM, reason: str = ""
) -> int | None:
    """Give out the seats of a wave to those who asked, in the order of the rule; exactly once.

    Args:
        wave: at its time, or earlier by hand.
        reason: needed when it is released early.

    Returns:
        How many of those who wait got seats or an offer; None when it was released before.

    Raises:
        ProductError: it is early and no reason is given (field ``reason``).
    """
    step = begin(event_of_track(wave.track_id), actor, now, reason.strip())
    if now < wave.release_at and not reason.strip():
        raise ProductError("予定より早く受け付けるには、理由を入れてください。", "reason")
    if not _mark_released(wave, step.now):
        return None
    ensure_counters(wave.track_id)
    record(
        WaveReleased(
            actor=actor, now=step.now, subject_id=wave.track_id, event_id=step.event.id,
            reason=step.reason,
            details={"seats": wave.seats, "per_organization_limit": wave.per_organization_limit},
        )
    )  # fmt: skip
    return fill_tracks([wave.track_id], step)


def _mark_released(wave: SeatWave, now: datetime) -> bool:
    result = db.session.execute(
        update(SeatWave)
        .where(SeatWave.id == wave.id, SeatWave.released_at.is_(None))
        .values(released_at=now)
        .execution_options(synchronize_session=False)
    )
    db.session.refresh(wave, ["released_at"])
    return result.rowcount == 1  # type: ignore[attr-defined,no-any-return]
