"""What the page of a ticket leads to: only what its person can do now."""

from __future__ import annotations

from datetime import timedelta

from flask import Flask

from matchmaker.core import clock
from matchmaker.core.actor import SYSTEM
from matchmaker.core.db import db
from matchmaker.regional_events.floor.queries import usual_floor
from matchmaker.regional_events.planning.domain import MaterialAudience
from matchmaker.regional_events.planning.programme.service import add_material
from matchmaker.regional_events.planning.queries import get_event
from matchmaker.regional_events.registrations import queries
from matchmaker.regional_events.registrations.links import ticket_token
from matchmaker.regional_events.tables.domain import PlanSettings
from matchmaker.regional_events.tables.service import open_tables
from tests.regional_events.registrations.booking_world import BookingWorld

HEADING = "このイベントでできること"


def test_links_lead_to_pages_that_open(app: Flask) -> None:
    world = BookingWorld(app)
    (person,) = world.fill("環境 花子")
    with app.app_context():
        path = f"/event-tickets/{ticket_token(queries.get_attendee(person))}"
    visitor = world.visitor()
    assert HEADING not in visitor.open(path).text
    with app.app_context():
        now = clock.now()
        event = get_event(world.event_id)
        event.starts_at, event.ends_at = now - timedelta(minutes=5), now + timedelta(hours=3)
        event.closes_at = None
        add_material(event, "配布資料", "https://example.com/a", MaterialAudience.REGISTERED,
                     SYSTEM, now)  # fmt: skip
        open_tables(event, PlanSettings(now + timedelta(hours=1), 20, 5, 2, 3, 4), SYSTEM, now)
        floor = usual_floor(event.id)
        floor.is_asking_open = True
        db.session.add(floor)
        db.session.commit()
    page = visitor.open(path).text
    assert HEADING in page
    for label, address in (
        ("テーブルでの対話", f"{path}/tables"),
        ("資料と録画", f"{path}/materials"),
        ("質問と挙手", f"/regional-events/{world.event_id}/floor/tickets/"),
    ):
        assert label in page
        assert f'href="{address}' in page
    assert visitor.open(f"{path}/tables").status_code == 200
    assert visitor.open(f"{path}/materials").status_code == 200
    assert "オンラインで参加したことを伝える" not in page


def test_a_cancelled_person_is_led_nowhere(app: Flask) -> None:
    world = BookingWorld(app)
    (person,) = world.fill("環境 花子")
    with app.app_context():
        path = f"/event-tickets/{ticket_token(queries.get_attendee(person))}"
    visitor = world.visitor()
    visitor.send(f"{path}/cancel")
    assert HEADING not in visitor.open(path).text
