"""Who may open the pages of tracks, waves and questions; the editor plans the event."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from matchmaker.core import clock
from matchmaker.core.actor import SYSTEM
from matchmaker.core.db import db
from matchmaker.regional_events.planning.domain import Duty, TrackKind
from matchmaker.regional_events.planning.models import EventStaff
from matchmaker.regional_events.planning.tracks.domain import TrackData, WaveData
from matchmaker.regional_events.planning.tracks.service import add_track, plan_wave
from tests.architecture.access_rules import EDITOR, SECRETARIAT, Row, Things, get, only, post
from tests.regional_events.builders import make_event

EVENT: dict[str, Any] = {"event_id": "tracks_event_id"}
TRACK: dict[str, Any] = {**EVENT, "track_id": "planned_track_id"}
WAVE: dict[str, Any] = {**TRACK, "wave_id": "planned_wave_id"}
PLANNING = (EDITOR, SECRETARIAT)


def _rows() -> Iterator[Row]:
    for page in ("index", "new", "preset"):
        yield get(f"event_tracks.{page}", only(*PLANNING), **EVENT)
    for page in ("create", "create_preset"):
        yield post(f"event_tracks.{page}", only(*PLANNING, status=422), **EVENT)
    for page in ("edit", "waves"):
        yield get(f"event_tracks.{page}", only(*PLANNING), **TRACK)
    for page in ("update", "create_wave"):
        yield post(f"event_tracks.{page}", only(*PLANNING, status=422), **TRACK)
    for page in ("move", "remove"):
        yield post(f"event_tracks.{page}", only(*PLANNING, status=302), **TRACK)
    yield get("event_tracks.edit_wave", only(*PLANNING), **WAVE)
    yield post("event_tracks.update_wave", only(*PLANNING, status=422), **WAVE)
    yield post("event_tracks.remove_wave", only(*PLANNING, status=302), **WAVE)
    yield from _questions()


def _questions() -> Iterator[Row]:
    for page in ("index", "preview", "new_themes"):
        yield get(f"event_questions.{page}", only(*PLANNING), **EVENT)
    yield get("event_questions.edit_track", only(*PLANNING), **TRACK)
    yield post("event_questions.update", only(*PLANNING, status=302), **EVENT)
    yield post("event_questions.update_track", only(*PLANNING, status=302), **TRACK)
    yield post("event_questions.add_frequent", only(*PLANNING, status=302), **EVENT)
    yield post("event_questions.create_themes", only(*PLANNING, status=422), **EVENT)


ROWS: tuple[Row, ...] = tuple(_rows())


def add_things(world: Things) -> None:
    """An event with a room and a wave."""
    now = clock.now()
    event = make_event()
    staff = EventStaff(event_id=event.id, user_id=world.ids["editor_id"], duty=Duty.PLANNING)
    staff.created_at = now
    db.session.add(staff)
    room = TrackData(TrackKind.ON_SITE, "会場", capacity=20, first_seats=10)
    track = add_track(event, room, SYSTEM, now)
    wave = plan_wave(track, WaveData(now + timedelta(days=9)), SYSTEM, now)
    db.session.flush()
    world.ids.update(tracks_event_id=event.id, planned_track_id=track.id, planned_wave_id=wave.id)
