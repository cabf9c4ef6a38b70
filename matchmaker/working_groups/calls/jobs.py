"""What the worker does for calls: tell that one has opened, and that its deadline is near.

A call opens and closes by the clock alone; these jobs only write mail, at most once each.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from matchmaker.core.actor import SYSTEM
from matchmaker.core.db import db
from matchmaker.core.domain_events import record
from matchmaker.working_groups.calls import queries
from matchmaker.working_groups.calls.domain import CLOSING_NOTICES, closing_notice_due
from matchmaker.working_groups.calls.events import CallClosingSoon, CallOpened


def announce_opened(now: datetime) -> int:
    """Tell all representatives of each call that has opened, once."""
    calls = queries.calls_to_announce(now)
    for call in calls:
        call.announced_at = now
        db.session.flush()
        details = {"name": call.title}
        record(CallOpened(actor=SYSTEM, now=now, subject_id=call.id, details=details))
    db.session.commit()
    return len(calls)


def remind_of_closing(now: datetime) -> int:
    """Tell those who are still writing that the deadline is 7 days, then 1 day, away."""
    done = 0
    for call in queries.calls_closing(now, now + timedelta(days=max(CLOSING_NOTICES))):
        days = closing_notice_due(call.deadline, call.closing_told_days, now)
        if days is None:
            continue
        call.closing_told_days = days
        db.session.flush()
        record(
            CallClosingSoon(
                actor=SYSTEM, now=now, subject_id=call.id, days=days, closes_at=call.deadline,
                title=call.title, details={"name": call.title, "days": days},
            )
        )  # fmt: skip
        done += 1
    db.session.commit()
    return done
