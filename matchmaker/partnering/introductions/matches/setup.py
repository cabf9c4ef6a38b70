"""Hooks matches into the application."""

from __future__ import annotations

import uuid

from flask import Flask

from config import Settings
from matchmaker.accounts.queries import actor_of_today
from matchmaker.core.errors import NotFound
from matchmaker.notifications.registry import register_check
from matchmaker.partnering.introductions.matches import (
    appointment_views,
    policy,
    queries,
    sharing_views,
    views,
)
from matchmaker.partnering.introductions.matches.consequences import SUBJECT_KIND
from matchmaker.partnering.introductions.matches.gate import opened_by_introductions
from matchmaker.posts.extensions import set_party_gate

PAGES = (views, sharing_views, appointment_views)
"""Modules whose routes stand on the one blueprint."""


def init_app(app: Flask, _settings: Settings) -> None:
    """Register the pages, the gate that opens posts, and who still gets mail."""
    app.register_blueprint(PAGES[0].blueprint)
    set_party_gate(app, opened_by_introductions)
    register_check(SUBJECT_KIND, still_receives)


def still_receives(user_id: uuid.UUID, match_id: uuid.UUID) -> bool:
    """Whether the person still reads the match a mail is about."""
    try:
        match = queries.get(match_id)
    except NotFound:
        return False
    return policy.can_view(actor_of_today(user_id, ""), match)
