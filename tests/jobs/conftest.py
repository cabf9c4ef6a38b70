"""Fixtures of the worker's tests."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from matchmaker.core.db import db
from tests.jobs.core_app import make_core_app


@pytest.fixture
def core_app(tmp_path: Path) -> Iterator[Flask]:
    """The core and the worker on a database of their own, within an application context."""
    app = make_core_app(tmp_path)
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()
