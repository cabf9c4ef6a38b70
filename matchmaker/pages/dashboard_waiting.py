"""All that waits for a person in calls, proposals, reviews, meetings and groups."""

from __future__ import annotations

from datetime import datetime

from matchmaker.core.actor import Actor
from matchmaker.pages.dashboard import Waiting
from matchmaker.pages.dashboard_meetings import waiting_of_meetings
from matchmaker.pages.dashboard_proposals import waiting_for_author, waiting_for_reviewer
from matchmaker.pages.dashboard_secretariat import waiting_of_groups


def waiting_in_groups(actor: Actor, now: datetime) -> list[Waiting]:
    """What ends at a fixed moment first, then what others wait for (at most nine statements)."""
    return [
        *waiting_for_author(actor, now),
        *waiting_for_reviewer(actor, now),
        *waiting_of_meetings(actor, now),
        *waiting_of_groups(actor, now),
    ]
