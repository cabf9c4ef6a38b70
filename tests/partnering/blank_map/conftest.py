"""Tests here run on a copy of the seeded database."""

from __future__ import annotations

from tests.seeding.seeded import app, seeded_database, signed_in

__all__ = ["app", "seeded_database", "signed_in"]
