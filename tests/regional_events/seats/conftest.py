"""What the tests of seats share: an application context, events that are heard, an open event."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from flask import Flask

from matchmaker.core.domain_events import DomainEvent, subscribe
from matchmaker.regional_events.planning.models import RegionalEvent
from matchmaker.regional_events.registrations.events import RegistrationEvent
from tests.regional_events.builders import make_event

NOW = datetime(2026, 11, 2, 3, 0, tzinfo=UTC)


@pytest.fixture(name="heard")
def what_was_heard() -> list[DomainEvent]:
    return []


@pytest.fixture
def context(app: Flask, heard: list[DomainEvent]) -> Iterator[None]:
    """An application context; events of registrations are heard instead of mailed."""
    subscribe({RegistrationEvent: (heard.append,)})
    with app.app_context():
        yield


@pytest.fixture(name="event")
def open_event(context: None) -> RegionalEvent:
    """An event 30 days ahead that gives free seats without asking."""
    return make_event(NOW, hold_hours=0)


@pytest.fixture(name="offering")
def event_with_offers(context: None) -> RegionalEvent:
    """An event that holds offered seats for a day."""
    return make_event(NOW, hold_hours=24)
