"""Hooks surveys into the application."""

from __future__ import annotations

from flask import Flask

from config import Settings
from matchmaker.notifications.registry import register_check
from matchmaker.surveys import consequences, editing_views
from matchmaker.surveys.domain import STATE_LABELS


def init_app(app: Flask, _settings: Settings) -> None:
    """Register the pages and say who still gets mail about a survey."""
    app.register_blueprint(editing_views.blueprint)
    app.jinja_env.globals["survey_state_labels"] = STATE_LABELS
    register_check(consequences.SUBJECT, consequences.is_still_asked)
