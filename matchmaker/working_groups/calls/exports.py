"""Files about a call: the calendar of its deadlines, the published questions and answers."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from matchmaker.core.calendar_files import CalendarEntry, calendar_file
from matchmaker.core.clock import end_of_day, start_of_day
from matchmaker.working_groups.calls.domain import CallState
from matchmaker.working_groups.calls.models import Call
from matchmaker.working_groups.calls.presentation import (
    answerers_in_words,
    deadline_in_words,
    period_in_words,
    timetable_in_order,
)

HOST = "calls.meguriawase"
BEFORE_DEADLINE = timedelta(hours=1)


def call_calendar(call: Call, url: str) -> bytes:
    """Opening, deadline and timetable of a call as a calendar file.

    Entries keep their ids, so that a later file brings them up to date or cancels them.

    Args:
        call: a call; one without a period gives its timetable alone.
        url: address of its page.
    """
    return calendar_file([*_period(call, url), *_days(call, url)], call.title)


def _period(call: Call, url: str) -> Iterable[CalendarEntry]:
    if call.opens_at is None or call.closes_at is None:
        return
    half_hour = timedelta(minutes=30)
    yield _entry(call, url, "opens", call.opens_at, call.opens_at + half_hour, "受付開始")
    label = f"締切（{deadline_in_words(call.closes_at)}）"
    yield _entry(call, url, "closes", call.closes_at - BEFORE_DEADLINE, call.closes_at, label)


def _days(call: Call, url: str) -> Iterable[CalendarEntry]:
    for number, (day, label) in enumerate(timetable_in_order(call), 1):
        yield _entry(call, url, f"day-{number}", start_of_day(day), end_of_day(day), label)


def _entry(
    call: Call, url: str, name: str, starts_at: datetime, ends_at: datetime, label: str
) -> CalendarEntry:
    return CalendarEntry(
        uid=f"{call.id}-{name}@{HOST}",
        sequence=call.revision,
        starts_at=starts_at,
        ends_at=ends_at,
        title=f"{label}：{call.title}",
        changed_at=call.updated_at,
        description=f"受付期間：{period_in_words(call)}\n答えられる方：{answerers_in_words(call.categories)}",
        url=url,
        is_cancelled=call.state is CallState.CANCELLED,
    )
