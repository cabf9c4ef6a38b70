"""Hooks the secretariat's pages into the application."""

from __future__ import annotations

from flask import Flask

from config import Settings
from matchmaker.secretariat import audit_views, material_views, views

VIEW_MODULES = (views, material_views, audit_views)
"""All modules that put their pages on the one blueprint."""


def init_app(app: Flask, _settings: Settings) -> None:
    """Register the pages."""
    app.register_blueprint(VIEW_MODULES[0].blueprint)
