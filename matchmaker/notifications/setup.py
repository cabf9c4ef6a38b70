"""Hooks notifications into the application."""

from __future__ import annotations

from flask import Flask

from config import Settings
from matchmaker.notifications.views import blueprint


def init_app(app: Flask, settings: Settings) -> None:
    """Register the developer's mail page where it may be shown."""
    if settings.shows_developer_pages:
        app.register_blueprint(blueprint)
