"""The operator's page about the worker."""

from __future__ import annotations

from flask import Blueprint, render_template

from matchmaker.core import clock
from matchmaker.core.access import authorize, current_actor
from matchmaker.jobs import policy, presentation, queries
from matchmaker.jobs.domain import SILENT_AFTER
from matchmaker.jobs.table import JOBS

blueprint = Blueprint("jobs", __name__)


@blueprint.get("/operator/jobs")
def index() -> str:
    """All jobs with their last runs, and the worker processes."""
    authorize(policy.can_see_jobs(current_actor()))
    now = clock.now()
    last, paused = queries.latest_runs(), queries.paused_leases(now)
    return render_template(
        "jobs/index.html",
        jobs=presentation.job_rows(JOBS, last, paused),
        runs=presentation.run_rows(JOBS, queries.recent_runs()),
        workers=presentation.worker_rows(queries.workers(), now, SILENT_AFTER),
    )
