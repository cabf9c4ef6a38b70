"""Hooks calls into the application."""

from __future__ import annotations

import uuid

from flask import Flask

from config import Settings
from matchmaker.core.db import db
from matchmaker.notifications.registry import register_check
from matchmaker.working_groups.calls import desk_views, part_views, question_views, views
from matchmaker.working_groups.calls.consequences import PUBLIC_CALL
from matchmaker.working_groups.calls.domain import CallState, time_left
from matchmaker.working_groups.calls.models import Call

VIEW_MODULES = (views, desk_views, part_views, question_views)
"""All modules that put their pages on the one blueprint."""


def init_app(app: Flask, _settings: Settings) -> None:
    """Register the pages, the words of templates, and the check before mail is sent."""
    app.register_blueprint(VIEW_MODULES[0].blueprint)
    app.jinja_env.globals.update(views.call_words(), time_left=time_left)
    register_check(PUBLIC_CALL, is_still_public)


def is_still_public(_user_id: uuid.UUID, call_id: uuid.UUID) -> bool:
    """Whether a call still stands on its page, for mail that was written some time ago."""
    call = db.session.get(Call, call_id)
    return call is not None and call.state in (CallState.PUBLISHED, CallState.DECIDED)
