"""A database with everything the seed files hold, made once and copied for each test."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event
from werkzeug.test import TestResponse

from matchmaker.app import create_app
from matchmaker.core.db import db
from matchmaker.seeding.accounts import DOMAIN, demo_password
from matchmaker.seeding.loading import seed
from tests.conftest import make_settings
from tests.pages.page_checker import PageCheckingClient

NOW = datetime(2026, 11, 20, 1, 0, tzinfo=UTC)
TOKEN = re.compile(r'name="csrf_token"[^>]* value="([^"]+)"')


class Browser(PageCheckingClient):
    """A browser without JavaScript that sends the token of the page it stands on."""

    token = ""

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        """Send a request; what is posted carries the token."""
        if kwargs.get("method") == "POST":
            kwargs["data"] = {**(kwargs.get("data") or {}), "csrf_token": self.token}
        return super().open(*args, **kwargs)

    def take_token(self, path: str) -> None:
        """Open a page and keep the token of its forms."""
        found = TOKEN.search(self.get(path).get_data(as_text=True))
        assert found, path
        self.token = found[1]


Visit = Callable[[str], FlaskClient]
_made: dict[Path, Path] = {}


@contextmanager
def application(folder: Path, database: Path, **changes: object) -> Iterator[Flask]:
    """An application on a copy of ``database`` whose pages are checked."""
    shutil.copy(database, folder / "meguriawase.db")
    app = create_app(make_settings(folder, **changes))
    app.test_client_class = Browser
    yield app
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.fixture(scope="session")
def seeded_database(migrated_database: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database file with reference data, cases and the demo."""
    if migrated_database not in _made:
        folder = tmp_path_factory.mktemp("seeded")
        with application(folder, migrated_database) as app, app.app_context():
            seed(make_settings(folder), NOW)
            db.session.remove()
            with db.engine.connect() as connection:
                connection.exec_driver_sql("COMMIT")
                connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
                connection.exec_driver_sql("BEGIN")
        _made[migrated_database] = folder / "meguriawase.db"
    return _made[migrated_database]


@pytest.fixture
def app(seeded_database: Path, tmp_path: Path) -> Iterator[Flask]:
    """An application on its own copy of the seeded database."""
    with application(tmp_path, seeded_database) as app:
        yield app


@pytest.fixture
def signed_in(app: Flask, tmp_path: Path) -> Visit:
    """Gives a browser in which a demo person (``officer``, ``coordinator`` …) is signed in."""
    password = demo_password(make_settings(tmp_path))

    def visit(who: str) -> FlaskClient:
        client = app.test_client()
        assert isinstance(client, Browser)
        client.take_token("/sign-in")
        answer = client.post("/sign-in", data={"email": f"{who}@{DOMAIN}", "password": password})
        assert answer.status_code == 302, answer.get_data(as_text=True)[:500]
        client.take_token("/dashboard")
        return client

    return visit


@contextmanager
def counted_statements(app: Flask) -> Iterator[list[str]]:
    """Collects the statements sent to the database."""
    statements: list[str] = []

    def note(_c: object, _cur: object, statement: str, *_rest: object) -> None:
        if not statement.startswith(("BEGIN", "PRAGMA", "COMMIT", "ROLLBACK")):
            statements.append(statement)

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(engine, "before_cursor_execute", note)
