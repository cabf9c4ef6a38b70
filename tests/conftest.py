"""Fixtures for all tests: a migrated database that is copied for each test, real commits."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_migrate import upgrade

from config import Settings
from matchmaker.app import create_app
from matchmaker.core.db import db
from tests.pages.page_checker import PageCheckingClient
from tests.remembered_work import RememberedTemplates, RememberingRule

# Every page that a test fetches, from whichever application, is checked.
Flask.test_client_class = PageCheckingClient
Flask.url_rule_class = RememberingRule
Flask.jinja_options = {**Flask.jinja_options, "bytecode_cache": RememberedTemplates()}
pytest_plugins = ["tests.browser.fixtures"]

os.environ.setdefault("OMP_NUM_THREADS", "1")


def make_settings(folder: Path, **changes: object) -> Settings:
    """Settings of a test installation whose files all live in ``folder``."""
    values: dict[str, object] = {
        "environment": "test",
        "secret_key": "test-secret-key-of-a-test-installation-0123456789",
        "instance_dir": folder,
        "embedding_model": "none",
        "log_level": "ERROR",
        "_env_file": None,
    }
    return Settings(**{**values, **changes})  # type: ignore[arg-type]


@pytest.fixture(scope="session")
def migrated_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database file with all migrations and nothing in it."""
    folder = tmp_path_factory.mktemp("migrated")
    app = create_app(make_settings(folder))
    with app.app_context():
        upgrade()
        db.session.remove()
        with db.engine.connect() as connection:
            connection.exec_driver_sql("ROLLBACK")
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
            connection.exec_driver_sql("BEGIN")
        db.engine.dispose()
    return folder / "meguriawase.db"


@pytest.fixture
def app(migrated_database: Path, tmp_path: Path) -> Iterator[Flask]:
    """An application on a fresh copy of the migrated database."""
    shutil.copy(migrated_database, tmp_path / "meguriawase.db")
    app = create_app(make_settings(tmp_path))
    yield app
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser without JavaScript, nobody signed in."""
    return app.test_client()
