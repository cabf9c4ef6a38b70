"""``/healthz``: the process answers. ``/readyz``: it can do its work."""

from __future__ import annotations

from collections.abc import Callable

import structlog
from flask import Blueprint, Flask, Response, current_app, jsonify
from sqlalchemy import text

from matchmaker.core.access import public
from matchmaker.core.db import db

Check = Callable[[], str]
CHECKS_KEY = "matchmaker.readiness"
blueprint = Blueprint("health", __name__)
log = structlog.get_logger()


def init_app(app: Flask) -> None:
    """Register both addresses; the database is checked from the start."""
    app.register_blueprint(blueprint)
    add_check(app, "database", _database)


def add_check(app: Flask, name: str, check: Check) -> None:
    """Add a readiness check: it returns a word about the state and raises when unfit."""
    app.extensions.setdefault(CHECKS_KEY, {})[name] = check


def _database() -> str:
    db.session.execute(text("SELECT 1"))
    return "ok"


@blueprint.get("/healthz")
@public
def healthz() -> Response:
    """The process is alive."""
    return jsonify(status="ok")


@blueprint.get("/readyz")
@public
def readyz() -> tuple[Response, int]:
    """Each check with its word; 503 when one fails."""
    results: dict[str, str] = {}
    fit = True
    for name, check in current_app.extensions[CHECKS_KEY].items():
        try:
            results[name] = check()
        except Exception:
            log.exception("not_ready", check=name)
            results[name] = "failed"
            fit = False
    status = 200 if fit else 503
    return jsonify(status="ok" if fit else "unavailable", checks=results), status
