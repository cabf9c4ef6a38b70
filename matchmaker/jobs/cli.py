"""``flask worker``."""

from __future__ import annotations

import click
from flask import current_app

from matchmaker.jobs.table import JOBS
from matchmaker.jobs.worker import Worker


@click.command("worker")
def worker_command() -> None:
    """Do the work that waits: mail, imports, the index, reminders, pruning."""
    Worker(current_app._get_current_object(), JOBS).run()  # type: ignore[attr-defined]
