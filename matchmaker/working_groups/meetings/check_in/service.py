"""Commands at the door: check in by QR, tick and untick by list, renew the code.

Pressing twice, or two people ticking at once, changes nothing: a row for each person is written at
most once, and presence is set only where it is not set yet.
"""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import insert, update

from matchmaker.core.actor import Actor
from matchmaker.core.clock import today
from matchmaker.core.db import db, new_id
from matchmaker.core.dialect import insert_or_skip
from matchmaker.core.domain_events import record
from matchmaker.core.errors import Conflict, NotAllowed, ProductError
from matchmaker.working_groups.groups.queries import present_members
from matchmaker.working_groups.meetings.check_in import queries
from matchmaker.working_groups.meetings.check_in.domain import (
    NOT_TODAY,
    WRONG_CODE,
    is_open,
    is_right_code,
    list_is_open,
    new_code,
)
from matchmaker.working_groups.meetings.check_in.events import (
    CheckedIn,
    CheckInCodeRenewed,
    CheckInUndone,
)
from matchmaker.working_groups.meetings.domain import CheckInWay
from matchmaker.working_groups.meetings.models import Attendance, Meeting

NOT_INVITED = "この人は、この会合の参加者ではありません。WGの参加者に加えてから受け付けてください。"


def check_in(meeting: Meeting, code: str, actor: Actor, now: datetime) -> bool:
    """Note that the person who read the QR code is there.

    The caller has asked the policy whether the person is admitted.

    Returns:
        Whether this is new; False when it was noted already.

    Raises:
        ProductError: the code is wrong or old (field ``code``).
        Conflict: it is not the day of the meeting, or the meeting is cancelled.
    """
    assert actor.user_id is not None  # noqa: S101 - the policy lets only people in
    if not is_right_code(code, meeting.check_in_code):
        raise ProductError(WRONG_CODE, "code")
    if not is_open(meeting.state, meeting.starts_at, meeting.ends_at, now):
        raise Conflict(NOT_TODAY)
    return _note(meeting, actor.user_id, CheckInWay.QR, actor, now)


def tick(meeting: Meeting, user_id: uuid.UUID, actor: Actor, now: datetime) -> bool:
    """Note from the list that somebody is there, walk-ins from the group included.

    Returns:
        Whether this is new.

    Raises:
        NotAllowed: the person neither belongs to the group nor answered the invitation.
        Conflict: the day has not come yet, or the meeting is cancelled.
    """
    _check_list_open(meeting, now)
    known = queries.attendance_of(meeting.id, user_id) is not None
    if not known and _organization_of(meeting, user_id, now) is NOBODY:
        raise NotAllowed(NOT_INVITED)
    return _note(meeting, user_id, CheckInWay.LIST, actor, now)


def untick(meeting: Meeting, user_id: uuid.UUID, actor: Actor, now: datetime) -> bool:
    """Take a tick back; a walk-in who never answered is off the list again.

    Returns:
        Whether there was something to take back.
    """
    _check_list_open(meeting, now)
    attendance = queries.attendance_of(meeting.id, user_id)
    if attendance is None or attendance.attended_at is None:
        return False
    if attendance.answer is None and attendance.answered_at is None:
        db.session.delete(attendance)
    else:
        attendance.attended_at = attendance.attended_way = None
    db.session.flush()
    record(CheckInUndone(actor=actor, now=now, subject_id=meeting.id, user_id=user_id))
    return True


def renew_code(meeting: Meeting, actor: Actor, now: datetime) -> None:
    """Replace the QR code; photographs of the old one are void."""
    meeting.check_in_code = new_code()
    db.session.flush()
    record(CheckInCodeRenewed(actor=actor, now=now, subject_id=meeting.id))


class _Nobody:
    """Marks a person who does not belong to the group."""


NOBODY = _Nobody()


def _organization_of(
    meeting: Meeting, user_id: uuid.UUID, now: datetime
) -> uuid.UUID | _Nobody | None:
    for member in present_members(meeting.group_id, today(now)):
        if member.user_id == user_id:
            return member.organization_id
    return NOBODY


def _note(
    meeting: Meeting, user_id: uuid.UUID, way: CheckInWay, actor: Actor, now: datetime
) -> bool:
    _ensure_row(meeting, user_id, now)
    statement = (
        update(Attendance)
        .where(
            Attendance.meeting_id == meeting.id,
            Attendance.user_id == user_id,
            Attendance.attended_at.is_(None),
        )
        .values(attended_at=now, attended_way=way)
        .execution_options(synchronize_session=False)
    )
    if db.session.execute(statement).rowcount != 1:  # type: ignore[attr-defined]
        return False
    details = {"way": way.value, "user_id": str(user_id)}
    record(CheckedIn(actor=actor, now=now, subject_id=meeting.id, user_id=user_id, details=details))
    return True


def _ensure_row(meeting: Meeting, user_id: uuid.UUID, now: datetime) -> None:
    organization = _organization_of(meeting, user_id, now)
    statement = insert(Attendance).values(
        id=new_id(),
        meeting_id=meeting.id,
        user_id=user_id,
        organization_id=None if isinstance(organization, _Nobody) else organization,
        answer=None,
        proxy_name="",
        proxy_email="",
        note="",
    )
    insert_or_skip(db.session(), statement, ["meeting_id", "user_id"])


def _check_list_open(meeting: Meeting, now: datetime) -> None:
    if not list_is_open(meeting.state, meeting.starts_at, now):
        raise Conflict("出席の記録は、会合の当日からできます。中止した会合ではできません。")
