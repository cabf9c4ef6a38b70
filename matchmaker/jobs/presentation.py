"""The operator's tables: what is known of jobs, runs and processes, in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from matchmaker.core.formatting import format_moment
from matchmaker.jobs.domain import OUTCOME_LABELS, Job, Outcome
from matchmaker.jobs.models import JobLease, JobRun, WorkerProcess

Row = dict[str, str]


def job_rows(
    jobs: Sequence[Job], last: Mapping[str, JobRun], paused: Mapping[str, JobLease]
) -> list[Row]:
    """One row for each job: what, how often, how it went last, until when it pauses."""
    return [
        {
            "job": job.description,
            "schedule": job.schedule.label,
            "last": _last(last.get(job.name)),
            "pause": _pause(paused.get(job.name)),
        }
        for job in jobs
    ]


def run_rows(jobs: Sequence[Job], runs: Iterable[JobRun]) -> list[Row]:
    """One row for each run, in the order given."""
    names = {job.name: job.description for job in jobs}
    return [
        {
            "started": format_moment(run.started_at),
            "job": names.get(run.name, run.name),
            "outcome": OUTCOME_LABELS[Outcome(run.outcome)],
            "duration": _duration(run),
            "message": run.message,
        }
        for run in runs
    ]


def worker_rows(workers: Iterable[WorkerProcess], now: datetime, silent: timedelta) -> list[Row]:
    """One row for each process; one that is silent for longer than ``silent`` is said to be."""
    return [
        {
            "holder": worker.holder,
            "started": format_moment(worker.started_at),
            "state": "動いています" if now - worker.seen_at <= silent else "応答がありません",
        }
        for worker in workers
    ]


def _last(run: JobRun | None) -> str:
    if run is None:
        return "まだ記録がありません"
    return f"{format_moment(run.started_at)}　{OUTCOME_LABELS[Outcome(run.outcome)]}"


def _pause(lease: JobLease | None) -> str:
    return "" if lease is None else f"{format_moment(lease.expires_at)}に再開します"


def _duration(run: JobRun) -> str:
    if run.finished_at is None:
        return ""
    return f"{(run.finished_at - run.started_at).total_seconds():.1f}秒"
