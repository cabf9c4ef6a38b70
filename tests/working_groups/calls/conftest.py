"""Service tests run in an application context on an empty database."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask


@pytest.fixture
def context(app: Flask) -> Iterator[Flask]:
    """The application, inside its context."""
    with app.app_context():
        yield app
