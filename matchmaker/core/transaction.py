"""The request is the transaction: it commits below 400 and rolls back otherwise."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import structlog
from flask import Flask, Response, g, has_request_context, request
from sqlalchemy import event
from sqlalchemy.orm import Session

from matchmaker.core.access import FIRST_ERROR_STATUS, require_guard
from matchmaker.core.db import db
from matchmaker.core.dialect import prepare_engine, set_reading_only

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
log = structlog.get_logger()


class WritingGet(RuntimeError):
    """A GET request tried to change the database."""


def after_commit(action: Callable[[], None]) -> None:
    """Run ``action`` in a transaction of its own once this request's has been committed.

    A failure of the action is logged and rolled back; what the request did stays. Outside a request
    nothing is run: the worker picks up what is due.
    """
    if has_request_context():
        g.setdefault("after_commit", []).append(action)


def commit_anyway() -> None:
    """Commit what this request wrote even though it answers with an error (failed sign-ins)."""
    g.commit_anyway = True


def init_app(app: Flask) -> None:
    """Hook the rule into the application."""
    with app.app_context():
        prepare_engine(db.engine)
    app.before_request(_begin)
    app.after_request(_end)
    app.teardown_request(_discard)


def _begin() -> None:
    g.pop("after_commit", None)
    g.commit_anyway = False
    set_reading_only(request.method in SAFE_METHODS)


def _end(response: Response) -> Response:
    if response.status_code < FIRST_ERROR_STATUS or g.get("commit_anyway", False):
        require_guard(response)
        db.session.commit()
        _run_after_commit()
    else:
        db.session.rollback()
    return response


def _run_after_commit() -> None:
    for action in g.pop("after_commit", []):
        try:
            action()
            db.session.commit()
        except Exception:
            db.session.rollback()
            log.exception("after_commit_failed")


def _discard(_error: BaseException | None) -> None:
    db.session.rollback()
    set_reading_only(False)


@event.listens_for(Session, "before_flush")
def _refuse_writing_get(session: Session, _context: Any, _instances: Any) -> None:
    if not has_request_context() or request.method not in SAFE_METHODS:
        return
    if session.new or session.deleted or any(session.is_modified(o) for o in session.dirty):
        raise WritingGet(f"GET {request.path} tried to write")
