"""A pair to judge."""

from __future__ import annotations

import pytest
from flask import Flask

from tests.matching.ledger.world import Bench, make_bench
from tests.posts.file_world import make_world


@pytest.fixture
def bench(app: Flask) -> Bench:
    """A town's need, a firm's offering, and judges."""
    return make_bench(make_world(app))
