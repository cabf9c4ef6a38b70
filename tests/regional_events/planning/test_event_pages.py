"""Pages of events over HTTP."""

from __future__ import annotations

from flask import Flask

from matchmaker.core.db import db
from tests.regional_events.builders import make_event, make_track


def test_an_event_and_the_list(app: Flask) -> None:
    with app.app_context():
        event = make_event()
        make_track(event)
        event_id = event.id
        db.session.commit()
    client = app.test_client()
    assert "名古屋 資源循環の対話" in client.get("/regional-events").text
    page = client.get(f"/regional-events/{event_id}")
    assert page.status_code == 200
    assert client.get(f"/regional-events/{event_id}/print").status_code == 200
    assert client.get(f"/regional-events/{event_id}/calendar").status_code == 200
    assert client.get("/regional-events/calendar").status_code == 200
