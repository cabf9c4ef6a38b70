"""Service tests run in an application context; there is one group, to stand under."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask

from tests.working_groups.calls.made import stand_parent


@pytest.fixture
def context(app: Flask) -> Iterator[Flask]:
    """The application, inside its context."""
    with app.app_context():
        stand_parent()
        yield app
