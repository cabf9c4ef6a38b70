"""Who may open the pages of minutes, of the reception and of what comes after a meeting.

In the group the reader is an observer, the editor a member, the representative the chair. The group
and its meetings are for members of the partnership.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from matchmaker.core import clock
from matchmaker.core.actor import SYSTEM
from matchmaker.core.db import db
from matchmaker.working_groups.groups.domain import Visibility
from matchmaker.working_groups.groups.models import WorkingGroup
from matchmaker.working_groups.meetings.domain import MeetingData, MeetingMove
from matchmaker.working_groups.meetings.minutes import checking
from matchmaker.working_groups.meetings.minutes import service as minutes
from matchmaker.working_groups.meetings.models import Meeting, Minutes
from matchmaker.working_groups.meetings.queries import get_meeting
from matchmaker.working_groups.meetings.service import move_meeting, plan_meeting
from tests.architecture.access_rules import (
    EDITOR,
    OWNERS,
    REPRESENTATIVE,
    SECRETARIAT,
    VISITOR,
    Row,
    Statuses,
    Things,
    everyone,
    get,
    only,
    post,
)

CHECKED: dict[str, Any] = {"meeting_id": "checked_meeting_id"}
PUBLISHED: dict[str, Any] = {"meeting_id": "minuted_meeting_id"}
BARE: dict[str, Any] = {"meeting_id": "bare_meeting_id"}
PERSON: dict[str, Any] = {**CHECKED, "user_id": "reader_id"}
INSIDE = (*OWNERS, SECRETARIAT)
WRITING = (EDITOR, REPRESENTATIVE, SECRETARIAT)
RUNNING = (REPRESENTATIVE, SECRETARIAT)
MEMBERS: Statuses = {**everyone(), VISITOR: 401}


def _rows() -> Iterator[Row]:
    yield from _text()
    yield from _steps()
    yield from _reception()
    for endpoint in ("edit_recording", "new_survey"):
        yield get(f"meeting_records.{endpoint}", only(*RUNNING), **CHECKED)
    for endpoint in ("update_recording", "create_survey"):
        yield post(f"meeting_records.{endpoint}", only(*RUNNING, status=422), **CHECKED)


def _text() -> Iterator[Row]:
    for meeting in (CHECKED, PUBLISHED, BARE):
        yield get("minutes.show", MEMBERS, **meeting)
    yield post("minutes.create", only(*WRITING, status=302), **BARE)
    yield get("minutes.edit", only(*WRITING), **CHECKED)
    yield post("minutes.update", only(*WRITING, status=409), {"body": "別の文。"}, **CHECKED)
    yield post("minutes.autosave", only(*WRITING, status=409), {"body": "別の文。"}, **CHECKED)
    yield get("minutes.latest", only(*WRITING), **CHECKED)
    yield post("minutes.take", only(*WRITING, status=302), {"all": "1"}, **CHECKED)
    yield get("minutes.versions", only(*WRITING), **CHECKED)
    yield post("minutes.restore", only(*WRITING, status=302), number=1, **CHECKED)


def _steps() -> Iterator[Row]:
    yield get("minutes.settings", only(*RUNNING), **CHECKED)
    yield post("minutes.change_settings", only(*RUNNING, status=422), **CHECKED)
    yield get("minutes.new_check", only(*RUNNING), **CHECKED)
    yield post("minutes.ask", only(*RUNNING, status=422), **CHECKED)
    yield post("minutes.answer", only(EDITOR, status=422), **CHECKED)
    yield post("minutes.rework", only(*RUNNING, status=302), **CHECKED)
    yield get("minutes.new_publication", only(*RUNNING), **CHECKED)
    yield post("minutes.publish", only(*RUNNING, status=422), **CHECKED)
    yield get("minutes.new_correction", only(*RUNNING), **PUBLISHED)
    yield post("minutes.correct", only(*RUNNING, status=422), **PUBLISHED)


def _reception() -> Iterator[Row]:
    yield get("check_ins.index", only(*RUNNING), **CHECKED)
    yield get("check_ins.count", only(*RUNNING), **CHECKED)
    yield get("check_ins.code", only(*RUNNING), **CHECKED)
    yield post("check_ins.renew_code", only(*RUNNING, status=302), **CHECKED)
    yield post("check_ins.tick", only(*RUNNING, status=302), **PERSON)
    yield post("check_ins.untick", only(*RUNNING, status=302), **PERSON)
    yield get("check_ins.new", only(*INSIDE, status=422), **CHECKED)
    yield post("check_ins.create", only(*INSIDE, status=422), **CHECKED)
    yield get("check_ins.done", only(*INSIDE), **CHECKED)


ROWS: tuple[Row, ...] = tuple(_rows())


def add_things(world: Things) -> None:
    """Three meetings of today: minutes being checked by the editor, published ones, none."""
    group = db.session.get_one(WorkingGroup, world.ids["activity_group_id"])
    checked, minuted = _meeting(group, "確認中"), _meeting(group, "公開済み")
    asked = _minutes(checked)
    checking.ask_speakers(asked, [world.ids["editor_id"]], None, SYSTEM, clock.now())
    _publish(minuted, world.ids["editor_id"])
    world.ids.update(
        checked_meeting_id=checked.id,
        minuted_meeting_id=minuted.id,
        bare_meeting_id=_meeting(group, "まだない").id,
    )


def _meeting(group: WorkingGroup, title: str) -> Meeting:
    now = clock.now()
    data = MeetingData(
        title, now - timedelta(minutes=5), now + timedelta(hours=2), place="役場",
        visibility=Visibility.MEMBERS,
    )  # fmt: skip
    meeting = plan_meeting(group, data, SYSTEM, now - timedelta(days=30))
    move_meeting(meeting, MeetingMove.ANNOUNCE, "", SYSTEM, now - timedelta(days=29))
    return get_meeting(meeting.id)


def _minutes(meeting: Meeting) -> Minutes:
    begun = minutes.begin_minutes(meeting, SYSTEM, clock.now())
    text = "はじめの文。\n宿題：資料を作る\n"
    minutes.save_minutes(begun, text, begun.revision, SYSTEM, clock.now())
    return begun


def _publish(meeting: Meeting, speaker_id: uuid.UUID) -> None:
    """Published after the day for answers had passed in silence."""
    made, long_ago = _minutes(meeting), clock.now() - timedelta(days=30)
    checking.ask_speakers(made, [speaker_id], None, SYSTEM, long_ago)
    checking.publish(meeting, made, Visibility.MEMBERS, SYSTEM, clock.now())
