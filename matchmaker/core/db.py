"""The database: the typed base of all models, the session, and the column types that recur."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

import uuid_utils.compat as uuid7s
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import JSON, DateTime, Enum, MetaData, Uuid
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, registry
from sqlalchemy.types import TypeDecorator

NAMING_CONVENTION = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class UtcDateTime(TypeDecorator[datetime]):
    """A moment: aware in Python, stored as UTC; a naive value is refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse naive moments and store all others in UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs a time zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give back an aware moment: SQLite forgets the zone, which is always UTC here."""
        if value is None or value.tzinfo is not None:
            return value
        return value.replace(tzinfo=UTC)


class Base(DeclarativeBase):
    """Base of all models. Relationships have ``lazy="raise"``: reads say what they load."""

    registry = registry(
        metadata=MetaData(naming_convention=NAMING_CONVENTION),
        type_annotation_map={
            datetime: UtcDateTime,
            uuid.UUID: Uuid,
            dict[str, Any]: JSON,
            list[str]: JSON,
            list[dict[str, Any]]: JSON,
        },
    )


db = SQLAlchemy(model_class=Base, disable_autonaming=True)


def new_id() -> uuid.UUID:
    """A new opaque id (UUIDv7: ordered by time, so that indexes stay compact)."""
    return uuid7s.uuid7()


class IdMixin:
    """Primary key ``id`` (UUIDv7)."""

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)


def word_column(kind: type[StrEnum], name: str, length: int = 24) -> Enum:
    """The type of a column that holds one of a few words.

    They are stored as words with a check, not as a type of the database, to stay portable.

    Args:
        kind: the words.
        name: name of the check, usually that of the column.
        length: longest word that may ever be stored.
    """
    return Enum(
        kind,
        native_enum=False,
        length=length,
        name=name,
        values_callable=lambda words: [word.value for word in words],
        create_constraint=True,
    )
