"""Hooks introductions into the application."""

from __future__ import annotations

from flask import Flask

from config import Settings
from matchmaker.accounts.rate_limits import limit_posts
from matchmaker.core.access import current_actor
from matchmaker.matching.extensions import add_pair_link
from matchmaker.matching.ledger.extensions import add_evidence_source
from matchmaker.notifications.registry import register_check
from matchmaker.partnering.introductions import presentation, queries, views
from matchmaker.partnering.introductions.board import setup as board
from matchmaker.partnering.introductions.evidence import ANSWERS, INTERESTS, SILENCES
from matchmaker.partnering.introductions.matches import setup as matches
from matchmaker.partnering.introductions.post_questions import setup as post_questions
from matchmaker.partnering.introductions.post_section import (
    SECTION,
    interest_link,
    interest_section,
)
from matchmaker.partnering.introductions.service import REMINDER_KIND, SUBJECT_KIND
from matchmaker.posts.extensions import PostSection, add_post_section

SENDING_RATE = "10 per minute; 60 per hour"
"""Presses of one person; how many interests an organisation sends a day is counted by the rows."""


def init_app(app: Flask, settings: Settings) -> None:
    """Register the pages, the ways to them from posts and cards, and what the ledger reads."""
    app.register_blueprint(views.blueprint)
    app.jinja_env.globals.update(presentation.words())
    for endpoint in ("create", "create_from_meeting"):
        limit_posts(app, f"introductions.{endpoint}", SENDING_RATE, _person)
    add_post_section(app, PostSection(SECTION, interest_section))
    add_pair_link(app, interest_link)
    for source in (INTERESTS, ANSWERS, SILENCES):
        add_evidence_source(app, source)
    register_check(SUBJECT_KIND, queries.still_receives)
    register_check(REMINDER_KIND, queries.still_awaited)
    matches.init_app(app, settings)
    post_questions.init_app(app, settings)
    board.init_app(app, settings)


def _person() -> str:
    return f"interest:{current_actor().user_id}"
