"""Hooks the programme into the application."""

from __future__ import annotations

from flask import Flask

from config import Settings
from matchmaker.regional_events.planning.extensions import (
    add_copier,
    add_event_section,
    add_staff_links,
)
from matchmaker.regional_events.planning.programme import (
    consent_views,
    material_views,
    sections,
    session_views,
    speaker_views,
)
from matchmaker.regional_events.planning.programme.moving import copy_programme

VIEWS = (session_views, speaker_views, material_views, consent_views)


def init_app(app: Flask, settings: Settings) -> None:
    """Register the pages, the parts of an event's page and the planner's links."""
    for module in VIEWS:
        app.register_blueprint(module.blueprint)
    add_event_section(app, sections.programme_section)
    add_event_section(app, sections.speakers_section)
    add_event_section(app, sections.materials_section)
    add_staff_links(app, sections.staff_links)
    add_copier(copy_programme)
