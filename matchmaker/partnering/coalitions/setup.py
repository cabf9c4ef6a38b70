"""Hooks coalitions into the application."""

from __future__ import annotations

import uuid

from flask import Flask

from config import Settings
from matchmaker.accounts.queries import actor_of_today
from matchmaker.core.errors import NotFound
from matchmaker.notifications.registry import register_check
from matchmaker.partnering.coalitions import (
    chain_views,
    policy,
    queries,
    rate_views,
    search_views,
    views,
)
from matchmaker.partnering.coalitions.consequences import SUBJECT_KIND
from matchmaker.partnering.coalitions.sections import coalition_section
from matchmaker.posts.extensions import PostSection, add_post_section


def init_app(app: Flask, _settings: Settings) -> None:
    """Register pages, the part of a post's page, and who still gets mail."""
    for pages in (views, rate_views, chain_views):
        app.register_blueprint(pages.blueprint)
    app.register_blueprint(search_views.from_needs)
    app.register_blueprint(search_views.from_offerings)
    add_post_section(app, PostSection("coalitions/_section.html", coalition_section))
    register_check(SUBJECT_KIND, _still_concerned)


def _still_concerned(user_id: uuid.UUID, coalition_id: uuid.UUID) -> bool:
    try:
        return policy.can_view(actor_of_today(user_id, ""), queries.get(coalition_id))
    except NotFound:
        return False
