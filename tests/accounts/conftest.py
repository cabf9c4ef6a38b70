"""An application with all tables made directly from the models, and people to act in it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask

from matchmaker.app import create_app
from matchmaker.core.db import db
from tests.conftest import make_settings

NOW = datetime(2026, 4, 1, 3, 0, tzinfo=UTC)


@pytest.fixture
def app(tmp_path: Path) -> Iterator[Flask]:
    """An application on an empty database."""
    app = create_app(make_settings(tmp_path))
    with app.app_context():
        db.create_all()
        db.session.commit()
    yield app
    with app.app_context():
        db.session.remove()
        db.engine.dispose()
