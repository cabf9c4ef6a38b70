"""Hooks the activity of groups into the application."""

from __future__ import annotations

from flask import Flask

from config import Settings
from matchmaker.notifications.registry import register_check
from matchmaker.working_groups.groups.activity import (
    calendar_views,
    decision_views,
    digest_views,
    digests,
    document_views,
    post_views,
    reminders,
    task_views,
)
from matchmaker.working_groups.groups.activity.group_sections import add_sections


def init_app(app: Flask, _settings: Settings) -> None:
    """Register the pages, the parts of a group's page and the checks before mail goes out."""
    for blueprint in (
        post_views.all_posts,
        post_views.blueprint,
        document_views.blueprint,
        task_views.blueprint,
        decision_views.blueprint,
        calendar_views.blueprint,
        digest_views.blueprint,
    ):
        app.register_blueprint(blueprint)
    add_sections(app)
    register_check(digests.SUBJECT_KIND, digests.still_belongs)
    register_check(reminders.SUBJECT_KIND, reminders.still_concerned)
