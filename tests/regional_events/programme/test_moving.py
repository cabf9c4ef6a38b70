"""The programme moves with its event and goes into copies."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from matchmaker.core.actor import SYSTEM
from matchmaker.core.db import db
from matchmaker.regional_events.planning.content import EventData
from matchmaker.regional_events.planning.domain import EventMove, EventState
from matchmaker.regional_events.planning.models import RegionalEvent
from matchmaker.regional_events.planning.programme.models import ProgrammeSession
from matchmaker.regional_events.planning.saving import PLAIN_FIELDS
from matchmaker.regional_events.planning.service import copy_event, move_event, update_event
from tests.regional_events.builders import make_event

NOW = datetime(2026, 12, 31, 14, 30, tzinfo=UTC)
DAY, HOUR = timedelta(days=1), timedelta(hours=1)


@pytest.fixture(autouse=True)
def context(app: Flask) -> Iterator[None]:
    """An application context."""
    with app.app_context():
        yield


def event_with_session(**changes: object) -> RegionalEvent:
    event = make_event(NOW, **changes)
    begin = event.starts_at + HOUR
    db.session.add(
        ProgrammeSession(
            event_id=event.id, position=1, title="対話", starts_at=begin, ends_at=begin + HOUR
        )
    )
    db.session.flush()
    return event


def session_of(event: RegionalEvent) -> ProgrammeSession:
    query = select(ProgrammeSession).where(ProgrammeSession.event_id == event.id)
    return db.session.scalars(query).one()


def said_of(event: RegionalEvent) -> EventData:
    return EventData(**{name: getattr(event, name) for name in PLAIN_FIELDS})


def test_sessions_move_with_the_whole_event() -> None:
    event = event_with_session()
    data = replace(
        said_of(event), starts_at=event.starts_at + 7 * DAY, ends_at=event.ends_at + 7 * DAY
    )
    update_event(event, data, SYSTEM, NOW)
    assert session_of(event).starts_at == event.starts_at + HOUR


def test_sessions_stay_when_the_event_only_gets_longer() -> None:
    event = event_with_session()
    before = session_of(event).starts_at
    update_event(event, replace(said_of(event), ends_at=event.ends_at + HOUR), SYSTEM, NOW)
    assert session_of(event).starts_at == before


def test_sessions_move_when_a_postponed_event_is_resumed() -> None:
    event = event_with_session(state=EventState.POSTPONED)
    begin = event.starts_at + 40 * DAY
    move_event(event, EventMove.RESUME, "", SYSTEM, NOW, begin, begin + 3 * HOUR)
    assert session_of(event).starts_at == begin + HOUR


def test_a_copy_takes_the_programme_at_the_same_distance() -> None:
    event = event_with_session()
    copy = copy_event(event, SYSTEM, NOW)
    assert session_of(copy).title == "対話"
    assert session_of(copy).starts_at == copy.starts_at + HOUR
    assert session_of(event).starts_at == event.starts_at + HOUR
