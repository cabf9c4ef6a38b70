"""Hooks the blank map into the application."""

from __future__ import annotations

from flask import Flask

from config import Settings
from matchmaker.partnering.blank_map import views
from matchmaker.working_groups.calls.sections import add_call_section


def init_app(app: Flask, _settings: Settings) -> None:
    """Register the pages, and the way back on the page of a call."""
    app.register_blueprint(views.blueprint)
    add_call_section(app, views.call_section)
