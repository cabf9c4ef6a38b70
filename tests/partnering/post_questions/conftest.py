"""The world of the introductions serves here as well."""

from __future__ import annotations

from tests.partnering.matches.conftest import world

__all__ = ["world"]
