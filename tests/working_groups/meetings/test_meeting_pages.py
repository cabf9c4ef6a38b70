"""Pages of meetings over HTTP: who sees what, forms, answers, files."""

from __future__ import annotations

import io
import uuid
from datetime import timedelta
from itertools import product
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from openpyxl import load_workbook
from sqlalchemy import select

from matchmaker.core import clock
from matchmaker.core.db import db
from matchmaker.working_groups.groups.domain import GroupState, Visibility
from matchmaker.working_groups.groups.models import GroupDocument
from matchmaker.working_groups.groups.queries import standing_of
from matchmaker.working_groups.meetings import policy, queries
from matchmaker.working_groups.meetings.attendance import Answer, answer_invitation
from matchmaker.working_groups.meetings.domain import AttendanceAnswer, MeetingMove, MeetingState
from matchmaker.working_groups.meetings.models import Meeting
from tests.working_groups.meetings.planning_world import IN_GROUP, LINK, PEOPLE, World, moved

EVERYBODY = ("visitor", *PEOPLE)
ORGANISERS = {"chair", "secretariat"}
ADMITTED = {*IN_GROUP, "secretariat", "proxy"}


@pytest.fixture(name="world")
def world_of(app: Flask) -> World:
    """A world over HTTP."""
    return World(app)


def typed(**changes: Any) -> dict[str, str]:
    """The form of a meeting as one fills it in, in Japan's calendar and wide digits."""
    year = clock.today(clock.now()).year + 1
    values = {
        "title": "現地視察", "round": "２", "place": "青空町", "visibility": "group",
        "starts_at-year": f"令和{year - 2018}", "starts_at-month": "２", "starts_at-day": "3",
        "starts_at-time": "１３：３０", "ends_at-time": "15時",
    }  # fmt: skip
    return {**values, **changes}


def send_proxy(world: World, meeting_id: uuid.UUID) -> None:
    """Let the member send the person without a role."""
    with world.app.app_context():
        given = Answer(AttendanceAnswer.PROXY, "代理 花子", "proxy@example.com")
        answer_invitation(
            queries.get_meeting(meeting_id), given, world.actor("member"), clock.now()
        )
        db.session.commit()


@pytest.mark.parametrize("state", list(MeetingState))
def test_the_link_is_seen_by_those_admitted_only(world: World, state: MeetingState) -> None:
    meeting_id = world.plan_for_pages(announced=state is not MeetingState.PLANNING,
                                      visibility=Visibility.PUBLIC)  # fmt: skip
    if state is not MeetingState.PLANNING:
        send_proxy(world, meeting_id)
    with world.app.app_context():
        meeting = queries.get_meeting(meeting_id)
        if state is MeetingState.CANCELLED:
            moved(meeting, MeetingMove.CANCEL, "大雪のため。")
        if state is MeetingState.HELD:
            moved(meeting, MeetingMove.HOLD, now=meeting.ends_at)
        db.session.commit()
    for name in EVERYBODY:
        client = world.client(name)
        page = client.get(f"/meetings/{meeting_id}")
        seen = name in ADMITTED if state is MeetingState.ANNOUNCED else name in ORGANISERS
        assert (LINK in page.text) is seen, f"{name} when {state}"
        for other in ("/meetings", f"/working-groups/{world.group_id}"):
            assert LINK not in client.get(other).text, f"{name} at {other}"
        if page.status_code == 200:
            file = client.get(f"/meetings/{meeting_id}/calendar").text
            assert LINK not in file.replace("\r\n ", "")


@pytest.mark.parametrize("group_visibility", list(Visibility))
def test_the_list_holds_what_the_policy_lets_see(app: Flask, group_visibility: Visibility) -> None:
    world = World(app, group_visibility)
    with app.app_context():
        kinds = product(Visibility, (True, False))
        for number, (visibility, announced) in enumerate(kinds, start=1):
            world.plan(round=number, visibility=visibility, announced=announced)
        for group_state in (GroupState.FORMING, GroupState.ACTIVE):
            world.group.state = group_state
            db.session.flush()
            assert_list_and_policy_agree(world)


def assert_list_and_policy_agree(world: World) -> None:
    now = clock.now() - timedelta(days=1)
    today = clock.today(clock.now())
    meetings = [queries.get_meeting(each) for each in db.session.scalars(select(Meeting.id))]
    for name in EVERYBODY:
        actor = world.actor(name)
        standing = standing_of(actor, world.group_id, today)
        expected = {
            m.id for m in meetings if policy.can_view(actor, m, m.group, standing)
        }  # fmt: skip
        listed = {
            m.id
            for past in (True, False)
            for m in queries.meetings_page(
                actor, queries.MeetingFilter(past=past), now, today, 1
            ).items
        }
        assert listed == expected, name


def test_a_meeting_is_planned_with_the_japanese_calendar_and_wide_digits(world: World) -> None:
    chair = world.client("chair")
    answer = chair.post(f"/working-groups/{world.group_id}/meetings/new", data=typed())
    assert answer.status_code == 302
    page = chair.get(answer.location).text
    year = clock.today(clock.now()).year + 1
    assert f"{year}年2月3日" in page
    assert "13:30〜15:00" in page
    assert "有識者との日程調整" in page


def test_what_is_wrong_is_told_at_its_field_and_nothing_typed_is_lost(world: World) -> None:
    chair = world.client("chair")
    data = typed(**{"ends_at-time": "12時", "online_url": "meet", "round": "二"})
    answer = chair.post(f"/working-groups/{world.group_id}/meetings/new", data=data)
    assert answer.status_code == 422
    assert "数字で入れてください" in answer.text
    assert 'value="１３：３０"' in answer.text
    data["round"] = "2"
    again = chair.post(f"/working-groups/{world.group_id}/meetings/new", data=data)
    assert "日をまたぐときは、終わりの日付を翌日に" in again.text
    assert "https:// で始まる" in again.text


def test_a_length_of_more_than_twelve_hours_is_asked(world: World) -> None:
    chair = world.client("chair")
    year = str(clock.today(clock.now()).year + 1)
    data = typed(**{"ends_at-year": year, "ends_at-month": "2", "ends_at-day": "4"})
    address = f"/working-groups/{world.group_id}/meetings/new"
    answer = chair.post(address, data=data)
    assert answer.status_code == 422
    assert "12時間を超えています" in answer.text
    assert chair.post(address, data={**data, "is_long": "y"}).status_code == 302


def test_two_tabs_do_not_overwrite_each_other(world: World) -> None:
    meeting_id = world.plan_for_pages()
    chair = world.client("chair")
    first = typed(revision="2", place="一の会議室", round="1")
    assert chair.post(f"/meetings/{meeting_id}/edit", data=first).status_code == 302
    second = {**first, "place": "二の会議室"}
    answer = chair.post(f"/meetings/{meeting_id}/edit", data=second)
    assert answer.status_code == 422
    assert "ほかの人がこの会合を変えました" in answer.text
    assert "二の会議室" in answer.text


def test_a_person_answers_and_changes_the_answer(world: World) -> None:
    meeting_id = world.plan_for_pages()
    member = world.client("member")
    address = f"/meetings/{meeting_id}/attendances"
    assert member.post(address, data={"answer": "on_site"}).status_code == 302
    assert "回答しました：会場で出席" in member.get(f"/meetings/{meeting_id}").text
    assert member.post(address, data={"answer": "absent"}).status_code == 302
    assert "回答しました：欠席" in member.get(f"/meetings/{meeting_id}").text


def test_a_proxy_without_address_is_asked_for_one(world: World) -> None:
    meeting_id = world.plan_for_pages()
    data = {"answer": "proxy", "proxy_name": "代理 花子"}
    answer = world.client("member").post(f"/meetings/{meeting_id}/attendances", data=data)
    assert answer.status_code == 422
    assert "代理の人のメールアドレスを確かめてください" in answer.text
    assert "代理 花子" in answer.text


def test_only_organisers_see_the_answers_of_others(world: World) -> None:
    meeting_id = world.plan_for_pages(visibility=Visibility.PUBLIC)
    send_proxy(world, meeting_id)
    for name in EVERYBODY:
        client = world.client(name)
        answer = client.get(f"/meetings/{meeting_id}/attendances")
        assert (answer.status_code == 200) is (name in ORGANISERS), name
        if name not in {*ORGANISERS, "member"}:
            assert "proxy@example.com" not in client.get(f"/meetings/{meeting_id}").text


def test_the_answers_come_as_a_table_for_excel(world: World) -> None:
    meeting_id = world.plan_for_pages()
    send_proxy(world, meeting_id)
    file = world.client("chair").get(f"/meetings/{meeting_id}/attendances/export")
    rows = list(load_workbook(io.BytesIO(file.data)).worksheets[0].values)
    assert rows[0][:4] == ("名前", "団体", "役割", "出欠")
    by_name = {row[0]: row for row in rows[1:]}
    assert by_name["member"][3:6] == ("代理が出席", "代理 花子", "proxy@example.com")
    assert by_name["observer"][3] == "未回答"


def test_an_organiser_registers_an_answer_by_telephone(world: World) -> None:
    meeting_id = world.plan_for_pages()
    chair = world.client("chair")
    address = f"/meetings/{meeting_id}/attendances/{world.users['expert']}"
    assert "expertさんの出欠" in chair.get(address).text
    assert chair.post(address, data={"answer": "online"}).status_code == 302
    assert "オンラインで出席" in chair.get(f"/meetings/{meeting_id}/attendances").text


def test_rows_of_the_agenda_are_ordered_added_and_emptied(world: World) -> None:
    meeting_id = world.plan_for_pages(announced=False)
    chair = world.client("chair")
    address = f"/meetings/{meeting_id}/agenda"
    data = {
        "revision": "1",
        "items-0-order": "2", "items-0-title": "意見交換", "items-0-minutes": "６０分",
        "items-1-order": "1", "items-1-title": "開会", "items-1-minutes": "5",
        "items-2-order": "3", "items-2-title": "", "items-2-minutes": "",
    }  # fmt: skip
    more = chair.post(address, data={**data, "add_rows": "1"})
    assert more.status_code == 200
    assert more.text.count("番目の議題") == 6
    assert chair.post(address, data=data).status_code == 302
    page = chair.get(f"/meetings/{meeting_id}").text
    assert page.index("開会") < page.index("意見交換")
    assert "14:05〜15:05" in page
    stale = chair.post(address, data=data)
    assert stale.status_code == 422
    assert "ほかの人がこの会合を変えました" in stale.text


def test_a_row_with_a_length_but_no_title_is_told(world: World) -> None:
    meeting_id = world.plan_for_pages(announced=False)
    data = {"revision": "1", "items-0-title": "", "items-0-minutes": "千"}
    answer = world.client("chair").post(f"/meetings/{meeting_id}/agenda", data=data)
    assert answer.status_code == 422
    assert "議題を入れてください" in answer.text
    assert 'value="千"' in answer.text


def test_a_material_is_published_three_days_before(world: World) -> None:
    meeting_id = world.plan_for_pages()
    chair, member = world.client("chair"), world.client("member")
    data = {
        "title": "資料1", "moment": "three_days_before", "visibility": "group",
        "file": (io.BytesIO("竹の量,10\n".encode()), "竹.csv"),
    }  # fmt: skip
    address = f"/meetings/{meeting_id}/materials"
    answer = chair.post(address, data=data, content_type="multipart/form-data")
    assert answer.status_code == 302
    assert "資料1" in chair.get(f"/meetings/{meeting_id}").text
    assert "資料1" not in member.get(f"/meetings/{meeting_id}").text
    with world.app.app_context():
        meeting = queries.get_meeting(meeting_id)
        document = db.session.scalars(select(GroupDocument)).one()
        assert document.publish_at == meeting.starts_at - timedelta(days=3)


def test_a_material_without_a_file_is_told(world: World) -> None:
    meeting_id = world.plan_for_pages()
    answer = world.client("chair").post(
        f"/meetings/{meeting_id}/materials", data={"title": "資料1", "moment": "now"}
    )
    assert answer.status_code == 422
    assert "ファイルを選んでください" in answer.text


def tick(client: FlaskClient, page: str, meeting_id: uuid.UUID) -> str:
    """Tick the first step of the checklist."""
    start = page.index("/preparation-steps/") + len("/preparation-steps/")
    step_id = page[start : start + 36]
    address = f"/meetings/{meeting_id}/preparation-steps/{step_id}"
    assert client.post(f"{address}/marks", data={"done": "1"}).status_code == 302
    return address


def test_steps_are_ticked_added_and_removed(world: World) -> None:
    meeting_id = world.plan_for_pages(announced=False)
    chair = world.client("chair")
    here = f"/meetings/{meeting_id}"
    address = tick(chair, chair.get(here).text, meeting_id)
    assert "済みを取り消す" in chair.get(here).text
    assert chair.post(f"{address}/deletions").status_code == 302
    assert "済みを取り消す" not in chair.get(here).text
    chair.post(f"{here}/preparation-steps", data={"label": "弁当の手配"})
    assert "弁当の手配" in chair.get(here).text
    other = world.plan_for_pages(announced=False, round=2)
    wrong = address.replace(str(meeting_id), str(other))
    assert chair.post(f"{wrong}/marks", data={"done": "1"}).status_code == 404


def test_a_refused_step_is_told_on_the_page(world: World) -> None:
    meeting_id = world.plan_for_pages()
    chair = world.client("chair")
    answer = chair.post(
        f"/meetings/{meeting_id}/moves", data={"move": "hold"}, follow_redirects=True
    )
    assert "まだ始まっていません" in answer.text
    assert chair.post(f"/meetings/{meeting_id}/moves", data={"move": "fly"}).status_code == 404


def test_meetings_of_the_group_stand_on_its_page_and_in_its_calendar(world: World) -> None:
    world.plan_for_pages(visibility=Visibility.PUBLIC, title="公開の会合", round=None)
    world.plan_for_pages(title="内輪の会合", round=None)
    public, member = world.client("visitor"), world.client("member")
    page = public.get(f"/working-groups/{world.group_id}").text
    assert ("公開の会合" in page, "内輪の会合" in page) == (True, False)
    assert "内輪の会合" in member.get("/meetings?mine=1").text
    assert "会合を計画する" not in page
