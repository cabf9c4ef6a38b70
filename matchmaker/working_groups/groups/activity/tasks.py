"""Commands on a group's tasks. They flush and record events."""

from __future__ import annotations

import uuid
from datetime import date, datetime

from matchmaker.accounts.models import User
from matchmaker.core.actor import Actor
from matchmaker.core.clock import today
from matchmaker.core.db import db
from matchmaker.core.domain_events import record
from matchmaker.core.errors import Conflict, ProductError
from matchmaker.working_groups.groups.activity.domain import (
    TASK_STATES,
    TaskData,
    TaskMove,
    checked_reason,
)
from matchmaker.working_groups.groups.activity.events import TaskMoved, TaskSaved
from matchmaker.working_groups.groups.activity.posts import CHANGED_MEANWHILE
from matchmaker.working_groups.groups.domain import TaskState
from matchmaker.working_groups.groups.models import GroupTask, WorkingGroup
from matchmaker.working_groups.groups.queries import present_members

NO_MEMBER = "担当者は、いまこのWGに参加している人から選んでください。"


def add_task(
    group: WorkingGroup,
    title: str,
    actor: Actor,
    now: datetime,
    *,
    owner: User | None = None,
    owner_name: str = "",
    due_on: date | None = None,
    meeting_id: uuid.UUID | None = None,
    note: str = "",
) -> GroupTask:
    """Add a task.

    Args:
        title: what is to be done.
        owner: who does it, a present member of the group.
        owner_name: who does it, when it is nobody with an account.
        due_on: last day.
        meeting_id: the meeting it was agreed on, if one.
        note: further words.

    Raises:
        ProductError: the title is missing, something is too long, or the owner is no member.
    """
    owner_id = owner.id if owner else None
    data = TaskData(title, note, owner_id, owner_name, due_on)
    return add_task_from(group, data, actor, now, meeting_id=meeting_id)


def add_task_from(
    group: WorkingGroup,
    data: TaskData,
    actor: Actor,
    now: datetime,
    *,
    meeting_id: uuid.UUID | None = None,
) -> GroupTask:
    """Add a task as :func:`add_task` does, from what a form gave."""
    task = GroupTask(
        group_id=group.id,
        meeting_id=meeting_id,
        state=TaskState.OPEN,
        revision=1,
        created_at=now,
        **_columns(_checked(group.id, data, None, now)),
    )
    db.session.add(task)
    db.session.flush()
    details = {"title": task.title, "new": True}
    record(TaskSaved(actor=actor, now=now, subject_id=task.id, group_id=group.id, details=details))
    return task


def change_task(
    task: GroupTask, data: TaskData, actor: Actor, now: datetime, *, expected_revision: int
) -> None:
    """Replace what a task says; nothing is recorded when nothing differs.

    An owner who has left the group meanwhile may stay as long as nobody else is chosen.

    Raises:
        Conflict: somebody else saved it meanwhile.
        ProductError: the title is missing, something is too long, or the owner is no member.
    """
    _check_revision(task, expected_revision)
    columns = _columns(_checked(task.group_id, data, task.owner_id, now))
    changed = [name for name, value in columns.items() if getattr(task, name) != value]
    if not changed:
        return
    for name in changed:
        setattr(task, name, columns[name])
    task.revision += 1
    db.session.flush()
    details = {"fields": changed}
    record(
        TaskSaved(actor=actor, now=now, subject_id=task.id, group_id=task.group_id, details=details)
    )


def move_task(
    task: GroupTask, move: TaskMove, actor: Actor, now: datetime, *, reason: str = ""
) -> None:
    """Finish, drop or open a task again.

    Raises:
        IllegalMove: the state does not allow it.
        ProductError: a reason is needed and none was given.
    """
    db.session.refresh(task, with_for_update=True)
    before = task.state
    task.state = TASK_STATES.check(before, move, reason)
    task.state_reason = checked_reason(reason) if reason.strip() else ""
    task.done_at = now if task.state is TaskState.DONE else None
    task.revision += 1
    db.session.flush()
    details = {"title": task.title, "from": before.value, "state": task.state.value}
    record(
        TaskMoved(
            actor=actor, now=now, subject_id=task.id, group_id=task.group_id,
            reason=task.state_reason, details=details,
        )
    )  # fmt: skip


def _checked(
    group_id: uuid.UUID, data: TaskData, present_owner: uuid.UUID | None, now: datetime
) -> TaskData:
    data = data.cleaned()
    if data.owner_id is not None and data.owner_id != present_owner:
        members = present_members(group_id, today(now))
        if data.owner_id not in {member.user_id for member in members}:
            raise ProductError(NO_MEMBER, "owner")
    return data


def _columns(data: TaskData) -> dict[str, object]:
    name = "" if data.owner_id is not None else data.owner_name
    return {
        "title": data.title,
        "note": data.note,
        "owner_id": data.owner_id,
        "owner_name": name,
        "due_on": data.due_on,
    }


def _check_revision(task: GroupTask, expected: int) -> None:
    db.session.refresh(task, with_for_update=True)
    if task.revision != expected:
        raise Conflict(CHANGED_MEANWHILE)
