"""What every page of the reception begins with."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

from matchmaker.core import clock
from matchmaker.core.access import current_actor
from matchmaker.core.actor import Actor
from matchmaker.core.clock import today
from matchmaker.working_groups.groups.policy import Standing
from matchmaker.working_groups.groups.queries import standing_of
from matchmaker.working_groups.meetings.check_in import policy, queries
from matchmaker.working_groups.meetings.models import Meeting
from matchmaker.working_groups.meetings.policy import can_view
from matchmaker.working_groups.meetings.queries import get_meeting, is_invited_proxy


@dataclass(frozen=True, slots=True)
class Door:
    """Where a page of the reception stands.

    Args:
        meeting: with its group.
        actor: who looks at the page.
        standing: the person's present roles in the group.
        now: the present moment.
    """

    meeting: Meeting
    actor: Actor
    standing: Standing
    now: datetime

    @property
    def may_keep_list(self) -> bool:
        """Whether the person keeps the list."""
        return policy.can_keep_list(self.actor, self.standing)

    @property
    def may_check_in(self) -> bool:
        """Whether the person may say that they are there."""
        known = queries.attendance_of(self.meeting.id, self.actor.user_id) is not None
        is_invited = known or is_invited_proxy(self.meeting.id, self.actor)
        return policy.can_check_in(self.actor, self.standing, is_invited=is_invited)

    @property
    def is_hidden(self) -> bool:
        """Whether the person may not even know of the meeting."""
        return not can_view(self.actor, self.meeting, self.meeting.group, self.standing)


def load_door(meeting_id: uuid.UUID) -> Door:
    """The meeting with the person of this request.

    Raises:
        NotFound: there is no such meeting.
    """
    now, actor = clock.now(), current_actor()
    meeting = get_meeting(meeting_id)
    return Door(meeting, actor, standing_of(actor, meeting.group_id, today(now)), now)
