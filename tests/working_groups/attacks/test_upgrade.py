"""An installation with data takes the tables of working groups and loses nothing."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path

from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import select

from matchmaker.accounts.service import add_member, create_user
from matchmaker.app import create_app
from matchmaker.core import clock
from matchmaker.core.actor import SYSTEM, Actor, OrganizationRole
from matchmaker.core.database import MIGRATIONS
from matchmaker.core.db import db
from matchmaker.needs.types import NEED
from matchmaker.offerings.types import OFFERING
from matchmaker.organizations.domain import OrganizationData
from matchmaker.organizations.service import create_organization
from matchmaker.posts import service as posts
from matchmaker.posts.domain import Move
from tests.architecture.world import CONTENT
from tests.conftest import make_settings

PASSWORD = "midori-no-yama-42"
VERSION = "alembic_version"
FEWEST_ROWS = 10
Columns = dict[str, list[str]]
Rows = dict[str, list[tuple[object, ...]]]


def test_nothing_is_lost(migrated_database: Path, tmp_path: Path) -> None:
    """The rows of a full installation, brought into tables of the first version, then upgraded."""
    old, newest = tmp_path / "old", tmp_path / "newest"
    for folder in (old, newest):
        folder.mkdir()
    shutil.copy(migrated_database, newest / "meguriawase.db")
    _with(create_app(make_settings(newest)), fill)
    app = create_app(make_settings(old))
    _with(app, lambda: upgrade(str(MIGRATIONS), revision="0001"))
    tables = bring_over(newest, old)
    before = rows(old, tables)
    assert sum(len(found) for found in before.values()) > FEWEST_ROWS
    _with(app, lambda: upgrade(str(MIGRATIONS)))
    assert rows(old, tables) == before
    later = {name: columns for name, columns in tables_of(old).items() if name not in tables}
    assert {"calls", "proposals", "working_groups", "meetings"} <= set(later)
    assert not any(rows(old, later).values())
    assert problems(old) == []
    _check_that_people_go_on(app)


def _with(app: Flask, command: Callable[[], None]) -> None:
    with app.app_context():
        command()
        db.session.commit()
        db.session.remove()
        db.engine.dispose()


def fill() -> None:
    """People, organisations and posts as an installation of the first version has them."""
    now = clock.now()
    for post_type, category in ((NEED, "municipality"), (OFFERING, "company")):
        data = OrganizationData(name=f"{category}団体", category=category, prefecture="高知県")
        owner = create_organization(data, SYSTEM, now)
        user = create_user(f"{category}@example.com", "書く人", PASSWORD, now)
        add_member(user, owner, OrganizationRole.REPRESENTATIVE, SYSTEM, now)
        roles = {owner.id: OrganizationRole.REPRESENTATIVE}
        actor = Actor(user_id=user.id, name=user.name, roles=roles)
        made = posts.create(post_type, owner.id, CONTENT[str(post_type.kind)], actor, now)
        posts.move(post_type, made, Move.SUBMIT, actor, now)
        posts.move(post_type, made, Move.PUBLISH, SYSTEM, now)


def tables_of(folder: Path) -> Columns:
    """Names of the columns of each table."""
    with sqlite3.connect(folder / "meguriawase.db") as connection:
        query = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
        names = [name for (name,) in connection.execute(query) if name != VERSION]
        found = {
            name: [str(row[1]) for row in connection.execute(f'PRAGMA table_info("{name}")')]
            for name in names
        }
    connection.close()
    return found


def bring_over(source: Path, target: Path) -> Columns:
    """Copy all rows into the tables and columns that ``target`` has as well; gives those."""
    present = tables_of(source)
    tables = {name: found for name, found in tables_of(target).items() if name in present}
    with sqlite3.connect(target / "meguriawase.db") as connection:
        connection.execute("ATTACH ? AS source", (str(source / "meguriawase.db"),))
        for name, columns in tables.items():
            listed = ", ".join(f'"{column}"' for column in columns)
            connection.execute(
                f'INSERT INTO main."{name}" ({listed}) SELECT {listed} FROM source."{name}"'  # noqa: S608
            )
    connection.close()
    return tables


def rows(folder: Path, tables: Columns) -> Rows:
    """All rows of these columns."""
    with sqlite3.connect(folder / "meguriawase.db") as connection:
        found = {}
        for name, columns in tables.items():
            listed = ", ".join(f'"{column}"' for column in columns)
            found[name] = sorted(connection.execute(f'SELECT {listed} FROM "{name}"'), key=repr)  # noqa: S608
    connection.close()
    return found


def problems(folder: Path) -> list[tuple[object, ...]]:
    """Whatever SQLite finds wrong in the file."""
    with sqlite3.connect(folder / "meguriawase.db") as connection:
        broken = connection.execute("PRAGMA foreign_key_check").fetchall()
        found = connection.execute("PRAGMA integrity_check").fetchall()
    connection.close()
    return [*broken, *(row for row in found if row != ("ok",))]


def _check_that_people_go_on(app: Flask) -> None:
    with app.app_context():
        post_id = db.session.scalars(select(NEED.model.id)).one()
    form = {"email": "municipality@example.com", "password": PASSWORD}
    client = app.test_client()
    token = client.get("/sign-in").text.partition('name="csrf_token"')[2].partition('value="')[2]
    form["csrf_token"] = token.partition('"')[0]
    assert client.post("/sign-in", data=form).status_code == 302
    for path in ("/dashboard", f"/needs/{post_id}", "/working-groups", "/calls"):
        assert client.get(path).status_code == 200
    with app.app_context():
        db.session.remove()
        db.engine.dispose()
