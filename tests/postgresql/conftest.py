"""A PostgreSQL cluster of its own, where the machine has the server's programs."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import text

from matchmaker.app import create_app
from matchmaker.core.database import MIGRATIONS
from matchmaker.core.db import Base, db
from tests.conftest import make_settings

OWNER = "postgres"
INSTALLED = Path("/usr/lib/postgresql")
OPTIONS = "-c listen_addresses=127.0.0.1 -c fsync=off -c max_connections=40"


def program(name: str) -> str | None:
    """Path of one of the server's programs, or None where it is not installed."""
    newest = sorted(INSTALLED.glob(f"*/bin/{name}"), reverse=True)
    return str(newest[0]) if newest else shutil.which(name)


def run(*command: str) -> None:
    """Run one of the programs; the server refuses to be run by root."""
    as_owner = ["runuser", "-u", OWNER, "--"] if os.geteuid() == 0 else []
    done = subprocess.run(
        [*as_owner, *command], cwd="/", capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        raise RuntimeError(f"{command[0]} failed:\n{done.stdout}{done.stderr}")


@pytest.fixture(scope="session")
def cluster() -> Iterator[str]:
    """Address of a running, empty database."""
    make, control = program("initdb"), program("pg_ctl")
    if make is None or control is None:
        pytest.skip("PostgreSQL's programs are not installed")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if os.geteuid() == 0:
            owner = pwd.getpwnam(OWNER)
            os.chown(folder, owner.pw_uid, owner.pw_gid)
        data = str(folder / "data")
        run(make, "-D", data, "-U", OWNER, "--auth=trust", "--no-sync", "--encoding=UTF8")
        options = f"-p {port} -c unix_socket_directories={folder} {OPTIONS}"
        run(control, "-D", data, "-o", options, "-l", str(folder / "log"), "-w", "start")
        try:
            yield f"postgresql+psycopg://{OWNER}@127.0.0.1:{port}/postgres"
        finally:
            run(control, "-D", data, "-m", "immediate", "-w", "stop")


@pytest.fixture(scope="session")
def migrated(cluster: str, tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """An application whose database has all migrations."""
    app = create_app(make_settings(tmp_path_factory.mktemp("pg"), database_url=cluster))
    with app.app_context():
        upgrade(str(MIGRATIONS))
        db.session.remove()
    return app


@pytest.fixture
def app(migrated: Flask) -> Iterator[Flask]:
    """The application on an emptied database."""
    with migrated.app_context():
        names = ", ".join(f'"{table.name}"' for table in Base.metadata.sorted_tables)
        db.session.execute(text(f"TRUNCATE {names} CASCADE"))
        db.session.commit()
    yield migrated
    with migrated.app_context():
        db.session.remove()
        db.engine.dispose()
