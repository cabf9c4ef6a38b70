"""An application on a database that is gone afterwards."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from flask import Flask
from flask_migrate import upgrade

from config import Settings
from matchmaker.core.database import MIGRATIONS
from matchmaker.core.db import db


@contextmanager
def throwaway_app(
    make_app: Callable[[Settings], Flask], settings: Settings
) -> Iterator[tuple[Flask, Settings]]:
    """A migrated, empty application in a temporary folder; the unpacked model is shared.

    Args:
        make_app: ``create_app``.
        settings: settings to start from.
    """
    with tempfile.TemporaryDirectory() as folder:
        changed = settings.model_copy(
            update={
                "instance_dir": Path(folder),
                "database_url": "",
                "environment": "test",
                "log_level": "ERROR",
                "model_dir": settings.resolved_model_dir(),
            }
        )
        app = make_app(changed)
        with app.app_context():
            upgrade(str(MIGRATIONS))
            db.session.remove()
        yield app, changed
        with app.app_context():
            db.session.remove()
            db.engine.dispose()
