"""Materials of a meeting: documents of its group that belong to it or to an item of its agenda."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from matchmaker.core.db import db
from matchmaker.working_groups.groups.models import GroupDocument
from matchmaker.working_groups.meetings.models import Meeting

MOST_MATERIALS = 500


def move_publication(
    meeting: Meeting, old_start: datetime, old_end: datetime, now: datetime
) -> None:
    """Let materials that are still to be published move along with the meeting.

    What was to be published from the end on keeps its distance from the end, all other materials
    theirs from the beginning. What is published stays so.
    """
    query = (
        select(GroupDocument)
        .where(
            GroupDocument.meeting_id == meeting.id,
            GroupDocument.removed_at.is_(None),
            GroupDocument.publish_at > now,
        )
        .order_by(GroupDocument.id)
        .limit(MOST_MATERIALS)
    )
    for document in db.session.scalars(query):
        if document.publish_at is None:
            continue
        after_end = document.publish_at >= old_end
        moved = meeting.ends_at - old_end if after_end else meeting.starts_at - old_start
        document.publish_at += moved
