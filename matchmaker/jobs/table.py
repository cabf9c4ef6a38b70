"""All jobs of the worker."""

from __future__ import annotations

from datetime import time

from matchmaker.jobs import service
from matchmaker.jobs.domain import Daily, Job

JOBS: tuple[Job, ...] = (
    Job(
        "jobs.prune",
        "古い実行の記録を消します。",
        Daily(time(3, 30)),
        service.prune,
    ),
)
