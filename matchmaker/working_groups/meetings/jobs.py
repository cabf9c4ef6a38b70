"""Work of the worker on meetings: reminders, and closing what is over.

Each asks "what is due?"; a reminder's key names the date it is about, so that it goes out once, and
again when the meeting has moved.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import Select, select

from matchmaker.core.actor import SYSTEM
from matchmaker.core.clock import today
from matchmaker.core.db import db
from matchmaker.notifications.service import mail_people, queue_mail, queue_mail_to_address
from matchmaker.working_groups.meetings import queries, service
from matchmaker.working_groups.meetings.consequences import SUBJECT_KIND, invited_users
from matchmaker.working_groups.meetings.domain import (
    ANSWER_LABELS,
    AttendanceAnswer,
    MeetingMove,
    MeetingState,
    due_answer_reminder,
    is_day_before,
)
from matchmaker.working_groups.meetings.models import Attendance, Meeting
from matchmaker.working_groups.meetings.notices import notice_facts

AT_ONCE = 500
REMINDED_WITHIN = timedelta(days=8)
HELD_WITHIN = timedelta(days=1)
COMING = frozenset({AttendanceAnswer.ON_SITE, AttendanceAnswer.ONLINE})


def remind_to_answer(now: datetime) -> int:
    """Remind those who have not answered 7 and 2 days before the deadline; gives the mails."""
    due = _announced().where(
        Meeting.answers_until > now, Meeting.answers_until <= now + REMINDED_WITHIN
    )
    return _each(due, now, _remind_silent)


def remind_of_tomorrow(now: datetime) -> int:
    """Remind those who come, proxies included, on the day before; gives the number of mails."""
    due = _announced().where(Meeting.starts_at > now, Meeting.starts_at <= now + timedelta(days=2))
    return _each(due, now, _remind_coming)


def close_held(now: datetime) -> int:
    """Count announced meetings as held once they are over; gives their number.

    One whose state was set by hand with a reason (「開催済みを取り消す」) is left to people.
    """
    due = _announced().where(
        Meeting.ends_at <= now, Meeting.ends_at > now - HELD_WITHIN, Meeting.state_reason == ""
    )
    return _each(due, now, _hold)


def _announced() -> Select[tuple[uuid.UUID]]:
    return select(Meeting.id).where(Meeting.state == MeetingState.ANNOUNCED).order_by(Meeting.id)


def _each(
    due: Select[tuple[uuid.UUID]], now: datetime, action: Callable[[Meeting, datetime], int]
) -> int:
    ids = db.session.scalars(due.limit(AT_ONCE)).all()
    db.session.commit()
    done = 0
    for meeting_id in ids:
        done += action(queries.get_meeting(meeting_id), now)
        db.session.commit()
    return done


def _remind_silent(meeting: Meeting, now: datetime) -> int:
    if meeting.answers_until is None or meeting.state is not MeetingState.ANNOUNCED:
        return 0
    days = due_answer_reminder(meeting.answers_until, meeting.notified_at or now, now)
    if days is None:
        return 0
    answered = {each.user_id for each in queries.attendances_of(meeting.id) if each.answer}
    silent = [user for user in invited_users(meeting, now) if user.id not in answered]
    key = f"meeting:{meeting.id}:answer-in-{days}:{today(meeting.answers_until)}"
    return mail_people(
        silent, "meeting-answer-reminder", notice_facts(meeting), key, meeting.id, now,
        subject_kind=SUBJECT_KIND,
    )  # fmt: skip


def _remind_coming(meeting: Meeting, now: datetime) -> int:
    if meeting.state is not MeetingState.ANNOUNCED or not is_day_before(meeting.starts_at, now):
        return 0
    invited = {user.id for user in invited_users(meeting, now)}
    return sum(
        _remind_one(meeting, each, now)
        for each in queries.attendances_of(meeting.id)
        if each.user_id in invited
    )


def _remind_one(meeting: Meeting, attendance: Attendance, now: datetime) -> bool:
    if attendance.answer is None:
        return False
    key = f"meeting:{meeting.id}:tomorrow:{meeting.starts_at.isoformat()}"
    context = {**notice_facts(meeting), "answer": ANSWER_LABELS[attendance.answer]}
    if attendance.answer in COMING:
        return queue_mail(
            attendance.user, "meeting-tomorrow", context, key, meeting.id, now,
            subject_kind=SUBJECT_KIND,
        )  # fmt: skip
    if attendance.answer is not AttendanceAnswer.PROXY:
        return False
    context["recipient_name"] = attendance.proxy_name
    return queue_mail_to_address(
        attendance.proxy_email, "meeting-tomorrow", context, f"{key}:proxy:{attendance.id}",
        meeting.id, now,
    )  # fmt: skip


def _hold(meeting: Meeting, now: datetime) -> int:
    service.move_meeting(meeting, MeetingMove.HOLD, "", SYSTEM, now)
    return 1
