"""Hooks the reception, the minutes and what comes after a meeting into the application."""

from __future__ import annotations

from flask import Flask

from config import Settings
from matchmaker.notifications.registry import register_check
from matchmaker.surveys.registry import register_subject
from matchmaker.working_groups.meetings.after import survey
from matchmaker.working_groups.meetings.after import views as record_views
from matchmaker.working_groups.meetings.after.section import section_of
from matchmaker.working_groups.meetings.check_in import views as check_in_views
from matchmaker.working_groups.meetings.domain import MINUTES_STATES
from matchmaker.working_groups.meetings.minutes import check_views, consequences, version_views
from matchmaker.working_groups.meetings.minutes import views as minutes_views
from matchmaker.working_groups.meetings.minutes.domain import CHECK_LABELS, KIND_LABELS
from matchmaker.working_groups.meetings.notices import full_title, meeting_when, where_text
from matchmaker.working_groups.meetings.sections import add_meeting_section

VIEWS = (minutes_views, check_views, version_views, check_in_views, record_views)
"""Modules with pages; those of minutes share one blueprint."""


def init_app(app: Flask, _settings: Settings) -> None:
    """Register pages, words for templates and the check before mail."""
    for blueprint in dict.fromkeys(module.blueprint for module in VIEWS):
        app.register_blueprint(blueprint)
    app.jinja_env.globals.update(
        minutes_words={
            "kind": KIND_LABELS,
            "check": CHECK_LABELS,
            "state": MINUTES_STATES.labels,
            "title": full_title,
            "when": meeting_when,
            "where": where_text,
        },
    )
    add_meeting_section(app, section_of)
    register_subject(survey.SUBJECT_KIND, survey.SUBJECT)
    register_check(consequences.SUBJECT_KIND, consequences.may_still_read)
