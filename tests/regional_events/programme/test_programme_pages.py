"""Sessions over HTTP: writing, changing places, warnings, what others see."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask

from matchmaker.core.clock import JST, start_of_day, today
from matchmaker.core.db import db
from matchmaker.regional_events.planning.programme.models import ProgrammeSession
from matchmaker.regional_events.planning.programme.queries import programme_of
from matchmaker.regional_events.planning.queries import get_event
from tests.regional_events.programme.planner_world import MEMBER, PLANNER, PlannerWorld

NEW = "/programme/sessions/new"


def at(world: PlannerWorld, clock: str, days: int = 0) -> datetime:
    """A time of day in Japan on the (first) day of the event."""
    hours, minutes = map(int, clock.split(":"))
    midnight = start_of_day(today(world.starts_at) + timedelta(days=days))
    return midnight + timedelta(hours=hours, minutes=minutes)


def build(app: Flask, days: int = 0) -> PlannerWorld:
    """An event from 13:00 to 17:00 a month ahead (ending some days later)."""
    world = PlannerWorld(app)
    with app.app_context():
        event = get_event(world.event_id)
        event.starts_at, event.ends_at = at(world, "13:00"), at(world, "17:00", days)
        world.starts_at = event.starts_at
        db.session.commit()
    return world


@pytest.fixture(name="world")
def planner_world(app: Flask) -> PlannerWorld:
    return build(app)


def sessions_of(world: PlannerWorld) -> list[ProgrammeSession]:
    with world.app.app_context():
        return list(programme_of(world.event_id))


def add(world: PlannerWorld, title: str, starts: str, ends: str, **more: Any) -> ProgrammeSession:
    values = {"title": title, "starts": starts, "ends": ends, **more}
    answer = world.client(PLANNER).post(world.path(NEW), data=values)
    assert answer.status_code == 302, answer.text
    return next(each for each in sessions_of(world) if each.title == title)


def times(world: PlannerWorld) -> list[tuple[str, str, str]]:
    return [
        (
            each.title,
            f"{each.starts_at.astimezone(JST):%H:%M}",
            f"{each.ends_at.astimezone(JST):%H:%M}",
        )
        for each in sessions_of(world)
    ]


def test_an_event_of_one_day_asks_times_only(world: PlannerWorld) -> None:
    form = world.client(PLANNER).get(world.path(NEW)).text
    assert 'name="starts"' in form
    assert 'name="day-year"' not in form
    session = add(world, "開会", "１３：００", "13時30分", room="大ホール", takes_questions="y")
    assert session.starts_at == at(world, "13:00")
    assert (session.room, session.takes_questions) == ("大ホール", True)


def test_an_event_of_several_days_asks_the_day_in_either_calendar(app: Flask) -> None:
    world = build(app, days=2)
    form = world.client(PLANNER).get(world.path(NEW)).text
    assert 'name="day-year"' in form
    second = today(world.starts_at) + timedelta(days=1)
    era = {"day-year": f"令和{second.year - 2018}", "day-month": str(second.month),
           "day-day": str(second.day)}  # fmt: skip
    session = add(world, "二日目", "9:00", "10:00", **era)
    assert session.starts_at == at(world, "9:00", 1)
    night = add(world, "夜の部", "23:00", "1:00", **era)
    assert night.ends_at == at(world, "1:00", 2)
    page = world.client().get(world.path()).text
    assert "翌日1:00" in page
    assert world.client().get(world.path("/print")).text.count("二日目") == 1


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"title": ""}, "題名を入れてください。"),
        ({"starts": "朝"}, "時刻を、9:30や17:00のように"),
        ({"ends": "25:00"}, "時刻を、9:30や17:00のように"),
        ({"ends": "13:00"}, "終わりは、始まりより後に"),
        ({"day-year": "x", "day-month": "1", "day-day": "1"}, "日付を、2027年4月1日や"),
        (
            {"appearances-0-speaker_id": "00000000-0000-0000-0000-000000000000"},
            "一覧から選び直して",
        ),
    ],
)
def test_what_cannot_be_is_told_and_nothing_typed_is_lost(
    world: PlannerWorld, typed: dict[str, str], words: str
) -> None:
    values = {"title": "対談", "starts": "13:00", "ends": "14:00", "room": "第二会議室", **typed}
    answer = world.client(PLANNER).post(world.path(NEW), data=values)
    assert answer.status_code == 422
    assert words in answer.text
    assert "第二会議室" in answer.text
    assert sessions_of(world) == []


def test_more_rows_come_by_a_button_and_save_nothing(world: PlannerWorld) -> None:
    values = {"title": "対談", "add_rows": "1"}
    answer = world.client(PLANNER).post(world.path(NEW), data=values)
    assert answer.status_code == 200
    assert sessions_of(world) == []


def test_neighbours_change_places_and_keep_their_lengths(world: PlannerWorld) -> None:
    add(world, "開会", "13:00", "13:10")
    talk = add(world, "講演", "13:20", "14:20")
    path = world.path(f"/programme/sessions/{talk.id}/moves")
    world.client(PLANNER).post(path, data={"direction": "up"})
    assert times(world) == [("講演", "13:00", "14:00"), ("開会", "14:10", "14:20")]
    world.client(PLANNER).post(path, data={"direction": "up"})
    world.client(PLANNER).post(path, data={"direction": "sideways"})
    assert [title for title, *_rest in times(world)] == ["講演", "開会"]


def test_of_two_at_the_same_moment_only_the_order_changes(world: PlannerWorld) -> None:
    add(world, "分科会A", "14:00", "15:00", room="A")
    second = add(world, "分科会B", "14:00", "15:00", room="B")
    path = world.path(f"/programme/sessions/{second.id}/moves")
    world.client(PLANNER).post(path, data={"direction": "up"})
    assert times(world) == [("分科会B", "14:00", "15:00"), ("分科会A", "14:00", "15:00")]


def test_overlapping_sessions_do_not_change_places(world: PlannerWorld) -> None:
    add(world, "長い講演", "13:00", "15:00")
    other = add(world, "見学", "14:00", "15:00")
    path = world.path(f"/programme/sessions/{other.id}/moves")
    answer = world.client(PLANNER).post(path, data={"direction": "up"}, follow_redirects=True)
    assert "時間の重なるセッションは、入れ替えられません" in answer.text


def test_warnings_do_not_refuse(world: PlannerWorld) -> None:
    add(world, "早い受付", "12:00", "13:00")
    add(world, "講演", "14:00", "15:00", room="大ホール")
    add(world, "対談", "14:30", "18:00", room="大ホール")
    page = world.client(PLANNER).get(world.path("/programme")).text
    assert "イベントの始まりより前に始まります。" in page
    assert "イベントの終わりより後に終わります。" in page
    assert "「講演」と、同じ部屋（大ホール）で時間が重なっています。" in page
    assert "重なっています" not in world.client().get(world.path()).text


def test_one_after_the_other_in_a_room_is_no_clash(world: PlannerWorld) -> None:
    add(world, "講演", "14:00", "15:00", room="大ホール")
    add(world, "対談", "15:00", "16:00", room="大ホール")
    assert "重なって" not in world.client(PLANNER).get(world.path("/programme")).text


def test_two_tabs_do_not_write_over_each_other(world: PlannerWorld) -> None:
    session = add(world, "講演", "14:00", "15:00")
    path = world.path(f"/programme/sessions/{session.id}/edit")
    values = {"starts": "14:00", "ends": "15:00", "revision": "1"}
    client = world.client(PLANNER)
    assert client.post(path, data={**values, "title": "A"}).status_code == 302
    answer = client.post(path, data={**values, "title": "Bのつもり"})
    assert answer.status_code == 422
    assert "Bのつもり" in answer.text
    assert [each.title for each in sessions_of(world)] == ["A"]


def test_a_session_is_removed_by_the_planner_only(world: PlannerWorld) -> None:
    session = add(world, "講演", "14:00", "15:00")
    path = world.path(f"/programme/sessions/{session.id}/deletions")
    assert world.client(MEMBER).post(path).status_code == 403
    assert world.client(PLANNER).post(path).status_code == 302
    assert sessions_of(world) == []
    assert world.client(PLANNER).post(path).status_code == 404


def test_hostile_words_stay_words(world: PlannerWorld) -> None:
    add(world, "<script>alert(1)</script>", "14:00", "15:00", room='"><img src=x>')
    page = world.client().get(world.path()).text
    assert "&lt;script&gt;alert(1)" in page
    assert "<img src=x>" not in page
