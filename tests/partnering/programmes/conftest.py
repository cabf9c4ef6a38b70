"""The consortium that these tests are about."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask

from tests.partnering.consortium_site import Site, consortium_site


@pytest.fixture
def site(app: Flask) -> Iterator[Site]:
    """A consortium of a town and a company, in an application context."""
    with consortium_site(app) as found:
        yield found
