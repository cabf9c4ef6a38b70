"""Hooks exposure into the application."""

from __future__ import annotations

from flask import Flask

from config import Settings
from matchmaker.matching.exposure.views import blueprint


def init_app(app: Flask, _settings: Settings) -> None:
    """Register the pages."""
    app.register_blueprint(blueprint)
