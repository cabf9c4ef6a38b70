"""One question of the worker: leases, runs, failures."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from matchmaker.core.clock import JST
from matchmaker.core.db import db
from matchmaker.jobs import leases, queries, service
from matchmaker.jobs.domain import ALWAYS, Daily, Every, Job, Outcome
from matchmaker.jobs.models import JobLease, JobRun, WorkerProcess
from matchmaker.jobs.running import Runner

START = datetime(2026, 3, 31, 14, 59, 50, tzinfo=UTC)
"""Ten seconds before 1 April in Japan."""


class MovingClock:
    """A clock that tests set."""

    def __init__(self, moment: datetime = START) -> None:
        self.moment = moment

    def __call__(self) -> datetime:
        return self.moment

    def pass_by(self, **amount: float) -> None:
        self.moment += timedelta(**amount)


class Work:
    """A job's function that remembers its calls."""

    def __init__(self, result: int | None = 1) -> None:
        self.calls: list[datetime] = []
        self.result = result
        self.error: Exception | None = None

    def __call__(self, now: datetime) -> int | None:
        self.calls.append(now)
        if self.error:
            raise self.error
        return self.result


def daily(work: Callable[[datetime], int | None]) -> Job:
    return Job("test.daily", "毎日の処理", Daily(time(0)), work)


def frequent(work: Callable[[datetime], int | None]) -> Job:
    return Job("test.frequent", "たびたびの処理", Every(2), work)


pytestmark = pytest.mark.usefixtures("core_app")


def test_a_daily_job_runs_once_in_its_slot() -> None:
    work, clock = Work(), MovingClock()
    runners = [Runner("one", clock), Runner("two", clock)]
    outcomes = [runner.run_if_due(daily(work)) for runner in runners * 3]
    assert outcomes == [Outcome.DONE, None, None, None, None, None]
    assert len(work.calls) == 1


def test_a_new_slot_begins_at_midnight_in_japan() -> None:
    work, clock = Work(), MovingClock()
    runner = Runner("one", clock)
    runner.run_if_due(daily(work))
    clock.pass_by(seconds=9.9)
    assert runner.run_if_due(daily(work)) is None
    clock.pass_by(seconds=0.1)
    assert runner.run_if_due(daily(work)) is Outcome.DONE
    slots = db.session.scalars(select(JobLease.slot).order_by(JobLease.slot)).all()
    assert slots == ["2026-03-31T00:00:00+09:00", "2026-04-01T00:00:00+09:00"]


def test_a_worker_that_was_off_for_days_runs_the_latest_slot_only() -> None:
    work, clock = Work(), MovingClock()
    runner = Runner("one", clock)
    runner.run_if_due(daily(work))
    clock.pass_by(days=9)
    runner.run_if_due(daily(work))
    runner.run_if_due(daily(work))
    assert [call.astimezone(JST).day for call in work.calls] == [31, 9]


def test_a_frequent_job_stays_with_one_worker_while_it_lives() -> None:
    work, clock = Work(), MovingClock()
    one, two = Runner("one", clock), Runner("two", clock)
    for _ in range(60):
        assert one.run_if_due(frequent(work)) is Outcome.DONE
        assert two.run_if_due(frequent(work)) is None
        clock.pass_by(seconds=2)


def test_another_worker_takes_over_when_the_lease_has_ended() -> None:
    work, clock = Work(), MovingClock()
    one, two = Runner("one", clock), Runner("two", clock)
    one.run_if_due(frequent(work))
    clock.pass_by(seconds=59)
    assert two.run_if_due(frequent(work)) is None
    clock.pass_by(seconds=1)
    assert two.run_if_due(frequent(work)) is Outcome.DONE
    assert one.run_if_due(frequent(work)) is None


def test_a_stopped_worker_gives_its_leases_back_at_once() -> None:
    work, clock = Work(), MovingClock()
    one, two = Runner("one", clock), Runner("two", clock)
    one.keep_alive()
    one.run_if_due(frequent(work))
    one.stop()
    assert two.run_if_due(frequent(work)) is Outcome.DONE
    assert db.session.scalar(select(func.count()).select_from(WorkerProcess)) == 0


def test_asking_in_vain_writes_nothing() -> None:
    work, clock = Work(result=0), MovingClock()
    runner = Runner("one", clock)
    runner.run_if_due(frequent(work))
    before = changes_so_far()
    for _ in range(10):
        clock.pass_by(seconds=2)
        runner.run_if_due(frequent(work))
    assert changes_so_far() == before
    assert len(work.calls) == 11
    assert queries.recent_runs() == []


def changes_so_far() -> int:
    """Rows that the pool's one connection has changed since it was opened."""
    raw = db.session.connection().connection.dbapi_connection
    assert raw is not None
    count = int(raw.total_changes)
    db.session.rollback()
    return count


def test_runs_that_did_something_are_kept_with_their_count() -> None:
    clock = MovingClock()
    Runner("one", clock).run_if_due(frequent(Work(result=3)))
    (run,) = queries.recent_runs()
    assert (run.outcome, run.message, run.holder) == (Outcome.DONE, "3件", "one")


def test_a_failure_is_written_down_and_followed_by_longer_and_longer_pauses() -> None:
    work, clock = Work(), MovingClock()
    work.error = RuntimeError("no mail server")
    runner = Runner("one", clock)
    tries = 0
    for _ in range(16):
        tries += runner.run_if_due(frequent(work)) is Outcome.FAILED
        clock.pass_by(seconds=1)
    assert tries == 4  # after 0, 2, 6 and 14 seconds
    assert {run.message for run in queries.recent_runs()} == {"RuntimeError: no mail server"}
    assert set(queries.paused_leases(clock())) == {"test.frequent"}


def test_a_success_ends_the_pauses() -> None:
    work, clock = Work(result=0), MovingClock()
    runner = Runner("one", clock)
    work.error = RuntimeError("away")
    runner.run_if_due(frequent(work))
    clock.pass_by(seconds=2)
    work.error = None
    assert runner.run_if_due(frequent(work)) is Outcome.DONE
    assert not leases.has_failed(frequent(work), ALWAYS)


def test_what_a_failed_job_wrote_is_rolled_back() -> None:
    def write_and_fail(now: datetime) -> int:
        service.note_alive("half-done", now)
        db.session.flush()
        raise ValueError("in the middle")

    Runner("one", MovingClock()).run_if_due(daily(write_and_fail))
    assert queries.workers() == []


def test_a_run_left_open_by_a_dead_worker_is_shown_as_abandoned() -> None:
    work, clock = Work(), MovingClock()
    job = daily(work)
    leases.take(job, job.schedule.slot(clock()), "dead", clock())
    service.begin_run(job, job.schedule.slot(clock()), "dead", clock())
    db.session.commit()
    clock.pass_by(seconds=5)
    assert Runner("one", clock).run_if_due(job) is None
    clock.pass_by(minutes=2)
    work.calls.clear()
    assert Runner("one", clock).run_if_due(job) is Outcome.DONE
    assert {run.outcome for run in queries.recent_runs()} == {Outcome.ABANDONED, Outcome.DONE}


def test_living_workers_prolong_the_leases_of_long_runs(core_app: Flask) -> None:
    clock = MovingClock()
    one, two = Runner("one", clock), Runner("two", clock)

    def take_three_minutes(_now: datetime) -> int:
        for _ in range(18):
            clock.pass_by(seconds=10)
            with core_app.app_context():
                one.keep_alive()
                assert two.run_if_due(frequent(Work())) is None
        return 1

    assert one.run_if_due(frequent(take_three_minutes)) is Outcome.DONE


def test_pruning_keeps_the_newest_runs_of_each_job(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(service, "KEPT_RUNS_OF_A_JOB", 3)
    clock, work = MovingClock(), Work(result=1)
    runner = Runner("one", clock)
    for _ in range(6):
        runner.run_if_due(frequent(work))
        clock.pass_by(minutes=1)
    assert service.prune(clock()) == 3
    starts = [run.started_at for run in queries.recent_runs()]
    assert starts == sorted(starts, reverse=True)
    assert len(starts) == 3
    clock.pass_by(days=31)
    service.prune(clock())
    assert db.session.scalar(select(func.count()).select_from(JobRun)) == 0


def test_latest_runs_are_one_for_each_job() -> None:
    clock = MovingClock()
    for _ in range(3):
        Runner("one", clock).run_if_due(frequent(Work(result=1)))
        clock.pass_by(seconds=2)
    Runner("one", clock).run_if_due(daily(Work(result=2)))
    latest = queries.latest_runs()
    assert set(latest) == {"test.frequent", "test.daily"}
    assert latest["test.frequent"].started_at == START + timedelta(seconds=4)
