"""The worker's part: remind organisers 3 and 7 days after a meeting whose minutes are missing."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import select

from matchmaker.core.actor import SYSTEM
from matchmaker.core.clock import today
from matchmaker.core.db import db
from matchmaker.core.domain_events import record
from matchmaker.notifications.service import mail_people, mail_secretariat
from matchmaker.working_groups.groups.queries import running_members
from matchmaker.working_groups.meetings.after.domain import LAST_REMINDED_AFTER, due_reminder
from matchmaker.working_groups.meetings.after.events import MinutesMissing
from matchmaker.working_groups.meetings.consequences import SUBJECT_KIND
from matchmaker.working_groups.meetings.domain import MeetingState
from matchmaker.working_groups.meetings.models import Meeting, Minutes
from matchmaker.working_groups.meetings.notices import full_title, meeting_when
from matchmaker.working_groups.meetings.queries import get_meeting

AT_ONCE = 500


def remind_of_missing_minutes(now: datetime) -> int:
    """Remind the organisers of each meeting that is due; gives the number of meetings.

    Published minutes stop the reminders, and so does a cancelled meeting. The mail's key holds the
    day of the meeting and of the reminder, so that each goes out once however often this runs.
    """
    done = 0
    for meeting_id in _candidates(now):
        meeting = get_meeting(meeting_id)
        days = due_reminder(meeting.ends_at, today(now))
        if days is not None and _remind(meeting, days, now):
            record(MinutesMissing(actor=SYSTEM, now=now, subject_id=meeting.id, days=days))
            done += 1
        db.session.commit()
    return done


def _remind(meeting: Meeting, days: int, now: datetime) -> int:
    """Mail those who run the group, or the secretariat where nobody does; gives the new mails."""
    context = {
        "meeting_title": full_title(meeting),
        "group_name": meeting.group.name,
        "when": meeting_when(meeting),
        "days": days,
        "minutes_path": f"/meetings/{meeting.id}/minutes",
    }
    key = f"minutes-missing:{meeting.id}:{today(meeting.starts_at)}:{days}"
    members = running_members(meeting.group_id, today(now))
    people = {member.user_id: member.user for member in members}
    if not people:
        return mail_secretariat("minutes-missing", context, key, meeting.id, now)
    return mail_people(
        people.values(), "minutes-missing", context, key, meeting.id, now,
        subject_kind=SUBJECT_KIND,
    )  # fmt: skip


def _candidates(now: datetime) -> Sequence[uuid.UUID]:
    """Meetings of the last weeks that took place and have no published minutes."""
    query = (
        select(Meeting.id)
        .outerjoin(Minutes, Minutes.meeting_id == Meeting.id)
        .where(
            Meeting.state.in_((MeetingState.ANNOUNCED, MeetingState.HELD)),
            Meeting.ends_at <= now,
            Meeting.ends_at > now - timedelta(days=LAST_REMINDED_AFTER + 1),
            Minutes.published_revision.is_(None),
        )
        .order_by(Meeting.ends_at, Meeting.id)
        .limit(AT_ONCE)
    )
    ids = db.session.scalars(query).all()
    db.session.commit()
    return ids
