"""Fixtures of the tests of working groups."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask

from tests.working_groups.groups.town import Town


@pytest.fixture
def town(app: Flask) -> Iterator[Town]:
    """People to act, in an application context."""
    app.config["WTF_CSRF_ENABLED"] = False
    with app.app_context():
        yield Town(app).build()


@pytest.fixture
def site(app: Flask) -> Town:
    """The same people for tests over HTTP, without a context: each request makes its own."""
    app.config["WTF_CSRF_ENABLED"] = False
    town = Town(app)
    with town.at_work():
        town.build()
    return town
