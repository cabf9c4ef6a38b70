"""A consortium that grew from a match, for each test."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask

from matchmaker.core.db import db
from tests.partnering.consortia.founding import Founded, found_from_match
from tests.partnering.introductions.world import build_world


@pytest.fixture
def founded(app: Flask) -> Iterator[Founded]:
    """The town leads, the company is invited; in an application context."""
    with app.app_context():
        yield found_from_match(build_world(app))
        db.session.remove()
