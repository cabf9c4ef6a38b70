"""What every page of minutes begins with: the meeting, its minutes, the person, the moment."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

from matchmaker.core import clock
from matchmaker.core.access import authorize, current_actor
from matchmaker.core.actor import Actor
from matchmaker.core.clock import today
from matchmaker.core.errors import NotFound
from matchmaker.working_groups.groups.models import WorkingGroup
from matchmaker.working_groups.groups.policy import Standing
from matchmaker.working_groups.groups.queries import standing_of
from matchmaker.working_groups.meetings.domain import MinutesState
from matchmaker.working_groups.meetings.minutes import policy, queries
from matchmaker.working_groups.meetings.models import Meeting, Minutes
from matchmaker.working_groups.meetings.policy import can_view
from matchmaker.working_groups.meetings.queries import get_meeting, is_invited_proxy


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page stands.

    Args:
        meeting: with its group and agenda.
        minutes: if somebody began them.
        actor: who looks at the page.
        standing: the person's present roles in the group.
        is_asked: whether the person is one of the speakers who check the text now.
        now: the present moment.
    """

    meeting: Meeting
    minutes: Minutes | None
    actor: Actor
    standing: Standing
    is_asked: bool
    now: datetime

    @property
    def group(self) -> WorkingGroup:
        """The group that met."""
        return self.meeting.group

    @property
    def begun(self) -> Minutes:
        """The minutes.

        Raises:
            NotFound: nobody began them.
        """
        if self.minutes is None:
            raise NotFound("議事録は、まだ書き始められていません。")
        return self.minutes

    @property
    def may_write(self) -> bool:
        """Whether the person may write the minutes."""
        return policy.can_write(self.actor, self.group, self.standing, self.meeting.state)

    @property
    def may_run(self) -> bool:
        """Whether the person leads the minutes to publication."""
        return policy.can_run(self.actor, self.standing, self.meeting.state)

    @property
    def reads_draft(self) -> bool:
        """Whether the person reads what is being written."""
        return policy.can_read_draft(self.actor, self.standing, is_asked=self.is_asked)

    @property
    def reads_published(self) -> bool:
        """Whether there is a published text that the person reads."""
        return self.minutes is not None and policy.can_read_published(
            self.actor, self.minutes, self.standing
        )

    @property
    def may_open(self) -> bool:
        """Whether the page is opened at all: by readers, and by those who know of the meeting."""
        if self.reads_published or self.reads_draft:
            return True
        is_proxy = is_invited_proxy(self.meeting.id, self.actor)
        return can_view(self.actor, self.meeting, self.group, self.standing, is_proxy=is_proxy)

    @property
    def is_writable(self) -> bool:
        """Whether the text may be changed now."""
        is_open = self.minutes is not None and self.minutes.state is not MinutesState.PUBLISHED
        return is_open and self.may_write


def load_place(meeting_id: uuid.UUID) -> Place:
    """The minutes of a meeting with the person of this request.

    Raises:
        NotFound: there is no such meeting.
    """
    now, actor = clock.now(), current_actor()
    meeting = get_meeting(meeting_id)
    minutes = queries.minutes_of(meeting.id)
    standing = standing_of(actor, meeting.group_id, today(now))
    is_asked = queries.is_asked(minutes, actor.user_id)
    return Place(meeting, minutes, actor, standing, is_asked, now)


def writing_place(meeting_id: uuid.UUID) -> Place:
    """The minutes for somebody who may write them; to others they do not exist."""
    place = load_place(meeting_id)
    authorize(place.may_write, hidden=not place.may_open)
    return place


def running_place(meeting_id: uuid.UUID) -> Place:
    """The minutes for an organiser."""
    place = load_place(meeting_id)
    authorize(place.may_run, hidden=not place.may_open)
    return place
