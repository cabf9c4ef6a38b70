"""Hooks this part into the application."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from flask import Flask, url_for

from config import Settings
from matchmaker.regional_events.planning.extensions import (
    Participation,
    StaffLink,
    View,
    add_participation_reader,
    add_staff_links,
)
from matchmaker.regional_events.planning.policy import can_receive
from matchmaker.regional_events.reception import (
    badge_views,
    device_views,
    online_views,
    scanner_views,
    walk_in_views,
)
from matchmaker.regional_events.reception.domain import Door, door_of
from matchmaker.regional_events.reception.queries import has_attended, presence_of


def init_app(app: Flask, settings: Settings) -> None:
    """Register the pages of this part."""
    app.register_blueprint(scanner_views.blueprint)
    app.register_blueprint(device_views.blueprint)
    app.register_blueprint(walk_in_views.blueprint)
    app.register_blueprint(badge_views.blueprint)
    app.register_blueprint(online_views.blueprint)
    add_participation_reader(_participation)
    add_staff_links(app, _links)


def _participation(event_id: uuid.UUID, user_id: uuid.UUID) -> Participation:
    return Participation(has_attended=has_attended(event_id, user_id))


def _links(view: View) -> Sequence[StaffLink]:
    """受付, with the counts once the day has come."""
    event = view.event
    if not can_receive(view.actor, view.standing):
        return ()
    presence = presence_of(event.id)
    door = door_of(event.state, event.starts_at, event.ends_at, view.now)
    note = f"確定{presence.expected}人"
    if door not in (Door.EARLY, Door.OFF):
        note = f"{note}のうち{presence.present}人を受け付けました"
    url = url_for("event_reception.index", event_id=event.id)
    return (StaffLink("受付", url, note, place=30),)
