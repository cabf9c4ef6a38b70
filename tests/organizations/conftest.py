"""An application with the municipalities of Japan in its database."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from config import ROOT
from matchmaker.app import create_app
from matchmaker.core.db import db
from matchmaker.organizations.service import load_municipalities
from tests.accounts.conftest import application
from tests.conftest import make_settings

MUNICIPALITIES = ROOT / "seeds" / "reference" / "municipalities.csv"


@pytest.fixture(scope="session")
def loaded_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database file with the municipalities and nothing else."""
    folder = tmp_path_factory.mktemp("municipalities")
    with application(folder) as app, app.app_context():
        load_municipalities(MUNICIPALITIES)
        db.session.commit()
        db.session.remove()
        with db.engine.connect() as connection:
            connection.exec_driver_sql("ROLLBACK")
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
            connection.exec_driver_sql("BEGIN")
    return folder / "meguriawase.db"


@pytest.fixture
def app(loaded_database: Path, tmp_path: Path) -> Iterator[Flask]:
    """An application on a copy of it."""
    shutil.copy(loaded_database, tmp_path / "meguriawase.db")
    app = create_app(make_settings(tmp_path))
    yield app
    with app.app_context():
        db.session.remove()
        db.engine.dispose()
