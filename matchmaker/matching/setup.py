"""Hooks matching into the application."""

from __future__ import annotations

import threading

import structlog
from flask import Flask

from config import Settings
from embeddings.indexes.memory import settle
from matchmaker.accounts.rate_limits import limit_posts
from matchmaker.core.db import db
from matchmaker.core.dialect import reading_only
from matchmaker.core.health import add_check
from matchmaker.matching.cli import bench, index_commands
from matchmaker.matching.encoders import setup as encoders
from matchmaker.matching.engine import ENGINE_KEY, MatchingEngine, engine_of
from matchmaker.matching.exposure import setup as exposure
from matchmaker.matching.indexing import POST_TYPES
from matchmaker.matching.ledger import setup as ledger
from matchmaker.matching.readings import setup as readings
from matchmaker.matching.releases import setup as releases
from matchmaker.matching.terms import setup as terms
from matchmaker.matching.views import partner_blueprint, partners_section, search_blueprint
from matchmaker.matching.writing import setup as writing
from matchmaker.posts.extensions import PostSection, add_post_section

SEARCH_RATE = "300 per minute; 3000 per hour"
"""Free searches of one address without signing in: more than people read."""

log = structlog.get_logger()


def init_app(app: Flask, settings: Settings) -> None:
    """Make the engine, register the pages, the commands and the readiness word."""
    app.extensions[ENGINE_KEY] = MatchingEngine(settings)
    readings.init_app(app, settings)
    app.register_blueprint(search_blueprint)
    limit_posts(app, "search.index", SEARCH_RATE, visitors_only=True, method="GET")
    for post_type in POST_TYPES.values():
        app.register_blueprint(partner_blueprint(post_type))
    app.cli.add_command(bench)
    app.cli.add_command(index_commands)
    add_post_section(app, PostSection("matching/_partners.html", partners_section))
    encoders.init_app(app)
    ledger.init_app(app)
    terms.init_app(app, settings)
    writing.init_app(app, settings)
    releases.init_app(app, settings)
    exposure.init_app(app, settings)
    add_check(app, "encoder", lambda: _encoder_state(app))
    add_check(app, "ranking", lambda: _ranking_state(app))


def _encoder_state(app: Flask) -> str:
    """A word for the readiness page; ranking by words alone is fit for service too."""
    engine = engine_of(app)
    if not engine.is_warm:
        return "loading"
    return "ok" if engine.encoder is not None else f"words only: {engine.failure}"


def _ranking_state(app: Flask) -> str:
    """A word for the readiness page; ranking as shipped is fit for service too."""
    engine = engine_of(app)
    engine.rules()
    return engine.rules_failure or "ok"


def warm_up(app: Flask) -> threading.Thread:
    """Load encoder and index in the background so that the first person need not wait."""

    def load() -> None:
        with app.app_context(), reading_only():
            try:
                engine_of(app).index()
                settle()
            except Exception:
                # Pages work without: the first ranking loads what is missing.
                log.exception("warm_up_failed")
            finally:
                db.session.remove()

    thread = threading.Thread(target=load, name="warm-up", daemon=True)
    thread.start()
    return thread
