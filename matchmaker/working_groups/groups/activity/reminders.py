"""Reminders of tasks: three days before the last day and on the day after it, once each."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from matchmaker.accounts.models import User
from matchmaker.core.actor import Actor
from matchmaker.core.clock import now as present_moment
from matchmaker.core.clock import today
from matchmaker.core.db import db
from matchmaker.notifications.service import mail_people
from matchmaker.working_groups.groups.activity.domain import (
    REMINDED_BEFORE,
    REMINDED_UNTIL,
    reminder_day,
)
from matchmaker.working_groups.groups.domain import GroupState, TaskState
from matchmaker.working_groups.groups.models import GroupTask, WorkingGroup
from matchmaker.working_groups.groups.queries import running_members, standing_of

AT_ONCE = 2_000
SUBJECT_KIND = "groups:task"


def remind_of_tasks(now: datetime) -> int:
    """Write the reminders that are due to the owners, or to those who run the group.

    The latter get it when a task has no owner with an account, or the owner has left.

    Returns:
        How many mails were written.
    """
    sent = 0
    for task, group in _candidates(today(now)):
        sent += _remind(task, group, now)
    db.session.commit()
    return sent


def _candidates(day: date) -> Sequence[tuple[GroupTask, WorkingGroup]]:
    query = (
        select(GroupTask, WorkingGroup)
        .join(WorkingGroup, WorkingGroup.id == GroupTask.group_id)
        .where(
            GroupTask.state == TaskState.OPEN,
            GroupTask.due_on >= day - REMINDED_UNTIL - timedelta(days=1),
            GroupTask.due_on <= day + REMINDED_BEFORE,
            WorkingGroup.state != GroupState.CLOSED,
        )
        .options(joinedload(GroupTask.owner))
        .order_by(GroupTask.due_on, GroupTask.id)
        .limit(AT_ONCE)
    )
    return [(row[0], row[1]) for row in db.session.execute(query)]


def _remind(task: GroupTask, group: WorkingGroup, now: datetime) -> int:
    day = today(now)
    due_on = task.due_on
    which = reminder_day(due_on, day) if due_on else None
    if due_on is None or which is None:
        return 0
    context = {
        "task": task,
        "group": group,
        "owner": task.owner.name if task.owner else task.owner_name,
        "is_late": due_on < day,
        "days_left": (due_on - day).days,
    }
    key = f"group-task:{task.id}:{due_on}:{which}"
    people = _recipients(task, day)
    return mail_people(
        people, "group-task-due", context, key, task.id, now, subject_kind=SUBJECT_KIND
    )


def _recipients(task: GroupTask, day: date) -> list[User]:
    owner = task.owner
    if owner is not None and owner.active and _belongs(owner.id, task.group_id, day):
        return [owner]
    runners = {member.user_id: member.user for member in running_members(task.group_id, day)}
    return list(runners.values())


def still_concerned(user_id: uuid.UUID, task_id: uuid.UUID) -> bool:
    """Asked just before a mail goes out: whether the task is still open and the person there."""
    task = db.session.get(GroupTask, task_id)
    if task is None or task.state is not TaskState.OPEN:
        return False
    return _belongs(user_id, task.group_id, today(present_moment()))


def _belongs(user_id: uuid.UUID, group_id: uuid.UUID, day: date) -> bool:
    return standing_of(Actor(user_id=user_id), group_id, day).belongs
