"""Hooks the secretariat's board into the application."""

from __future__ import annotations

from flask import Flask

from config import Settings
from matchmaker.partnering.introductions.board import views


def init_app(app: Flask, _settings: Settings) -> None:
    """Register the pages."""
    app.register_blueprint(views.blueprint)
