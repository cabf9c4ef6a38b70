"""The database: migrations match the models, constraints have names, loading is explicit."""

from __future__ import annotations

from alembic.script import ScriptDirectory
from flask import Flask
from flask_migrate import check
from sqlalchemy import Table, inspect
from sqlalchemy.schema import CheckConstraint, ForeignKeyConstraint, UniqueConstraint

from matchmaker.core.database import MIGRATIONS
from matchmaker.core.db import Base


def test_there_is_one_line_of_migrations() -> None:
    scripts = ScriptDirectory(str(MIGRATIONS))
    assert len(scripts.get_heads()) == 1
    assert len(scripts.get_bases()) == 1


def test_the_migrations_make_the_tables_of_the_models(app: Flask) -> None:
    with app.app_context():
        check()


def test_every_relationship_says_what_it_loads(app: Flask) -> None:
    implicit = [
        f"{mapper.class_.__name__}.{name}"
        for mapper in Base.registry.mappers
        for name, relationship in inspect(mapper).relationships.items()
        if relationship.lazy not in {"raise", "raise_on_sql", "selectin", "joined"}
    ]
    assert app
    assert implicit == []


def test_every_constraint_has_a_name(app: Flask) -> None:
    kinds = (CheckConstraint, ForeignKeyConstraint, UniqueConstraint)
    nameless = [
        f"{table.name}: {constraint}"
        for table in Base.metadata.tables.values()
        for constraint in table.constraints
        if isinstance(constraint, kinds) and not constraint.name
    ]
    assert app
    assert nameless == []


def test_every_foreign_key_has_an_index(app: Flask) -> None:
    """Otherwise deleting or changing a parent reads the whole table of its children."""
    bare = [
        f"{table.name}.{key.parent.name}"
        for table in Base.metadata.tables.values()
        for key in table.foreign_keys
        if key.parent.name not in _leading_columns(table)
    ]
    assert app
    assert sorted(bare) == []


def _leading_columns(table: Table) -> set[str]:
    """First columns of all indexes, primary keys and unique constraints of ``table``."""
    unique = [c.columns for c in table.constraints if isinstance(c, UniqueConstraint)]
    listed = [*(index.columns for index in table.indexes), *unique, table.primary_key.columns]
    return {next(iter(columns)).name for columns in listed if len(columns)}
