"""The agenda, the checklist and the materials of a meeting that is planned."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask import Flask

from matchmaker.core.actor import SYSTEM
from matchmaker.core.db import db, new_id
from matchmaker.core.errors import Conflict
from matchmaker.working_groups.groups.models import GroupDocument
from matchmaker.working_groups.meetings import agenda, notices, preparation, queries, service
from matchmaker.working_groups.meetings.agenda import AgendaLine
from tests.working_groups.meetings.planning_world import NOW, World, at, details, reloaded


@pytest.fixture(name="world")
def world_in_context(app: Flask) -> Iterator[World]:
    """A world within an application context."""
    world = World(app)
    with app.app_context():
        yield world


def test_the_checklist_moves_along_and_done_steps_stay(world: World) -> None:
    meeting = world.plan(announced=False)
    steps = {step.label: step for step in queries.steps_of(meeting.id)}
    experts = steps["有識者との日程調整"]
    assert str(experts.due_on) == "2026-11-10", "21 days before the first of December"
    materials = steps["資料案の送付（有識者・座長）"]
    preparation.mark_step(meeting, experts, done=True, actor=world.actor("chair"), now=NOW)
    service.change_meeting(
        meeting,
        details(starts_at=at("2026-12-15"), ends_at=at("2026-12-15", "16:00")),
        SYSTEM,
        NOW,
    )
    assert (str(experts.due_on), str(materials.due_on)) == ("2026-11-10", "2026-12-01")
    assert experts.done_by_name == "chair"


def test_materials_still_to_be_published_move_along(world: World) -> None:
    meeting = world.plan()
    moments = {
        "前": meeting.starts_at - timedelta(days=3),
        "後": meeting.ends_at,
        "済": NOW - timedelta(days=1),
    }
    for title, moment in moments.items():
        db.session.add(
            GroupDocument(
                group_id=world.group_id, meeting_id=meeting.id, title=title, created_at=NOW,
                visibility="group", publish_at=moment,
            )
        )  # fmt: skip
    db.session.flush()
    later = details(starts_at=at("2026-12-08"), ends_at=at("2026-12-08", "17:00"))
    service.change_meeting(meeting, later, SYSTEM, NOW)
    found = {each.title: each.publish_at for each in db.session.query(GroupDocument)}
    assert found == {
        "前": at("2026-12-05"),
        "後": at("2026-12-08", "17:00"),
        "済": NOW - timedelta(days=1),
    }


def test_an_agenda_that_is_too_long_says_by_how_much(world: World) -> None:
    meeting = world.plan()
    agenda.save_agenda(
        meeting, [AgendaLine("報告", 100), AgendaLine("自由討議"), AgendaLine("閉会", 30)],
        SYSTEM, NOW,
    )  # fmt: skip
    assert notices.overrun_of(meeting) == 10
    assert [each.clock for each in notices.timetable(meeting)] == ["14:00〜15:40", "15:40〜", ""]


def test_items_keep_their_identity_when_the_agenda_changes(world: World) -> None:
    meeting = world.plan()
    agenda.save_agenda(meeting, [AgendaLine("一"), AgendaLine("二")], SYSTEM, NOW)
    first, second = meeting.agenda
    lines = [AgendaLine("二を先に", item_id=second.id), AgendaLine("三")]
    agenda.save_agenda(meeting, lines, SYSTEM, NOW)
    db.session.commit()
    stored = reloaded(meeting.id).agenda
    assert [item.title for item in stored] == ["二を先に", "三"]
    assert stored[0].id == second.id
    assert first.id not in {item.id for item in stored}


def test_the_last_agenda_is_copied_into_an_empty_one_only(world: World) -> None:
    first = world.plan()
    agenda.save_agenda(first, [AgendaLine("開会", 5), AgendaLine("閉会", 5)], SYSTEM, NOW)
    second = world.plan(round=2, starts_at=at("2027-01-12"), ends_at=at("2027-01-12", "16:00"))
    assert agenda.copy_last_agenda(second, SYSTEM, NOW) == 2
    assert [item.title for item in second.agenda] == ["開会", "閉会"]
    with pytest.raises(Conflict):
        agenda.copy_last_agenda(second, SYSTEM, NOW)


def test_a_speaker_is_of_the_group_or_goes_by_name(world: World) -> None:
    meeting = world.plan()
    lines = [
        AgendaLine("報告", speaker_id=world.users["member"]),
        AgendaLine("講演", speaker_id=world.users["outsider"], speaker_name="山田"),
        AgendaLine("質疑", speaker_id=new_id()),
    ]
    agenda.save_agenda(meeting, lines, SYSTEM, NOW)
    assert [each.speaker for each in notices.timetable(meeting)] == ["member", "山田", ""]
