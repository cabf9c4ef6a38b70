"""Tasks: owners, order, steps, two tabs, the Excel file, reminders."""

from __future__ import annotations

import io
import uuid
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

import pytest
from openpyxl import load_workbook
from sqlalchemy import select

from matchmaker.core import clock
from matchmaker.core.actor import SYSTEM
from matchmaker.core.clock import today
from matchmaker.core.db import db
from matchmaker.core.errors import ProductError
from matchmaker.notifications.models import OutboxMessage
from matchmaker.notifications.registry import can_still_receive
from matchmaker.working_groups.groups.activity.domain import TaskMove, reminder_day
from matchmaker.working_groups.groups.activity.reminders import SUBJECT_KIND, remind_of_tasks
from matchmaker.working_groups.groups.activity.tasks import add_task, move_task
from matchmaker.working_groups.groups.domain import TaskState
from matchmaker.working_groups.groups.models import GroupMember, GroupTask
from tests.working_groups.activity.conftest import Cast

MORNING = datetime(2026, 12, 28, 22, 20, tzinfo=UTC)
"""7:20 on 29 December in Japan."""


def add(cast: Cast, title: str, due_on: date | None = None, owner: str | None = None) -> uuid.UUID:
    with cast.app.app_context():
        task = add_task(
            cast.group(), title, SYSTEM, clock.now(), due_on=due_on,
            owner=cast.user(owner) if owner else None,
        )  # fmt: skip
        task_id = task.id
        db.session.commit()
    return task_id


def test_overdue_tasks_lead_and_ones_own_can_be_picked_out(cast: Cast) -> None:
    day = today(clock.now())
    add(cast, "いつでもよい", None, "chair")
    add(cast, "あとで", day + timedelta(days=9), "member")
    add(cast, "きのうまで", day - timedelta(days=1), "chair")
    add(cast, "今日まで", day, "chair")
    text = cast.browser("member").open(cast.path("/tasks")).text
    places = [
        text.index(f">{title}<") for title in ("きのうまで", "今日まで", "あとで", "いつでもよい")
    ]
    assert places == sorted(places)
    assert text.count("期限切れ") == 1
    own = cast.browser("member").open(cast.path("/tasks?show=mine")).text
    assert ">あとで<" in own
    assert ">今日まで<" not in own


def test_only_those_who_take_part_see_tasks(cast: Cast) -> None:
    for who, status in (("visitor", 302), ("stranger", 404), ("observer", 200)):
        assert cast.browser(who).client.get(cast.path("/tasks")).status_code == status


def test_the_owner_takes_part_in_the_group(cast: Cast) -> None:
    with cast.app.app_context(), pytest.raises(ProductError, match="参加している人"):
        add_task(cast.group(), "数える", SYSTEM, clock.now(), owner=cast.user("stranger"))
    page = cast.browser("member").send(
        cast.path("/tasks/new"), title="数える", owner=str(cast.ids["stranger"]), note="大切"
    )
    assert page.status_code == 422
    assert "参加している人から選んでください" in page.text
    assert "大切" in page.text


def test_an_owner_who_left_stays_until_another_is_chosen(cast: Cast) -> None:
    task_id = add(cast, "数える", None, "member")
    with cast.app.app_context():
        row = db.session.scalars(
            select(GroupMember).where(GroupMember.user_id == cast.ids["member"])
        ).one()
        row.starts_on = row.ends_on = today(clock.now()) - timedelta(days=1)
        db.session.commit()
    path = cast.path(f"/tasks/{task_id}/edit")
    chair = cast.browser("chair")
    assert "いまは参加していません" in chair.open(path).text
    owner = str(cast.ids["member"])
    assert chair.send(path, title="数えなおす", owner=owner, revision="1").status_code == 302
    assert chair.send(path, title="数えなおす", owner="", revision="2").status_code == 302
    assert chair.send(path, title="数えなおす", owner=owner, revision="3").status_code == 422


@pytest.mark.parametrize(
    ("year", "month", "day", "stored"),
    [("令和9", "3", "31", date(2027, 3, 31)), ("Ｒ９", "１", "１", date(2027, 1, 1))],
)
def test_a_last_day_may_be_typed_in_eras(
    cast: Cast, year: str, month: str, day: str, stored: date
) -> None:
    fields = {"due_on-year": year, "due_on-month": month, "due_on-day": day}
    made = cast.browser("member").send(cast.path("/tasks/new"), title="数える", owner="", **fields)
    assert made.status_code == 302
    with cast.app.app_context():
        assert db.session.scalars(select(GroupTask.due_on)).one() == stored


def test_a_day_that_does_not_exist_is_told(cast: Cast) -> None:
    fields = {"due_on-year": "2027", "due_on-month": "2", "due_on-day": "29"}
    page = cast.browser("member").send(cast.path("/tasks/new"), title="数える", owner="", **fields)
    assert page.status_code == 422
    assert "実在する日付" in page.text
    assert 'value="29"' in page.text


def test_a_task_goes_from_state_to_state(cast: Cast) -> None:
    task_id = add(cast, "数える", None, "observer")
    path, tasks = cast.path(f"/tasks/{task_id}"), cast.path("/tasks")
    observer, member = cast.browser("observer"), cast.browser("member")
    assert observer.send(f"{path}/completions", from_page=tasks).status_code == 302
    assert member.send(f"{path}/completions", from_page=tasks).status_code == 409
    assert member.send(f"{path}/reopenings", from_page=tasks).status_code == 302
    assert member.send(f"{path}/cancellations/new", reason=" ").status_code == 422
    assert member.send(f"{path}/cancellations/new", reason="別のWGへ").status_code == 302
    assert "別のWGへ" in member.open(f"{tasks}?show=closed").text


def test_two_tabs_do_not_overwrite_each_others_task(cast: Cast) -> None:
    path = cast.path(f"/tasks/{add(cast, '数える')}/edit")
    member = cast.browser("member")
    first = member.send(path, title="先", owner="", revision="1")
    late = member.send(path, title="後", owner="", revision="1")
    assert (first.status_code, late.status_code) == (302, 409)
    assert "先" in late.text
    assert 'value="後"' in late.text


def test_tasks_come_out_as_an_excel_file(cast: Cast) -> None:
    day = date(2027, 1, 1)
    add(cast, "=1+1", day, "member")
    answer = cast.browser("observer").client.get(cast.path("/tasks/export.xlsx"))
    sheet = load_workbook(io.BytesIO(answer.data)).worksheets[0]
    head, row = list(sheet.iter_rows(values_only=True))
    assert head[:4] == ("やること", "担当", "期限", "状態")
    assert row[:2] == ("=1+1", "member")
    assert sheet["A2"].data_type == "s"
    assert row[2] == datetime(2027, 1, 1)  # noqa: DTZ001 - a cell holds a day


def mails() -> list[tuple[str, str]]:
    return [(mail.recipient_name, mail.subject) for mail in reminders()]


def reminders() -> Sequence[OutboxMessage]:
    query = select(OutboxMessage).where(OutboxMessage.subject_kind == SUBJECT_KIND)
    return db.session.scalars(query.order_by(OutboxMessage.id)).all()


def test_the_owner_is_reminded_three_days_before_and_the_day_after(cast: Cast) -> None:
    add(cast, "年末の報告", date(2027, 1, 1), "member")
    with cast.app.app_context():
        sent = {}
        for days in range(-3, 16):
            moment = MORNING + timedelta(days=days)
            number = remind_of_tasks(moment)
            assert remind_of_tasks(moment) == 0
            if number:
                sent[today(moment)] = number
        assert sent == {date(2026, 12, 29): 1, date(2027, 1, 2): 1}
        assert mails() == [
            ("member", "期限が近いタスク：年末の報告"),
            ("member", "期限を過ぎたタスク：年末の報告"),
        ]
        body = reminders()[0].body
        assert "2027年1月1日（令和9年）" in body
        assert "あと3日" in body


def test_those_who_run_the_group_hear_of_a_task_without_owner(cast: Cast) -> None:
    add(cast, "だれかの仕事", date(2027, 1, 1))
    with cast.app.app_context():
        remind_of_tasks(MORNING)
        assert mails() == [("chair", "期限が近いタスク：だれかの仕事")]


def test_finished_tasks_are_not_reminded_of(cast: Cast) -> None:
    task_id = add(cast, "済んだ仕事", date(2027, 1, 1), "member")
    with cast.app.app_context():
        remind_of_tasks(MORNING)
        (message,) = reminders()
        owner = cast.ids["member"]
        assert can_still_receive(message.subject_kind, owner, message.subject_id)
        task = db.session.get_one(GroupTask, task_id)
        move_task(task, TaskMove.FINISH, SYSTEM, MORNING)
        assert task.state is TaskState.DONE
        assert not can_still_receive(message.subject_kind, owner, message.subject_id)
        assert remind_of_tasks(MORNING + timedelta(days=4)) == 0


def test_a_worker_that_was_off_reminds_later() -> None:
    due = date(2027, 1, 1)
    days = [reminder_day(due, due + timedelta(days=each)) for each in range(-5, 11)]
    early, late = date(2026, 12, 29), date(2027, 1, 2)
    assert days == [None] * 2 + [early] * 4 + [late] * 8 + [None] * 2
