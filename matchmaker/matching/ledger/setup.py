"""Hooks the evaluation ledger into the application."""

from __future__ import annotations

from flask import Flask

from matchmaker.accounts.rate_limits import limit_posts
from matchmaker.core.access import current_actor
from matchmaker.matching.ledger import presentation, views
from matchmaker.matching.ledger.evidence import OWN_SOURCES
from matchmaker.matching.ledger.extensions import add_evidence_source

JUDGING_RATE = "60 per minute; 1500 per day"
"""For one person: a pair a second is not read."""


def init_app(app: Flask) -> None:
    """Register the pages, their words and the ledger's own sources."""
    app.register_blueprint(views.blueprint)
    for endpoint in ("judge", "take_back", "skip"):
        limit_posts(app, f"ledger.{endpoint}", JUDGING_RATE, _person)
    presentation.init_app(app)
    for source in OWN_SOURCES:
        add_evidence_source(app, source)


def _person() -> str:
    return f"judge:{current_actor().user_id}"
