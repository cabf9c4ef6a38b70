"""The access table, asked over HTTP."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from tests.architecture.access_rules import ROLES, Row
from tests.architecture.access_table import ROWS
from tests.architecture.world import World

SIGN_IN = "/sign-in"


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory, migrated_database: Path) -> Iterator[World]:
    """People of every role and things of every kind."""
    built = World(tmp_path_factory.mktemp("world"), migrated_database)
    yield built
    built.close()


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.label)
def test_each_role_gets_what_the_table_says(world: World, row: Row) -> None:
    answers = {role: ask(world, row, role) for role in ROLES}
    assert answers == dict(row.statuses)


def test_every_route_is_in_the_table(app: Flask) -> None:
    routes = {
        (method, rule.endpoint)
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    listed = {(row.method, row.endpoint) for row in ROWS}
    assert sorted(routes - listed) == [], "add these routes to tests/architecture/access_table.py"
    assert sorted(listed - routes) == [], "these routes are gone; take them out of the table"


def test_every_row_names_every_role() -> None:
    assert [row.label for row in ROWS if set(row.statuses) != set(ROLES)] == []


def ask(world: World, row: Row, role: str) -> int:
    """Send the request of ``row`` as somebody of ``role``; what it changed is undone."""
    address = world.address(row.endpoint, row.values)
    with world.client(role) as client:
        answer = client.open(address, method=row.method, data=dict(row.data))
    if row.method != "GET":
        world.restore()
    return status_of(answer)


def status_of(answer: TestResponse) -> int:
    """The status; 401 for being sent to the sign-in page."""
    location = answer.headers.get("Location", "")
    return 401 if answer.status_code == 302 and location.startswith(SIGN_IN) else answer.status_code
