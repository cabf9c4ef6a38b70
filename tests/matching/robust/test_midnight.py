"""The last night of the fiscal year: what is done once a day or week is done once."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask

from matchmaker.core.clock import JST, today
from matchmaker.core.db import db
from matchmaker.jobs.domain import Daily, Job
from matchmaker.jobs.table import JOBS
from matchmaker.matching.encoders import jobs as encoders
from matchmaker.matching.exposure import jobs as exposure
from matchmaker.matching.exposure.domain import is_due
from matchmaker.matching.releases import jobs as releases
from matchmaker.matching.writing import service as writing

MIDNIGHT = datetime(2027, 4, 1, 0, 0, tzinfo=JST)
INSTANT = timedelta(microseconds=1)
DAILY = [job for job in JOBS if isinstance(job.schedule, Daily)]


@pytest.mark.parametrize("job", DAILY, ids=lambda job: job.name)
def test_every_daily_job_has_one_slot_a_day_over_the_turn_of_the_year(job: Job) -> None:
    moments = [MIDNIGHT - timedelta(days=1) + timedelta(minutes=5 * n) for n in range(576)]
    slots = [job.schedule.slot(moment.astimezone(UTC)) for moment in moments]
    assert slots == sorted(slots), "never back"
    assert len(set(slots)) in (2, 3)
    assert all(datetime.fromisoformat(slot) <= at for slot, at in zip(slots, moments, strict=True))


def test_the_day_turns_in_japan() -> None:
    assert today((MIDNIGHT - INSTANT).astimezone(UTC)).isoformat() == "2027-03-31"
    assert today(MIDNIGHT.astimezone(UTC)).isoformat() == "2027-04-01"


def test_prices_of_the_last_instant_count_for_a_day() -> None:
    run = MIDNIGHT - INSTANT
    assert not is_due(MIDNIGHT, run, None)
    assert is_due(MIDNIGHT + timedelta(days=1), run, None)


@pytest.mark.parametrize("moment", [MIDNIGHT - INSTANT, MIDNIGHT, MIDNIGHT + INSTANT])
def test_the_jobs_of_matching_run_at_that_moment(app: Flask, moment: datetime) -> None:
    now = moment.astimezone(UTC)
    with app.app_context():
        for work in (
            encoders.follow_setting, encoders.forget_old_vectors, exposure.refresh_prices,
            releases.want_candidate, releases.compare_shadow, releases.run_requests,
            writing.drop_old,
        ):  # fmt: skip
            assert work(now) == 0
            db.session.rollback()
