"""One database with everybody in it; things are added by each test and stay apart by their ids."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask

from matchmaker.app import create_app
from matchmaker.core.db import db
from tests.conftest import make_settings
from tests.working_groups.matrix.people import EVERYBODY, People

NOTHING = frozenset[str]()
REFUSED = frozenset({401, 403, 404})
FIRST_ERROR_STATUS = 400
Seen = dict[str, frozenset[str]]
Look = Callable[..., Seen]


@pytest.fixture(scope="package")
def matrix_app(
    migrated_database: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Flask]:
    """An application on a database of this package alone."""
    folder = tmp_path_factory.mktemp("matrix")
    shutil.copy(migrated_database, folder / "meguriawase.db")
    app = create_app(make_settings(folder))
    app.config["WTF_CSRF_ENABLED"] = False
    yield app
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.fixture(scope="package")
def people(matrix_app: Flask) -> People:
    """Everybody."""
    with matrix_app.app_context():
        made = People(matrix_app)
        db.session.commit()
        return made


@pytest.fixture
def look(matrix_app: Flask, people: People) -> Look:
    """Let everybody open an address: who sees what of it.

    ``look(path, page="…", text="…")`` gives for each person the names of those marks that the
    answer holds; the empty mark stands for the page itself.
    """

    def look(path: str, **marks: str) -> Seen:
        return {key: _seen(people, key, path, marks) for key in EVERYBODY}

    return look


def _seen(people: People, key: str, path: str, marks: dict[str, str]) -> frozenset[str]:
    with people.browser(key) as client:
        answer = client.get(path)
    if answer.status_code in REFUSED or answer.headers.get("Location", "").startswith("/sign-in"):
        return NOTHING
    assert answer.status_code < FIRST_ERROR_STATUS, f"{key} {path}: {answer.status_code}"
    body = answer.get_data(as_text=True)
    return frozenset(name for name, mark in marks.items() if mark in body)
