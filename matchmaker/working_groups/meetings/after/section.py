"""What the page of a meeting shows of the day itself and of what came after."""

from __future__ import annotations

from dataclasses import dataclass

from matchmaker.core import clock
from matchmaker.core.access import current_actor
from matchmaker.core.clock import today
from matchmaker.working_groups.groups.queries import standing_of
from matchmaker.working_groups.meetings.after.policy import can_see_recording
from matchmaker.working_groups.meetings.check_in.domain import is_open, list_is_open
from matchmaker.working_groups.meetings.check_in.loading import Door
from matchmaker.working_groups.meetings.check_in.queries import Presence, presence_of
from matchmaker.working_groups.meetings.domain import MeetingState, MinutesState
from matchmaker.working_groups.meetings.minutes import policy, queries
from matchmaker.working_groups.meetings.models import Meeting, Minutes


@dataclass(frozen=True, slots=True)
class AfterMeeting:
    """What there is and what the person may do.

    Args:
        minutes: if somebody began them.
        minutes_word: where they stand, for the person who looks; empty when nothing is shown.
        may_write: whether the person may begin or write the minutes.
        waits_for_me: whether the person is asked to check the text.
        sees_recording: whether the recording's address is shown.
        may_run: whether the person keeps the list and sets the recording.
        presence: how many are there; for organisers from the day of the meeting on.
        shows_code: whether the QR code works now.
    """

    minutes: Minutes | None
    minutes_word: str
    may_write: bool
    waits_for_me: bool
    sees_recording: bool
    may_run: bool
    presence: Presence | None
    shows_code: bool

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to show."""
        return not (self.minutes_word or self.may_write or self.sees_recording or self.may_run)


def after_meeting(meeting: Meeting) -> AfterMeeting:
    """All of it for the person of this request.

    Args:
        meeting: with its group.
    """
    now, actor = clock.now(), current_actor()
    door = Door(meeting, actor, standing_of(actor, meeting.group_id, today(now)), now)
    minutes = queries.minutes_of(meeting.id)
    is_asked = queries.is_asked(minutes, actor.user_id)
    has_list = door.may_keep_list and list_is_open(meeting.state, meeting.starts_at, now)
    is_cancelled = meeting.state is MeetingState.CANCELLED
    return AfterMeeting(
        minutes=minutes,
        minutes_word=_minutes_word(door, minutes, is_asked),
        may_write=policy.can_write(actor, meeting.group, door.standing, meeting.state),
        waits_for_me=is_asked,
        sees_recording=can_see_recording(actor, meeting, door.standing),
        may_run=door.may_keep_list and not is_cancelled,
        presence=presence_of(meeting.id) if has_list else None,
        shows_code=has_list and is_open(meeting.state, meeting.starts_at, meeting.ends_at, now),
    )


def _minutes_word(door: Door, minutes: Minutes | None, is_asked: bool) -> str:
    """Where the minutes stand, in words; observers hear of them once they are published."""
    if minutes is None:
        return ""
    if policy.can_read_draft(door.actor, door.standing, is_asked=is_asked):
        if minutes.state is MinutesState.DRAFT and minutes.published_revision is not None:
            return "訂正中"
        return WORDS[minutes.state]
    if policy.can_read_published(door.actor, minutes, door.standing):
        return WORDS[MinutesState.PUBLISHED]
    return ""


WORDS = {
    MinutesState.DRAFT: "下書き",
    MinutesState.CHECKING: "発言者が確認中",
    MinutesState.PUBLISHED: "公開済み",
}
