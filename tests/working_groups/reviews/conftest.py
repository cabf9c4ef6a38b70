"""Fixtures of the tests of reviews."""

from __future__ import annotations

import pytest
from flask import Flask

from tests.working_groups.reviews.world import World, build


@pytest.fixture
def world(app: Flask) -> World:
    """A call under review."""
    app.config["WTF_CSRF_ENABLED"] = False
    with app.app_context():
        return build(app)
