"""The only module that knows which database is underneath (SQLite or PostgreSQL)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from sqlalchemy import Engine, event
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session
from sqlalchemy.sql.dml import Insert

_LOST_RACES = frozenset({"23505", "40001", "40P01"})
"""PostgreSQL: unique violation, serialization failure, deadlock."""
_SQLITE_UNIQUE = ("UNIQUE constraint failed", "PRIMARY KEY constraint failed")
_reading_only: ContextVar[bool] = ContextVar("reading_only", default=False)


@contextmanager
def reading_only() -> Iterator[None]:
    """Within this block a new transaction takes no write lock."""
    token = _reading_only.set(True)
    try:
        yield
    finally:
        _reading_only.reset(token)


def set_reading_only(value: bool) -> None:
    """Say for the current request whether its transaction will write."""
    _reading_only.set(value)


def is_reading_only() -> bool:
    """Whether the current transaction was announced as one that writes nothing."""
    return _reading_only.get()


def prepare_engine(engine: Engine) -> None:
    """Set up a fresh engine: on SQLite WAL, foreign keys, waiting for locks and early write locks.

    A deferred SQLite transaction that reads first and writes later fails at once when another
    process wrote in between; so transactions that may write take the lock at their beginning.
    """
    if engine.dialect.name != "sqlite":
        return
    event.listen(engine, "connect", _set_pragmas)
    event.listen(engine, "begin", _begin)


def _set_pragmas(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # transactions are begun by _begin, not by the driver
    cursor = connection.cursor()
    for pragma in (
        "journal_mode=WAL",
        "synchronous=NORMAL",
        "foreign_keys=ON",
        "busy_timeout=15000",
        "cache_size=-32000",
        "temp_store=MEMORY",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin(connection: Connection) -> None:
    begin = "BEGIN" if _reading_only.get() else "BEGIN IMMEDIATE"
    connection.exec_driver_sql(begin)


def insert_or_skip(session: Session, statement: Insert, index: list[str]) -> int:
    """Run an insert that does nothing where a row with the same unique ``index`` stands already.

    Returns:
        The number of rows written.
    """
    table = statement.table
    dialect = session.get_bind().dialect.name
    make = sqlite.insert if dialect == "sqlite" else postgresql.insert
    parameters = statement.compile().params
    skipping = make(table).values(**parameters).on_conflict_do_nothing(index_elements=index)
    # Without the option the number is not kept for inserts on PostgreSQL (it reads -1).
    result = session.execute(skipping, execution_options={"preserve_rowcount": True})
    return int(result.rowcount)  # type: ignore[attr-defined]


def is_lost_race(error: DBAPIError) -> bool:
    """Whether somebody else was first: the same unique row, or a change at the same moment."""
    if getattr(error.orig, "sqlstate", None) in _LOST_RACES:
        return True
    return str(error.orig).startswith(_SQLITE_UNIQUE)
