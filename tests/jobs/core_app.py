"""An application of the core and the worker alone, for tests with processes of their own."""

from __future__ import annotations

from pathlib import Path

from flask import Flask

from matchmaker.core import database, transaction
from matchmaker.core.db import db
from matchmaker.jobs import models

TABLES = [model.__table__ for model in (models.JobLease, models.JobRun, models.WorkerProcess)]


def make_core_app(folder: Path) -> Flask:
    """The application on the database of ``folder``; its tables are made when missing."""
    app = Flask("matchmaker")
    app.config["SQLALCHEMY_DATABASE_URI"] = f"sqlite:///{folder / 'worker.db'}"
    database.init_app(app)
    transaction.init_app(app)
    with app.app_context():
        db.metadata.create_all(db.engine, tables=TABLES)  # type: ignore[arg-type]
    return app
