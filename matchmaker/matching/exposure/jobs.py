"""Background work of exposure, called by the worker; it manages its own transaction."""

from __future__ import annotations

from datetime import datetime

from matchmaker.core.db import db
from matchmaker.core.dialect import reading_only
from matchmaker.matching.engine import current_engine
from matchmaker.matching.exposure import queries
from matchmaker.matching.exposure.domain import is_due
from matchmaker.matching.exposure.service import compute_prices
from matchmaker.matching.indexing import is_behind


def refresh_prices(now: datetime) -> int:
    """Compute prices once a day and after each change of the policy, from a complete index.

    Returns:
        How many needs were looked at; 0 when nothing was due.
    """
    with reading_only():
        run, policy = queries.last_run(), queries.policy_now()
        due = is_due(now, run.at if run else None, policy.at if policy else None)
        # On a new installation most posts are still to be read; prices of the rest would stand
        # for a day.
        due = due and not is_behind()
        db.session.rollback()
    if not due:
        return 0
    computed = compute_prices(current_engine(), now)
    db.session.commit()
    return computed.needs
