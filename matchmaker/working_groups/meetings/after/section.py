"""What the page of a meeting shows of the day itself and of what came after."""

from __future__ import annotations

from dataclasses import dataclass

from matchmaker.working_groups.groups.sections import Section
from matchmaker.working_groups.meetings.after.policy import can_see_recording
from matchmaker.working_groups.meetings.check_in.domain import is_open, list_is_open
from matchmaker.working_groups.meetings.check_in.queries import (
    Presence,
    attendance_of,
    presence_of,
)
from matchmaker.working_groups.meetings.domain import (
    MINUTES_STATES,
    MeetingState,
    MinutesState,
)
from matchmaker.working_groups.meetings.loading import OpenMeeting
from matchmaker.working_groups.meetings.minutes import policy, queries
from matchmaker.working_groups.meetings.models import Minutes


@dataclass(frozen=True, slots=True)
class AfterMeeting:
    """What there is and what the person may do.

    Args:
        minutes: if somebody began them.
        minutes_word: where they stand, for the person who looks; empty when nothing is shown.
        may_write: whether the person may begin or write the minutes.
        waits_for_me: whether the person is asked to check the text.
        sees_recording: whether the recording's address is shown.
        sees_survey: whether the survey's link is shown: to those who were there and organisers.
        may_run: whether the person keeps the list and sets the recording.
        presence: how many are there; for organisers from the day of the meeting on.
        shows_code: whether the QR code works now.
    """

    minutes: Minutes | None
    minutes_word: str
    may_write: bool
    waits_for_me: bool
    sees_recording: bool
    sees_survey: bool
    may_run: bool
    presence: Presence | None
    shows_code: bool

    @property
    def title(self) -> str:
        """Heading; only those who keep the list read of the reception."""
        return "当日の受付と記録" if self.may_run else "会合の記録"

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to show."""
        return not (self.minutes_word or self.may_write or self.sees_recording or self.may_run)


def section_of(opened: OpenMeeting) -> Section | None:
    """The part of a meeting's page, or None when there is nothing to show."""
    after = after_meeting(opened)
    if after.is_empty:
        return None
    return Section("minutes/_section.html", {"after": after}, after.title, "after-meeting")


def after_meeting(opened: OpenMeeting) -> AfterMeeting:
    """All of it for the person who looks at the meeting's page."""
    meeting, actor, now = opened.meeting, opened.actor, opened.now
    minutes = queries.minutes_of(meeting.id)
    is_asked = queries.is_asked(minutes, actor.user_id)
    has_list = opened.runs and list_is_open(meeting.state, meeting.starts_at, now)
    return AfterMeeting(
        minutes=minutes,
        minutes_word=_minutes_word(opened, minutes, is_asked),
        may_write=policy.can_write(actor, meeting.group, opened.standing, meeting.state),
        waits_for_me=is_asked,
        sees_recording=can_see_recording(actor, meeting, opened.standing),
        may_run=opened.runs and meeting.state in (MeetingState.ANNOUNCED, MeetingState.HELD),
        sees_survey=meeting.survey_id is not None and (opened.runs or was_there(opened)),
        presence=presence_of(meeting.id) if has_list else None,
        shows_code=has_list and is_open(meeting.state, meeting.starts_at, meeting.ends_at, now),
    )


def was_there(opened: OpenMeeting) -> bool:
    """Whether the person was ticked as present."""
    attendance = attendance_of(opened.meeting.id, opened.actor.user_id)
    return attendance is not None and attendance.attended_at is not None


def _minutes_word(opened: OpenMeeting, minutes: Minutes | None, is_asked: bool) -> str:
    """Where the minutes stand, in words; observers hear of them once they are published."""
    if minutes is None:
        return ""
    if policy.can_read_draft(opened.actor, opened.standing, is_asked=is_asked):
        if minutes.state is MinutesState.DRAFT and minutes.published_revision is not None:
            return "訂正中"
        return MINUTES_STATES.labels[minutes.state]
    if policy.can_read_published(opened.actor, minutes, opened.standing):
        return MINUTES_STATES.labels[MinutesState.PUBLISHED]
    return ""
