"""Who may open the pages of planning meetings.

In the group the reader is an observer, the editor a member, the representative the chair (see
``activity.py``). The group is for members of the partnership. One meeting is announced to all of
them, one is still being planned, one is for the group alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from matchmaker.core import clock
from matchmaker.core.actor import SYSTEM
from matchmaker.core.db import db
from matchmaker.working_groups.groups.domain import Visibility
from matchmaker.working_groups.groups.models import WorkingGroup
from matchmaker.working_groups.meetings.domain import MeetingData, MeetingMove
from matchmaker.working_groups.meetings.models import Meeting
from matchmaker.working_groups.meetings.queries import steps_of
from matchmaker.working_groups.meetings.service import move_meeting, plan_meeting
from tests.architecture.access_rules import (
    OWNERS,
    REPRESENTATIVE,
    SECRETARIAT,
    VISITOR,
    Row,
    Statuses,
    Things,
    everyone,
    get,
    hidden_except,
    only,
    post,
)

GROUP: dict[str, Any] = {"group_id": "activity_group_id"}
OPEN: dict[str, Any] = {"meeting_id": "open_meeting_id"}
INNER: dict[str, Any] = {"meeting_id": "inner_meeting_id"}
PLANNED: dict[str, Any] = {"meeting_id": "planned_meeting_id"}
INSIDE = (*OWNERS, SECRETARIAT)
RUNNING = (REPRESENTATIVE, SECRETARIAT)
MEMBERS: Statuses = {**everyone(), VISITOR: 401}


def _rows() -> Iterator[Row]:
    yield get("meetings.index", everyone())
    yield get("meetings.new", only(*RUNNING), **GROUP)
    yield post("meetings.create", only(*RUNNING, status=422), **GROUP)
    for page in ("show", "calendar"):
        yield get(f"meetings.{page}", MEMBERS, **OPEN)
        yield get(f"meetings.{page}", hidden_except(*INSIDE), **INNER)
        yield get(f"meetings.{page}", hidden_except(*RUNNING), **PLANNED)
    yield get("meetings.edit", only(*RUNNING), **OPEN)
    yield get("meetings.edit", hidden_except(*RUNNING), **PLANNED)
    yield post("meetings.update", only(*RUNNING, status=422), **OPEN)
    yield post("meetings.move", only(*RUNNING, status=302), {"move": "cancel"}, **OPEN)
    yield from _agenda()
    yield from _attendance()


def _agenda() -> Iterator[Row]:
    step: dict[str, Any] = {**OPEN, "step_id": "preparation_step_id"}
    yield get("meeting_agendas.edit", only(*RUNNING), **OPEN)
    yield post("meeting_agendas.update", only(*RUNNING, status=422), **OPEN)
    yield post("meeting_agendas.copy", only(*RUNNING, status=302), **OPEN)
    yield get("meeting_agendas.materials", only(*RUNNING), **OPEN)
    yield post("meeting_agendas.add_material", only(*RUNNING, status=422), **OPEN)
    yield post("meeting_agendas.add_step", only(*RUNNING, status=302), **OPEN)
    yield post("meeting_agendas.mark_step", only(*RUNNING, status=302), {"done": "1"}, **step)
    yield post("meeting_agendas.remove_step", only(*RUNNING, status=302), **step)


def _attendance() -> Iterator[Row]:
    person: dict[str, Any] = {**OPEN, "user_id": "reader_id"}
    # The secretariat is not of the group and is not asked.
    yield post("meeting_attendances.create", only(*OWNERS, status=422), **OPEN)
    yield post(
        "meeting_attendances.create", only(*OWNERS, status=302), {"answer": "absent"}, **OPEN
    )
    yield get("meeting_attendances.index", only(*RUNNING), **OPEN)
    yield get("meeting_attendances.export", only(*RUNNING), **OPEN)
    yield get("meeting_attendances.edit", only(*RUNNING), **person)
    yield post("meeting_attendances.update", only(*RUNNING, status=422), **person)


ROWS: tuple[Row, ...] = tuple(_rows())


def add_things(world: Things) -> None:
    """Three meetings three weeks ahead."""
    group = db.session.get_one(WorkingGroup, world.ids["activity_group_id"])
    opened = _meeting(group, "公開の会合", Visibility.MEMBERS)
    inner = _meeting(group, "内輪の会合", Visibility.GROUP)
    planned = _meeting(group, "準備中の会合", Visibility.MEMBERS)
    for meeting in (opened, inner):
        move_meeting(meeting, MeetingMove.ANNOUNCE, "", SYSTEM, clock.now())
    world.ids.update(
        open_meeting_id=opened.id,
        inner_meeting_id=inner.id,
        planned_meeting_id=planned.id,
        preparation_step_id=steps_of(opened.id)[0].id,
    )


def _meeting(group: WorkingGroup, title: str, visibility: Visibility) -> Meeting:
    now = clock.now()
    starts_at = now + timedelta(days=21)
    data = MeetingData(
        title, starts_at, starts_at + timedelta(hours=2), place="公民館", visibility=visibility
    )
    return plan_meeting(group, data, SYSTEM, now)
