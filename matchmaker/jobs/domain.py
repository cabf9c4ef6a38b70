"""What the worker does and when: jobs as data, schedules as pure functions of the moment."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum

from matchmaker.core.clock import JST, today

ALWAYS = "always"
LONGEST_PAUSE = timedelta(minutes=30)
SILENT_AFTER = timedelta(minutes=2)

JobFunction = Callable[[datetime], int | None]
"""Gets ``now``, does what is due in transactions of its own and tells how many things it did."""


class Outcome(StrEnum):
    """How a run of a job went."""

    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    ABANDONED = "abandoned"


OUTCOME_LABELS = {
    Outcome.RUNNING: "実行中",
    Outcome.DONE: "完了",
    Outcome.FAILED: "失敗",
    Outcome.ABANDONED: "中断",
}


@dataclass(frozen=True, slots=True)
class Every:
    """Asks again and again whether something is due.

    One worker keeps the lease of such a job for as long as it lives, so that asking costs no write.

    Args:
        seconds: pause between two questions.
    """

    seconds: int

    @property
    def asked_every(self) -> int:
        """Seconds between two questions."""
        return self.seconds

    @property
    def label(self) -> str:
        """How often, in words."""
        return f"{self.seconds}秒ごと"

    def slot(self, _now: datetime) -> str:
        """Name of the lease: there is only one."""
        return ALWAYS


@dataclass(frozen=True, slots=True)
class Daily:
    """Once a day at a time of Japan; a worker that was off at that time catches up.

    Args:
        at: time of day in Japan.
    """

    at: time

    @property
    def asked_every(self) -> int:
        """Seconds between two questions whether the day's run has been done."""
        return 30

    @property
    def label(self) -> str:
        """How often, in words."""
        return f"毎日 {self.at.hour}:{self.at.minute:02d}"

    def slot(self, now: datetime) -> str:
        """The latest day's run that should have begun: its moment in Japan, as ISO text."""
        day = today(now)
        begins = datetime.combine(day, self.at, JST)
        if begins > now:
            begins = datetime.combine(day - timedelta(days=1), self.at, JST)
        return begins.isoformat()


Schedule = Every | Daily


@dataclass(frozen=True, slots=True)
class Job:
    """One thing the worker does.

    Args:
        name: stable name, the key of leases and runs.
        description: what it does, in Japanese, for the operator's page.
        schedule: when it is asked.
        function: the work.
        lease_seconds: how long after the death of a worker another one may take over. A worker
            that lives renews its leases, so a run may take longer than this.
    """

    name: str
    description: str
    schedule: Schedule
    function: JobFunction
    lease_seconds: int = 60


def pause_after_failure(schedule: Schedule, attempts: int) -> timedelta:
    """How long to wait after the ``attempts``-th failure in a row: twice as long each time."""
    first = timedelta(seconds=schedule.asked_every)
    doublings: int = 2 ** min(attempts - 1, 12)
    return min(LONGEST_PAUSE, first * doublings)
