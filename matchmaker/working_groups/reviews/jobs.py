"""Work of the worker on reviews."""

from __future__ import annotations

from datetime import datetime

from matchmaker.core.actor import SYSTEM
from matchmaker.core.db import db
from matchmaker.working_groups.reviews.assignment import sync_reviews
from matchmaker.working_groups.reviews.assignment_queries import calls_under_review


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
