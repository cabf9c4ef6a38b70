"""A real worker process with jobs that leave traces in a file: started by test_worker.py.

Arguments: the folder of the database, seconds that each run takes, and the time of day in Japan of
the daily job.
"""

from __future__ import annotations

import sys
import time
from datetime import datetime
from datetime import time as time_of_day
from pathlib import Path

from matchmaker.jobs.domain import Daily, Every, Job
from matchmaker.jobs.running import Runner
from matchmaker.jobs.worker import Worker, holder_name
from tests.jobs.core_app import make_core_app

FOLDER, SECONDS = Path(sys.argv[1]), float(sys.argv[2])
HOLDER = holder_name()


class OftenAsked(Daily):
    """A daily job whose slot is asked each second, so that tests need not wait."""

    @property
    def asked_every(self) -> int:
        """Seconds between two questions."""
        return 1


def leave_trace(name: str, step: str) -> None:
    """Add one line; short appends of different processes do not mix."""
    with (FOLDER / "trace").open("a", encoding="utf-8") as file:
        file.write(f"{name} {step} {HOLDER} {time.monotonic():.3f}\n")


def work(name: str) -> int:
    """Take the time asked for."""
    leave_trace(name, "begin")
    time.sleep(SECONDS)
    leave_trace(name, "end")
    return 1


def daily(_now: datetime) -> int:
    """The job that runs once in a slot."""
    return work("daily")


def frequent(_now: datetime) -> int:
    """The job that one worker keeps."""
    return work("frequent")


def main() -> None:
    """Work until told to stop."""
    at = time_of_day.fromisoformat(sys.argv[3])
    jobs = [
        Job("test.daily", "毎日", OftenAsked(at), daily, lease_seconds=3),
        Job("test.frequent", "たびたび", Every(1), frequent, lease_seconds=3),
    ]
    Worker(make_core_app(FOLDER), jobs, Runner(HOLDER)).run()


if __name__ == "__main__":
    main()
