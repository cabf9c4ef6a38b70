"""A world for each test, in an application context."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask

from matchmaker.core.db import db
from tests.partnering.introductions.world import World, build_world


@pytest.fixture
def world(app: Flask) -> Iterator[World]:
    """A town, two companies, a secretariat."""
    with app.app_context():
        yield build_world(app)
        db.session.remove()
