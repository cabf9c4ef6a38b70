"""Hooks home, information pages and dashboards into the application."""

from __future__ import annotations

from flask import Flask

from config import Settings
from matchmaker.pages import figures, views


def init_app(app: Flask, _settings: Settings) -> None:
    """Register the pages."""
    figures.init_app(app)
    app.register_blueprint(views.home_blueprint)
    app.register_blueprint(views.help_blueprint)
    app.register_blueprint(views.dashboard_blueprint)
