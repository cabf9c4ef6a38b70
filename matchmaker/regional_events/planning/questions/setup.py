"""Hooks the questions of events into the application."""

from __future__ import annotations

from flask import Flask

from config import Settings
from matchmaker.regional_events.planning.extensions import add_event_section, add_staff_links
from matchmaker.regional_events.planning.questions import sections, themes, views
from matchmaker.surveys.registry import register_subject


def init_app(app: Flask, settings: Settings) -> None:
    """Register the pages, the part of an event's page and what surveys may be about."""
    app.register_blueprint(views.blueprint)
    register_subject(themes.SUBJECT_KIND, themes.SUBJECT)
    add_event_section(app, sections.themes_section)
    add_staff_links(app, sections.staff_links)
