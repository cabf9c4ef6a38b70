"""Fixtures: the world in a database of its own."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask

from tests.working_groups.proposals.world import World, build_world


@pytest.fixture
def world(app: Flask) -> Iterator[World]:
    """The world, with its application context open."""
    app.config["WTF_CSRF_ENABLED"] = False
    with app.app_context():
        yield build_world()


@pytest.fixture
def built(app: Flask) -> World:
    """The world without an open context, for tests over HTTP."""
    app.config["WTF_CSRF_ENABLED"] = False
    with app.app_context():
        return build_world()
