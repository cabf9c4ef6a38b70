"""Sets up the database session and its migrations for an application."""

from __future__ import annotations

from pathlib import Path

from flask import Flask
from flask_migrate import Migrate

from matchmaker.core.db import db

MIGRATIONS = Path(__file__).resolve().parents[1] / "migrations"
migrate = Migrate()


def init_app(app: Flask) -> None:
    """Connect the application to its database; the instance folder is made when missing."""
    uri = str(app.config["SQLALCHEMY_DATABASE_URI"])
    if uri.startswith("sqlite:///") and not uri.endswith(":memory:"):
        Path(uri.removeprefix("sqlite:///")).parent.mkdir(parents=True, exist_ok=True)
    db.init_app(app)
    migrate.init_app(app, db, directory=str(MIGRATIONS), compare_type=True)
