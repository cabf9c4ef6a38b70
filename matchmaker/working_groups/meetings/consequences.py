"""Mail that follows from what happens to meetings (named in ``matchmaker/subscriptions.py``).

Only those who are admitted get these mails, so they carry the way into the online meeting; before
one is sent it is asked again whether the person is still admitted. The calendar file goes along.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from matchmaker.accounts.models import User
from matchmaker.core.calendar_files import calendar_file
from matchmaker.core.clock import today
from matchmaker.core.settings import current_settings
from matchmaker.notifications.service import mail_people, queue_mail_to_address
from matchmaker.working_groups.meetings import queries
from matchmaker.working_groups.meetings.calendar_entries import calendar_entry
from matchmaker.working_groups.meetings.domain import MeetingMove, MeetingState
from matchmaker.working_groups.meetings.events import (
    AttendanceAnswered,
    MeetingChanged,
    MeetingMoved,
)
from matchmaker.working_groups.meetings.models import Attendance, Meeting
from matchmaker.working_groups.meetings.notices import notice_facts

SUBJECT_KIND = "meetings:meeting"


def mail_about_move(event: MeetingMoved) -> None:
    """Tell all who are invited of the meeting, or that it will not take place."""
    meeting = queries.get_meeting(event.subject_id)
    if event.move is MeetingMove.ANNOUNCE:
        again = {"is_again": event.is_again}
        _mail_all(meeting, "meeting-announced", "announced", again, event.now)
    elif event.move is MeetingMove.CANCEL and event.old_state is MeetingState.ANNOUNCED:
        why = {"reason": event.reason}
        _mail_all(meeting, "meeting-cancelled", "cancelled", why, event.now)


def mail_about_change(event: MeetingChanged) -> None:
    """Tell all who were invited what is different now, old and new side by side."""
    meeting = queries.get_meeting(event.subject_id)
    if event.told and meeting.state is MeetingState.ANNOUNCED:
        _mail_all(meeting, "meeting-changed", "changed", {"changes": event.told}, event.now)


def mail_about_answer(event: AttendanceAnswered) -> None:
    """Send a new proxy the notice, and tell a former one that they are not sent any more."""
    meeting = queries.get_meeting(event.subject_id)
    attendance = queries.attendance_of(meeting.id, event.user_id)
    if attendance is None or meeting.state is not MeetingState.ANNOUNCED:
        return
    key = f"meeting:{meeting.id}:proxy:{attendance.id}:{event.now.isoformat()}"
    sender = {"sender_name": attendance.user.name}
    if event.former_proxy is not None:
        name, address = event.former_proxy
        context = {**notice_facts(meeting), **sender, "recipient_name": name}
        queue_mail_to_address(
            address, "meeting-proxy-released", context, f"{key}:released", meeting.id, event.now,
            calendar=_calendar(meeting, is_cancelled=True),
        )  # fmt: skip
    if event.has_new_proxy:
        queue_mail_to_address(
            attendance.proxy_email, "meeting-proxy",
            {**_proxy_context(meeting, attendance), **sender}, key, meeting.id, event.now,
            calendar=_calendar(meeting),
        )  # fmt: skip


def invited_users(meeting: Meeting, now: datetime) -> list[User]:
    """Everybody of the group, observers and experts included."""
    return [member.user for member in queries.invited_people(meeting.group_id, today(now))]


def _mail_all(
    meeting: Meeting, template: str, what: str, more: Mapping[str, Any], now: datetime
) -> None:
    """One mail to each person of the group and each proxy, for this version of the meeting."""
    key = f"meeting:{meeting.id}:{what}:{meeting.revision}"
    calendar = _calendar(meeting)
    context = {**notice_facts(meeting), **more}
    mail_people(
        invited_users(meeting, now), template, context, key, meeting.id, now,
        subject_kind=SUBJECT_KIND, calendar=calendar,
    )  # fmt: skip
    for attendance in queries.proxies_of(meeting.id):
        queue_mail_to_address(
            attendance.proxy_email, template, {**_proxy_context(meeting, attendance), **more},
            f"{key}:proxy:{attendance.id}", meeting.id, now, calendar=calendar,
        )  # fmt: skip


def _proxy_context(meeting: Meeting, attendance: Attendance) -> dict[str, Any]:
    """As for the others; whoever stands in for somebody is not asked for an answer."""
    return {
        **notice_facts(meeting),
        "recipient_name": attendance.proxy_name,
        "answers_until": "",
    }


def _calendar(meeting: Meeting, *, is_cancelled: bool = False) -> bytes:
    """The file that goes along; ``is_cancelled`` takes the meeting out of one person's calendar."""
    entry = calendar_entry(meeting, current_settings().resolved_public_url())
    return calendar_file([replace(entry, is_cancelled=entry.is_cancelled or is_cancelled)])
