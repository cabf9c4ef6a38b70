"""Work of the worker on reviews."""

from __future__ import annotations

import uuid
from datetime import datetime

from matchmaker.accounts.models import User
from matchmaker.core.actor import SYSTEM
from matchmaker.core.clock import now as present_moment
from matchmaker.core.clock import today
from matchmaker.core.db import db
from matchmaker.notifications.service import queue_mail
from matchmaker.working_groups.calls.models import Call
from matchmaker.working_groups.reviews.assignment import sync_reviews
from matchmaker.working_groups.reviews.assignment_queries import calls_under_review
from matchmaker.working_groups.reviews.domain import reminder_due
from matchmaker.working_groups.reviews.waiting import calls_due, has_to_do, reviewers_to_remind

REMINDER_KIND = "reviews:reminder"


def hand_out_reviews(now: datetime) -> int:
    """Bring the reviews of every call whose deadline is over into step, each in a transaction.

    Returns:
        In how many calls something changed.
    """
    calls = calls_under_review(now)
    db.session.rollback()  # reading is done; each call gets a transaction of its own
    changed = 0
    for call_id in calls:
        changed += bool(sync_reviews(call_id, SYSTEM, now))
        db.session.commit()
    return changed


def remind_of_reviews(now: datetime) -> int:
    """Remind reviewers who have reviews to do, 7 days and 1 day before they are due, once each.

    Returns:
        How many mails were written.
    """
    sent = 0
    for call in calls_due(now):
        for person, count in reviewers_to_remind(call.id, now):
            sent += _remind(call, person, count, now)
    db.session.commit()
    return sent


def _remind(call: Call, person: User, count: int, now: datetime) -> bool:
    due_at = call.reviews_due_at
    days = reminder_due(today(due_at), today(now)) if due_at else None
    if due_at is None or days is None:
        return False
    left = (today(due_at) - today(now)).days
    context = {"call_title": call.title, "count": count, "due_at": due_at, "days": left}
    key = f"reviews-due:{call.id}:{today(due_at)}:{days}"
    return queue_mail(person, "reviews-due", context, key, call.id, now, subject_kind=REMINDER_KIND)


def still_has_to_do(user_id: uuid.UUID, call_id: uuid.UUID) -> bool:
    """Asked just before a reminder goes out: whether the person still has reviews to do."""
    return has_to_do(user_id, call_id, present_moment())
