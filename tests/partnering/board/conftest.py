"""The site of the tests of the lineage, for the board."""

from __future__ import annotations

from tests.partnering.lineage.conftest import site

__all__ = ["site"]
