"""The world of the introductions serves here as well."""

from tests.partnering.introductions.conftest import bare, world

__all__ = ["bare", "world"]
