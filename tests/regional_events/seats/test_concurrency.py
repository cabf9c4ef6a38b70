"""Many at once for the last seats, over a database file that all share."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from flask import Flask
from sqlalchemy import select

from matchmaker.core.actor import SYSTEM
from matchmaker.core.db import db
from matchmaker.core.domain_events import subscribe
from matchmaker.regional_events.planning.models import RegionalEvent, Track
from matchmaker.regional_events.registrations import service
from matchmaker.regional_events.registrations.checking import line_report, seat_report
from matchmaker.regional_events.registrations.domain import AlreadyRegistered, AttendeeState
from matchmaker.regional_events.registrations.models import Attendee, Registration
from tests.regional_events.builders import make_event, make_registration, make_track, person_data

NOW = datetime(2026, 11, 2, 3, 0, tzinfo=UTC)
THREADS, PEOPLE, SEATS, LIMIT = 6, 60, 20, 3


def planned(app: Flask, **changes: Any) -> tuple[UUID, UUID]:
    """An event with one room, committed; gives both ids."""
    subscribe({})
    with app.app_context():
        event = make_event(NOW, hold_hours=0)
        track = make_track(event, **changes)
        db.session.commit()
        return event.id, track.id


def test_threads_share_the_last_seats(app: Flask) -> None:
    event_id, track_id = planned(app, capacity=SEATS, per_organization_limit=LIMIT)

    def come(number: int) -> None:
        with app.app_context():
            event = db.session.get_one(RegionalEvent, event_id)
            track = db.session.get_one(Track, track_id)
            made = make_registration(event, track, organization_name=f"団体{number % 12}", now=NOW)
            db.session.commit()
            if number % 5 == 0:
                query = select(Attendee).where(Attendee.registration_id == made.id)
                service.cancel_attendee(db.session.scalars(query).one(), "", SYSTEM, NOW)
                db.session.commit()

    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(come, range(PEOPLE)))
    with app.app_context():
        rows = list(db.session.scalars(select(Attendee).where(Attendee.event_id == event_id)))
        seated = [row for row in rows if row.state is AttendeeState.CONFIRMED]
        assert len(rows) == PEOPLE
        assert len(seated) == SEATS
        assert max(Counter(row.organization_name for row in seated).values()) <= LIMIT
        assert seat_report(event_id) == []
        assert line_report(event_id) == []
        numbers = db.session.scalars(select(Registration.number)).all()
        assert sorted(numbers) == list(range(1, PEOPLE + 1))


def test_a_double_click_and_one_address_twice_register_once(app: Flask) -> None:
    event_id, track_id = planned(app)

    def come(key: str) -> UUID | None:
        with app.app_context():
            event = db.session.get_one(RegionalEvent, event_id)
            track = db.session.get_one(Track, track_id)
            person = person_data(track, email="same@example.jp")
            try:
                made = make_registration(event, track, now=NOW, people=[person], submission_key=key)
                db.session.commit()
            except AlreadyRegistered:
                db.session.rollback()
                return None
            return made.id

    with ThreadPoolExecutor(THREADS) as pool:
        ids = list(pool.map(come, ["a", "b"] * 6))
    with app.app_context():
        assert len(db.session.scalars(select(Attendee)).all()) == 1
    assert len(set(ids) - {None}) == 1
    assert ids.count(None) == 6
