"""Commands on tracks and waves. They flush, record ``TrackChanged`` and never commit.

The seats that are taken are counted elsewhere: whoever counts them follows ``TrackChanged``.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import delete
from sqlalchemy.exc import IntegrityError

from matchmaker.core.actor import Actor
from matchmaker.core.db import db
from matchmaker.core.domain_events import record
from matchmaker.core.errors import Conflict, NotFound, ProductError
from matchmaker.regional_events.planning.domain import (
    TRACKS_MOST,
    EventState,
    ReserveKind,
    TrackKind,
)
from matchmaker.regional_events.planning.events import TrackChanged
from matchmaker.regional_events.planning.models import (
    RegionalEvent,
    SeatReserve,
    SeatWave,
    Track,
    TrackQuota,
)
from matchmaker.regional_events.planning.queries import get_event
from matchmaker.regional_events.planning.tracks.domain import (
    InvalidTrack,
    TrackData,
    WaveData,
    cleaned,
    kept_errors,
    track_errors,
    wave_errors,
)
from matchmaker.regional_events.planning.tracks.guard import page_to_move_people, seats_taken
from matchmaker.regional_events.planning.tracks.together import LEADS, check_limit_track

CHANGED_BY_OTHERS = (
    "あなたが開いているあいだに、ほかの人がこの参加方法を変えました。入力した内容は残っています。"
    "いまの内容を別の画面で確かめてから、もう一度保存してください。"
)
IN_USE = "この参加方法には申し込みがあるため、消せません。席数を減らすか、受付を終えてください。"
FINISHED = "中止または保管したイベントの参加方法は、変えられません。"
RELEASED = "この枠は、もう受け付けを始めました。変えることも、消すこともできません。"


def add_track(event: RegionalEvent, data: TrackData, actor: Actor, now: datetime) -> Track:
    """Add a way of taking part, after those there are.

    Args:
        event: with its tracks.

    Raises:
        InvalidTrack: what was typed cannot be.
        ProductError: there are too many already.
    """
    _refuse_when_finished(event)
    if len(event.tracks) >= TRACKS_MOST:
        raise ProductError(f"参加方法は{TRACKS_MOST}個までです。")
    data = _checked(data)
    check_limit_track(event, None, data.limit_track_id)
    position = max((track.position for track in event.tracks), default=0) + 1
    track = Track(event_id=event.id, position=position, kind=data.kind, questions=[])
    track.quotas, track.reserves, track.waves = [], [], []
    _fill(track, data)
    event.tracks.append(track)
    _tell(track, actor, now, "added")
    return track


def add_tracks(
    event: RegionalEvent,
    wanted: Sequence[tuple[TrackData, Sequence[WaveData]]],
    actor: Actor,
    now: datetime,
    *,
    rooms_together: bool = False,
) -> list[Track]:
    """Add several tracks with their waves: all of them or none.

    Args:
        rooms_together: whether seats of one organisation are counted over all rooms; limits and
            the waves that raise them are those of the first room then.

    Raises:
        InvalidTrack: one of them, or one of their waves, cannot be.
        ProductError: there would be too many.
    """
    if len(event.tracks) + len(wanted) > TRACKS_MOST:
        raise ProductError(f"参加方法は、全部で{TRACKS_MOST}個までです。")
    made: list[Track] = []
    for data, waves in wanted:
        is_further_room = rooms_together and data.kind is TrackKind.ON_SITE and made
        leading = made[0].id if is_further_room else data.limit_track_id
        track = add_track(event, replace(data, limit_track_id=leading), actor, now)
        for wave in waves:
            if not is_further_room or wave.seats is not None:
                own = None if is_further_room else wave.per_organization_limit
                plan_wave(track, replace(wave, per_organization_limit=own), actor, now)
        made.append(track)
    return made


def change_track(
    track: Track,
    data: TrackData,
    actor: Actor,
    now: datetime,
    *,
    expected_revision: int | None = None,
) -> str | None:
    """Change a track; what kind it is stays.

    When people would lose their seats, the capacity stays as it is, and the rest is saved.

    Args:
        track: with its quotas, reserves and waves.
        expected_revision: the revision that was seen; None for the present one.

    Returns:
        The path of the page that asks whom to move before the capacity is lowered, or None.

    Raises:
        Conflict: somebody changed it since, or the event is over and done with.
        InvalidTrack: what was typed cannot be, or more seats would be kept than are free.
    """
    _refuse_when_finished(_event_of(track))
    _refuse_stale(track, expected_revision)
    data = _checked(replace(data, kind=track.kind), track.waves)
    check_limit_track(_event_of(track), track, data.limit_track_id)
    page = _page_to_move(track, data.capacity)
    data = replace(data, capacity=track.capacity) if page else data
    errors = kept_errors(data, data_of(track), seats_taken(track))
    if errors:
        raise InvalidTrack(errors)
    _fill(track, data)
    track.revision += 1
    _tell(track, actor, now, "changed")
    return page


def _page_to_move(track: Track, capacity: int | None) -> str | None:
    if capacity is None or (track.capacity is not None and capacity >= track.capacity):
        return None
    return page_to_move_people(track, capacity)


def remove_track(event: RegionalEvent, track: Track, actor: Actor, now: datetime) -> None:
    """Take away a track that nobody registered for.

    Raises:
        Conflict: somebody did, or it was needed elsewhere.
    """
    _refuse_when_finished(event)
    if page_to_move_people(track, 0):
        raise Conflict(IN_USE)
    if any(each.limit_track_id == track.id for each in event.tracks):
        raise Conflict(LEADS)
    name, track_id = track.name, track.id
    try:
        with db.session.begin_nested():
            db.session.execute(delete(Track).where(Track.id == track_id))
    except IntegrityError:
        raise Conflict(IN_USE) from None
    get_event(event.id)
    details = {"action": "removed", "name": name}
    record(
        TrackChanged(
            actor=actor, now=now, subject_id=event.id, track_id=track_id, details=details,
        )
    )  # fmt: skip


def set_quotas(track: Track, seats: Mapping[str, int], actor: Actor, now: datetime) -> None:
    """Limit the seats of categories; categories that are left out are not limited.

    Raises:
        InvalidTrack: a category is unknown, or gets more seats than there are.
    """
    change_track(track, replace(data_of(track), quotas=seats), actor, now)


def set_reserves(
    track: Track, seats: Mapping[ReserveKind, int], actor: Actor, now: datetime
) -> None:
    """Keep seats aside for speakers, press and others.

    Raises:
        InvalidTrack: more seats would be kept than there are.
    """
    change_track(track, replace(data_of(track), reserves=seats), actor, now)


def plan_wave(track: Track, data: WaveData, actor: Actor, now: datetime) -> SeatWave:
    """Plan a moment from which more seats are given out.

    Args:
        track: with its quotas, reserves and waves.

    Raises:
        InvalidTrack: it does not fit the event, the seats or the other waves.
    """
    _refuse_when_finished(_event_of(track))
    _check_wave(track, data, None, now)
    wave = SeatWave(track_id=track.id)
    _fill_wave(wave, data)
    track.waves.append(wave)
    _finish_wave(track, actor, now, "wave_planned", data)
    return wave


def change_wave(
    track: Track,
    wave_id: uuid.UUID,
    data: WaveData,
    actor: Actor,
    now: datetime,
    *,
    expected_revision: int | None = None,
) -> None:
    """Change a wave before its moment.

    Raises:
        Conflict: its seats are given out already, or somebody changed the track since.
        InvalidTrack: it does not fit.
    """
    _refuse_when_finished(_event_of(track))
    _refuse_stale(track, expected_revision)
    wave = wave_of(track, wave_id)
    _refuse_released(wave)
    _check_wave(track, data, wave, now)
    _fill_wave(wave, data)
    _finish_wave(track, actor, now, "wave_changed", data)


def remove_wave(track: Track, wave_id: uuid.UUID, actor: Actor, now: datetime) -> None:
    """Take back a wave before its moment.

    Raises:
        Conflict: its seats are given out already.
    """
    _refuse_when_finished(_event_of(track))
    wave = wave_of(track, wave_id)
    _refuse_released(wave)
    data = wave_data(wave)
    track.waves.remove(wave)
    _finish_wave(track, actor, now, "wave_removed", data)


def move_track(event: RegionalEvent, track: Track, step: int, actor: Actor, now: datetime) -> None:
    """Let a track change places with its neighbour: one up (-1) or down (1)."""
    _refuse_when_finished(event)
    tracks = sorted(event.tracks, key=lambda each: each.position)
    place = tracks.index(track)
    if not 0 <= place + step < len(tracks):
        return
    other = tracks[place + step]
    track.position, other.position = other.position, track.position
    db.session.flush()
    event.tracks.sort(key=lambda each: each.position)
    _record(event.id, track, actor, now, {"action": "moved", "name": track.name})


def wave_of(track: Track, wave_id: uuid.UUID) -> SeatWave:
    """One wave of a track.

    Raises:
        NotFound: it has none of that id.
    """
    wave = next((each for each in track.waves if each.id == wave_id), None)
    if wave is None:
        raise NotFound
    return wave


def data_of(track: Track) -> TrackData:
    """A stored track as data; needs quotas and reserves."""
    return TrackData(
        kind=track.kind, name=track.name, room=track.room, seating=track.seating,
        capacity=track.capacity, overbooking_rate=track.overbooking_rate,
        per_organization_limit=track.per_organization_limit, first_seats=track.first_seats,
        quotas={quota.category: quota.seats for quota in track.quotas},
        reserves={each.kind: each.seats for each in track.reserves if each.seats},
        limit_track_id=track.limit_track_id,
    )  # fmt: skip


def wave_data(wave: SeatWave) -> WaveData:
    """A stored wave as data."""
    return WaveData(wave.release_at, wave.seats, wave.per_organization_limit)


def _checked(data: TrackData, waves: Sequence[SeatWave] = ()) -> TrackData:
    data = cleaned(data)
    errors = track_errors(data, [wave_data(wave) for wave in waves])
    if errors:
        raise InvalidTrack(errors)
    return data


def _check_wave(track: Track, data: WaveData, changed: SeatWave | None, now: datetime) -> None:
    others = [wave_data(wave) for wave in track.waves if wave is not changed]
    errors = wave_errors(data, data_of(track), others, _event_of(track), now)
    if errors:
        raise InvalidTrack(errors)


def _fill(track: Track, data: TrackData) -> None:
    track.name, track.room, track.seating = data.name, data.room, data.seating
    track.capacity, track.overbooking_rate = data.capacity, data.overbooking_rate
    track.per_organization_limit = data.per_organization_limit
    track.first_seats = data.first_seats
    track.limit_track_id = data.limit_track_id
    _fill_quotas(track, data.quotas)
    _fill_reserves(track, data.reserves)


def _fill_quotas(track: Track, seats: Mapping[str, int]) -> None:
    known = {quota.category: quota for quota in track.quotas}
    kept = []
    for category, number in seats.items():
        quota = known.get(category) or TrackQuota(category=category)
        quota.seats = number
        kept.append(quota)
    track.quotas[:] = kept


def _fill_reserves(track: Track, seats: Mapping[ReserveKind, int]) -> None:
    """A kind without seats keeps its row: people may sit on them."""
    for reserve in track.reserves:
        reserve.seats = seats.get(reserve.kind, 0)
    known = {reserve.kind for reserve in track.reserves}
    for kind in ReserveKind:
        if kind not in known and seats.get(kind):
            place = list(ReserveKind).index(kind)
            track.reserves.append(SeatReserve(kind=kind, seats=seats[kind], position=place))


def _fill_wave(wave: SeatWave, data: WaveData) -> None:
    wave.release_at, wave.seats = data.release_at, data.seats
    wave.per_organization_limit = data.per_organization_limit


def _finish_wave(track: Track, actor: Actor, now: datetime, action: str, data: WaveData) -> None:
    track.revision += 1
    try:
        with db.session.begin_nested():
            db.session.flush()
    except IntegrityError:
        raise Conflict(CHANGED_BY_OTHERS) from None
    track.waves.sort(key=lambda wave: wave.release_at)
    details = {"action": action, "name": track.name, "release_at": data.release_at.isoformat()}
    _record(track.event_id, track, actor, now, details)


def _tell(track: Track, actor: Actor, now: datetime, action: str) -> None:
    db.session.flush()
    details = {"action": action, "name": track.name, "capacity": track.capacity}
    _record(track.event_id, track, actor, now, details)


def _record(
    event_id: uuid.UUID, track: Track, actor: Actor, now: datetime, details: dict[str, Any]
) -> None:
    record(
        TrackChanged(
            actor=actor, now=now, subject_id=event_id, track_id=track.id, details=details,
        )
    )  # fmt: skip


def _event_of(track: Track) -> RegionalEvent:
    return db.session.get_one(RegionalEvent, track.event_id)


def _refuse_stale(track: Track, expected: int | None) -> None:
    if expected is not None and expected != track.revision:
        raise Conflict(CHANGED_BY_OTHERS)


def _refuse_released(wave: SeatWave) -> None:
    if wave.released_at is not None:
        raise Conflict(RELEASED)


def _refuse_when_finished(event: RegionalEvent) -> None:
    if event.state in (EventState.CANCELLED, EventState.ARCHIVED):
        raise Conflict(FINISHED)
