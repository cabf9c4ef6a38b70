"""Who may be asked to check minutes: the speakers of the agenda and the people of the group."""

from __future__ import annotations

import uuid
from datetime import datetime

from matchmaker.core.clock import today
from matchmaker.working_groups.groups.domain import ROLE_LABELS
from matchmaker.working_groups.groups.queries import present_members
from matchmaker.working_groups.meetings.minutes import queries
from matchmaker.working_groups.meetings.models import Meeting, Minutes

SPEAKER = "議題の発言者"


def people_to_ask(
    meeting: Meeting, minutes: Minutes, now: datetime
) -> tuple[list[tuple[uuid.UUID, str]], list[uuid.UUID]]:
    """All who may be asked with a word on who they are, and those chosen to begin with.

    Args:
        meeting: with its agenda and the speakers loaded.
        minutes: those asked before are chosen again.

    Returns:
        Id and label of each person, speakers first; and the ids of those chosen.
    """
    labels: dict[uuid.UUID, str] = {}
    for item in meeting.agenda:
        if item.speaker is not None and item.speaker.active:
            labels[item.speaker.id] = f"{item.speaker.name}（{SPEAKER}）"
    chosen = [*labels, *(check.user_id for check in queries.checks_of(minutes.id))]
    for member in present_members(meeting.group_id, today(now)):
        if member.user.active:
            label = f"{member.user.name}（{ROLE_LABELS[member.role]}）"
            labels.setdefault(member.user_id, label)
    return list(labels.items()), [id_ for id_ in dict.fromkeys(chosen) if id_ in labels]
