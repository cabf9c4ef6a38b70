"""Hooks the worker's page, command and sign of life into the application."""

from __future__ import annotations

from flask import Flask

from config import Settings
from matchmaker.core import clock
from matchmaker.core.health import add_check
from matchmaker.jobs import queries, views
from matchmaker.jobs.cli import worker_command
from matchmaker.jobs.domain import SILENT_AFTER


def init_app(app: Flask, _settings: Settings) -> None:
    """Register page, command and readiness note."""
    app.register_blueprint(views.blueprint)
    app.cli.add_command(worker_command)
    add_check(app, "worker", _worker)


def _worker() -> str:
    """A note only: pages can be served while the worker is away."""
    seen_at = queries.last_sign_of_life()
    if seen_at is None:
        return "never seen"
    silence = clock.now() - seen_at
    if silence > SILENT_AFTER:
        return f"silent for {int(silence.total_seconds())} s"
    return "ok"
