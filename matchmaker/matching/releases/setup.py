"""Hooks the versions of the ranking into the application."""

from __future__ import annotations

from flask import Flask

from config import Settings
from matchmaker.matching.releases.views import blueprint, reliability_blueprint


def init_app(app: Flask, _settings: Settings) -> None:
    """Register pages."""
    app.register_blueprint(blueprint)
    app.register_blueprint(reliability_blueprint)
