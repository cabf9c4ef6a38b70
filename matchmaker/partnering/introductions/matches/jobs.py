"""The worker's part: reminders of next steps, on the day before and when late."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from matchmaker.core.clock import today
from matchmaker.partnering.introductions.matches import queries
from matchmaker.partnering.introductions.matches.consequences import mail_next_step
from matchmaker.partnering.introductions.matches.domain import LATE_EVERY, LATE_MOST


def remind_of_next_steps(now: datetime) -> int:
    """Remind whoever does a next step: the day before, and weekly once it is late, thrice.

    What is due is computed from the present day, and each mail has a key, so that running late or
    twice loses none and repeats none.

    Returns:
        The number of next steps that were looked at.
    """
    day = today(now)
    due = queries.with_next_step_until(day + timedelta(days=1))
    for match in due:
        word = _word(match.next_due_on, day)
        if word:
            mail_next_step(match, word, now)
    return len(due)


def _word(due_on: date | None, day: date) -> str:
    """Which reminder stands out: ``tomorrow``, ``late:<week>`` or none."""
    if due_on is None:
        return ""
    if due_on >= day:
        return "tomorrow"
    week = (day - due_on - timedelta(days=1)) // LATE_EVERY + 1
    return f"late:{week}" if week <= LATE_MOST else ""
