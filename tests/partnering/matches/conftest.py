"""The world of the introductions serves here as well."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask

from matchmaker.core.db import db
from tests.partnering.introductions.world import World, build_world
from tests.posts.file_world import FreshClient


@pytest.fixture
def world(app: Flask) -> Iterator[World]:
    """A town, two companies, a secretariat, in an application context."""
    app.test_client_class = FreshClient
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
