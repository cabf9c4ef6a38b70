"""Hooks working groups into the application."""

from __future__ import annotations

from flask import Flask

from config import Settings
from matchmaker.notifications.registry import register_check
from matchmaker.working_groups.groups import (
    application_views,
    consequences,
    export_views,
    people_views,
    presentation,
    report_views,
    views,
)
from matchmaker.working_groups.groups.activity import setup as activity


def init_app(app: Flask, settings: Settings) -> None:
    """Register the pages, give templates their words, and say who still gets mail."""
    app.jinja_env.globals["group_words"] = presentation.WORDS
    register_check(consequences.SUBJECT, consequences.still_sees)
    for pages in (views, people_views, application_views, report_views, export_views):
        app.register_blueprint(pages.blueprint)
    activity.init_app(app, settings)
