"""Rooms that count the seats of one organisation together, as the general assembly does."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from matchmaker.core.actor import SYSTEM
from matchmaker.core.db import db
from matchmaker.core.domain_events import subscribe
from matchmaker.core.errors import Conflict, ProductError
from matchmaker.regional_events.planning.models import RegionalEvent, Track
from matchmaker.regional_events.planning.queries import get_event
from matchmaker.regional_events.planning.service import copy_event
from matchmaker.regional_events.planning.tracks import service as tracks
from matchmaker.regional_events.planning.tracks.domain import WaveData
from matchmaker.regional_events.planning.tracks.presets import AssemblyPlan, assembly_tracks
from matchmaker.regional_events.registrations.checking import seat_report
from matchmaker.regional_events.registrations.domain import AttendeeState
from matchmaker.regional_events.registrations.explaining import place_in_line
from matchmaker.regional_events.registrations.models import Attendee
from matchmaker.regional_events.registrations.queries import get_attendee
from matchmaker.regional_events.registrations.service import (
    cancel_attendee,
    change_track,
    release_wave,
)
from tests.regional_events.builders import make_event, make_registration, make_track

NOW = datetime(2026, 11, 2, 3, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)


@pytest.fixture(autouse=True)
def context(app: Flask) -> Iterator[None]:
    """An application context without mails."""
    subscribe({})
    with app.app_context():
        yield


@pytest.fixture(name="event")
def open_event() -> RegionalEvent:
    return make_event(NOW, hold_hours=0)


@pytest.fixture(name="rooms")
def two_rooms(event: RegionalEvent) -> tuple[Track, Track]:
    desks = make_track(event, name="机", capacity=5, per_organization_limit=1)
    return desks, make_track(event, name="いす", capacity=5, limit_track_id=desks.id)


def come(event: RegionalEvent, track: Track, order: int, name: str = "市役所") -> Attendee:
    made = make_registration(event, track, organization_name=name, now=NOW + order * SECOND)
    query = select(Attendee).where(Attendee.registration_id == made.id)
    return db.session.scalars(query).one()


def test_the_limit_holds_over_both_rooms(event: RegionalEvent, rooms: tuple[Track, Track]) -> None:
    desks, chairs = rooms
    first, second = come(event, desks, 0), come(event, chairs, 1)
    other = come(event, chairs, 2, "別の市役所")
    assert [p.state.value for p in (first, second, other)] == ["confirmed", "waiting", "confirmed"]
    entry = get_attendee(second.id).waiting_entry
    assert entry is not None
    assert "団体で取れる席（1席）が、いっぱい" in place_in_line(entry, NOW + 3 * SECOND).why
    assert seat_report(event.id) == []


def test_a_seat_given_back_in_one_room_opens_one_in_the_other(
    event: RegionalEvent, rooms: tuple[Track, Track]
) -> None:
    desks, chairs = rooms
    first, second = come(event, desks, 0), come(event, chairs, 1)
    cancel_attendee(first, "", SYSTEM, NOW + 2 * SECOND)
    db.session.refresh(second)
    assert second.track_id == chairs.id
    assert seat_report(event.id) == []


def test_people_change_between_the_rooms(event: RegionalEvent, rooms: tuple[Track, Track]) -> None:
    desks, chairs = rooms
    person = come(event, desks, 0)
    change_track(get_attendee(person.id), chairs, SYSTEM, NOW + SECOND, wait_if_full=False)
    db.session.refresh(person)
    assert person.track_id == chairs.id
    assert seat_report(event.id) == []


def test_a_wave_of_the_leading_room_opens_both(
    event: RegionalEvent, rooms: tuple[Track, Track]
) -> None:
    desks, chairs = rooms
    come(event, desks, 0)
    waiting = [come(event, chairs, 1), come(event, desks, 2)]
    leading = next(each for each in get_event(event.id).tracks if each.id == desks.id)
    wave = tracks.plan_wave(leading, WaveData(NOW + timedelta(hours=1), None, 3), SYSTEM, NOW)
    release_wave(wave, NOW + timedelta(hours=1))
    for person in waiting:
        db.session.refresh(person)
        assert person.state is AttendeeState.CONFIRMED
    assert seat_report(event.id) == []


def test_how_seats_are_counted_is_settled_before_anybody_registers(
    app: Flask, event: RegionalEvent, rooms: tuple[Track, Track]
) -> None:
    desks, chairs = rooms
    come(event, chairs, 0)
    db.session.commit()
    with app.test_request_context():
        planned = get_event(event.id)
        full = {each.id: each for each in planned.tracks}
        alone = replace(tracks.data_of(full[chairs.id]), limit_track_id=None)
        with pytest.raises(ProductError, match="申し込みがある"):
            tracks.change_track(full[chairs.id], alone, SYSTEM, NOW)
        with pytest.raises(Conflict, match="合わせて団体の席"):
            tracks.remove_track(planned, full[desks.id], SYSTEM, NOW)


def test_the_assembly_counts_its_rooms_together_and_so_does_its_copy() -> None:
    event = get_event(make_event(NOW).id)
    made = tracks.add_tracks(
        event, assembly_tracks(AssemblyPlan()), SYSTEM, NOW, rooms_together=True
    )
    assert [each.limit_track_id for each in made] == [None, made[0].id, None, None]
    copied = copy_event(get_event(event.id), SYSTEM, NOW).tracks
    assert [each.limit_track_id for each in copied] == [None, copied[0].id, None, None]
