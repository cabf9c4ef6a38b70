"""A consortium whose partners agreed, and a pilot of it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask

from tests.partnering.pilots.site import PilotSite, pilot_site


@pytest.fixture
def site(app: Flask) -> Iterator[PilotSite]:
    """The site in an application context."""
    with pilot_site(app) as made:
        yield made
