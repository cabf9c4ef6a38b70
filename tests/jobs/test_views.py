"""The operator's page."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from matchmaker.core import clock
from matchmaker.core.access import set_actor_provider
from matchmaker.core.actor import Actor, GlobalRole
from matchmaker.core.db import db, new_id
from matchmaker.jobs import leases, service
from matchmaker.jobs.domain import Outcome
from matchmaker.jobs.table import JOBS

OPERATOR = Actor(user_id=new_id(), name="運用", global_roles=frozenset({GlobalRole.OPERATOR}))
MAIL = next(job for job in JOBS if job.name == "mail.deliver")


@pytest.fixture(name="operator")
def operators_browser(app: Flask) -> FlaskClient:
    """A browser in which the operator is signed in."""
    set_actor_provider(app, lambda: OPERATOR)
    return app.test_client()


def test_every_job_is_listed_before_anything_has_run(operator: FlaskClient) -> None:
    page = operator.get("/operator/jobs").text
    assert all(job.description in page for job in JOBS)
    assert "動いているプロセスがありません" in page


def test_runs_pauses_and_processes_are_shown(app: Flask, operator: FlaskClient) -> None:
    now = clock.now()
    with app.app_context():
        run = service.begin_run(MAIL, "always", "host:1", now)
        service.end_run(run, Outcome.FAILED, "OSError: no route", now + timedelta(seconds=2))
        leases.take(MAIL, "always", "host:1", now)
        leases.pause(MAIL, "always", "host:1", now)
        service.note_alive("host:1", now)
        service.note_alive("host:2", datetime(2026, 1, 1, tzinfo=UTC))
        db.session.commit()
    page = operator.get("/operator/jobs").text
    for words in ("OSError: no route", "2.0秒", "失敗", "に再開します", "動いています",
                  "応答がありません"):  # fmt: skip
        assert words in page
