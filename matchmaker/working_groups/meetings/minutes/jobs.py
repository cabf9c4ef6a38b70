"""The worker's part: keep few of the many versions that saving while writing makes."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import pairwise

from sqlalchemy import delete, select

from matchmaker.core.db import db
from matchmaker.working_groups.meetings.models import Minutes, MinutesVersion

OLD_AFTER = timedelta(days=2)
"""Nobody's page still shows a text of two days ago, so its versions are not needed for merging."""

SAME_SITTING = timedelta(minutes=10)
LOOKS_BACK = timedelta(days=7)
AT_ONCE = 5000


def thin_versions(now: datetime) -> int:
    """Delete old versions that the same person replaced within ten minutes, and old side texts.

    The first, the present and all published versions stay, and so do those with a note.

    Returns:
        How many were deleted.
    """
    query = (
        select(MinutesVersion, Minutes.revision)
        .join(Minutes, Minutes.id == MinutesVersion.minutes_id)
        .where(
            MinutesVersion.at < now - OLD_AFTER,
            MinutesVersion.at >= now - OLD_AFTER - LOOKS_BACK,
        )
        .order_by(MinutesVersion.minutes_id, MinutesVersion.number)
        .limit(AT_ONCE)
    )
    rows = [(version, present) for version, present in db.session.execute(query)]
    ids = _superseded(rows)
    if ids:
        db.session.execute(delete(MinutesVersion).where(MinutesVersion.id.in_(ids)))
    db.session.commit()
    return len(ids)


def _superseded(rows: Sequence[tuple[MinutesVersion, int]]) -> list[uuid.UUID]:
    """Side texts, and versions after which the same person saved again within ten minutes."""
    found = [version.id for version, _present in rows if version.is_branch]
    plain = [row for row in rows if not row[0].is_branch]
    for (version, present), (after, _present) in pairwise(plain):
        if version.number in (1, present) or version.note or version.published_at:
            continue
        same = (version.minutes_id, version.actor_id) == (after.minutes_id, after.actor_id)
        if same and after.at - version.at <= SAME_SITTING:
            found.append(version.id)
    return found
