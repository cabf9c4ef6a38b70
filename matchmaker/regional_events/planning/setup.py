"""Hooks this part into the application."""

from __future__ import annotations

from flask import Flask

from config import Settings
from matchmaker.regional_events.planning import people_views, views
from matchmaker.regional_events.planning.programme import setup as programme
from matchmaker.regional_events.planning.questions import setup as questions
from matchmaker.regional_events.planning.tracks import setup as tracks


def init_app(app: Flask, settings: Settings) -> None:
    """Register the pages of this part."""
    app.register_blueprint(views.blueprint)
    app.register_blueprint(people_views.blueprint)
    programme.init_app(app, settings)
    tracks.init_app(app, settings)
    questions.init_app(app, settings)
