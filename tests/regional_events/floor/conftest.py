"""The world of the tests of the floor."""

from __future__ import annotations

import pytest
from flask import Flask

from tests.regional_events.floor.floor_world import FloorWorld


@pytest.fixture
def world(app: Flask) -> FloorWorld:
    """An event that is on."""
    return FloorWorld(app)
