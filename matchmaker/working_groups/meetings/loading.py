"""Loads a meeting for a page and asks whether the person may see it at all."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date, datetime

from matchmaker.core import clock
from matchmaker.core.access import authorize, current_actor
from matchmaker.core.actor import Actor
from matchmaker.working_groups.groups.models import WorkingGroup
from matchmaker.working_groups.groups.policy import Standing
from matchmaker.working_groups.groups.queries import standing_of
from matchmaker.working_groups.meetings import policy, queries
from matchmaker.working_groups.meetings.models import Meeting


@dataclass(frozen=True, slots=True)
class OpenMeeting:
    """A meeting that the person of this request may see.

    Args:
        meeting: with its group and agenda.
        actor: who asks.
        standing: the person's present roles in the group.
        is_proxy: whether somebody sends the person in their place.
        now: the moment of the request.
    """

    meeting: Meeting
    actor: Actor
    standing: Standing
    is_proxy: bool
    now: datetime

    @property
    def group(self) -> WorkingGroup:
        """The group that meets."""
        return self.meeting.group

    @property
    def today(self) -> date:
        """The day in Japan."""
        return clock.today(self.now)

    @property
    def runs(self) -> bool:
        """Whether the person organises the meeting."""
        return policy.can_run(self.actor, self.standing)

    @property
    def sees_link(self) -> bool:
        """Whether the way into the online meeting is shown."""
        return policy.can_see_link(self.actor, self.meeting, self.standing, is_proxy=self.is_proxy)

    @property
    def is_asked(self) -> bool:
        """Whether the person is asked to say if they come."""
        return policy.can_answer(self.actor, self.meeting, self.standing)


def open_meeting(meeting_id: uuid.UUID) -> OpenMeeting:
    """The meeting with what is known of the person who asks.

    Raises:
        NotFound: there is none, or the person may not know of it.
        Unauthorized: nobody is signed in and the meeting is not public.
    """
    now, actor = clock.now(), current_actor()
    meeting = queries.get_meeting(meeting_id)
    standing = standing_of(actor, meeting.group_id, clock.today(now))
    is_proxy = queries.is_invited_proxy(meeting.id, actor)
    allowed = policy.can_view(actor, meeting, meeting.group, standing, is_proxy=is_proxy)
    authorize(allowed, hidden=True)
    return OpenMeeting(meeting, actor, standing, is_proxy, now)


def open_to_run(meeting_id: uuid.UUID) -> OpenMeeting:
    """The meeting for those who organise it.

    Raises:
        NotFound: there is none, or the person may not know of it.
        NotAllowed: the person does not organise it.
    """
    opened = open_meeting(meeting_id)
    authorize(opened.runs)
    return opened
