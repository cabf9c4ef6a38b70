"""A world for each test, in an application context."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask

from matchmaker.core.db import db
from tests.partnering.coalitions.world import World, build_world


@pytest.fixture
def world(app: Flask) -> Iterator[World]:
    """Three towns, a plant, a town outside, a secretariat."""
    with app.app_context():
        yield build_world(app)
        db.session.remove()


@pytest.fixture
def bare(app: Flask) -> World:
    """The same world, outside of any application context: for threads."""
    with app.app_context():
        made = build_world(app)
        db.session.remove()
    return made
