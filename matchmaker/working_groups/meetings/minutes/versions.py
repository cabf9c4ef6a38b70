"""Writes versions of minutes; for the commands of this package."""

from __future__ import annotations

from datetime import datetime

from matchmaker.core.actor import Actor
from matchmaker.core.db import db
from matchmaker.working_groups.meetings.minutes import queries
from matchmaker.working_groups.meetings.models import Minutes, MinutesVersion


def add_version(
    minutes: Minutes,
    text: str,
    actor: Actor,
    now: datetime,
    *,
    note: str = "",
    is_branch: bool = False,
) -> MinutesVersion:
    """Keep ``text`` under the next number; unless it is a side text it becomes the present one."""
    version = MinutesVersion(
        minutes_id=minutes.id,
        number=queries.last_number(minutes.id) + 1,
        body=text,
        note=note,
        is_branch=is_branch,
        actor_id=actor.user_id,
        actor_name=actor.name,
        at=now,
    )
    db.session.add(version)
    if not is_branch:
        minutes.body, minutes.revision, minutes.updated_at = text, version.number, now
    db.session.flush()
    return version
