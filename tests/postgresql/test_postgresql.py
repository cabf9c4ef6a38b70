"""On PostgreSQL, where transactions do overlap: migrations, and the races for seats run again.

One file, so that one process of the tests starts one server.
"""

from __future__ import annotations

from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from flask import Flask

from matchmaker.core.db import Base, db
from tests.regional_events.seats.test_concurrency import (
    test_a_double_click_and_one_address_twice_register_once,
    test_threads_share_the_last_seats,
)

__all__ = [
    "test_a_double_click_and_one_address_twice_register_once",
    "test_threads_share_the_last_seats",
]


def test_the_migrated_database_is_what_the_models_say(app: Flask) -> None:
    with app.app_context(), db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []
