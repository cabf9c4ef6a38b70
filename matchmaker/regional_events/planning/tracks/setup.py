"""Hooks tracks into the application."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Flask, url_for

from config import Settings
from matchmaker.regional_events.planning.extensions import StaffLink, View, add_staff_links
from matchmaker.regional_events.planning.policy import can_plan
from matchmaker.regional_events.planning.tracks import views

PLACE = 12


def init_app(app: Flask, settings: Settings) -> None:
    """Register the pages and the planner's link."""
    app.register_blueprint(views.blueprint)
    add_staff_links(app, _links)


def _links(view: View) -> Sequence[StaffLink]:
    if not can_plan(view.actor, view.standing):
        return ()
    count = len(view.event.tracks)
    note = f"{count}個" if count else "まだありません"
    url = url_for("event_tracks.index", event_id=view.event.id)
    return (StaffLink("参加方法と席", url, note, PLACE),)
