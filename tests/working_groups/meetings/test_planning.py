"""Planning, changing, announcing and cancelling meetings: rules, mail and calendar files."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from icalendar import Calendar
from sqlalchemy import event
from sqlalchemy.exc import IntegrityError

from matchmaker.core.actor import SYSTEM
from matchmaker.core.db import db
from matchmaker.core.errors import Conflict, IllegalMove, ProductError
from matchmaker.working_groups.groups.activity.feeds import feed
from matchmaker.working_groups.groups.domain import GroupState, Visibility
from matchmaker.working_groups.meetings import agenda, jobs, notices, queries, service
from matchmaker.working_groups.meetings.agenda import AgendaLine
from matchmaker.working_groups.meetings.attendance import Answer, answer_invitation
from matchmaker.working_groups.meetings.domain import (
    AttendanceAnswer,
    InvalidMeeting,
    MeetingMove,
    MeetingState,
)
from matchmaker.working_groups.meetings.models import Meeting
from tests.working_groups.meetings.planning_world import (
    LINK,
    NOW,
    World,
    addresses,
    at,
    details,
    forget_mail,
    mails,
    moved,
    reloaded,
)

IN_THE_GROUP = [
    "chair@example.com",
    "expert@example.com",
    "member@example.com",
    "observer@example.com",
]


@pytest.fixture(name="world")
def world_in_context(app: Flask) -> Iterator[World]:
    """A world within an application context."""
    world = World(app)
    with app.app_context():
        yield world


def event_of(calendar: str | None) -> tuple[str, Any]:
    """Method and event of a calendar file."""
    parsed = Calendar.from_ical(calendar or "")
    return str(parsed["METHOD"]), parsed.walk("VEVENT")[0]


def errors_of(world: World, **changes: Any) -> dict[str, str]:
    with pytest.raises(InvalidMeeting) as caught:
        service.plan_meeting(world.group, details(**changes), SYSTEM, NOW)
    return caught.value.errors


def test_nobody_is_told_of_a_meeting_that_is_only_planned(world: World) -> None:
    meeting = world.plan(announced=False)
    assert meeting.state is MeetingState.PLANNING
    assert mails() == []


def test_all_of_the_group_get_the_notice_with_the_facts_and_a_calendar_file(world: World) -> None:
    meeting = world.plan(announced=False)
    lines = [AgendaLine("開会", 5), AgendaLine("竹の出口", 30, speaker_name="山田")]
    agenda.save_agenda(meeting, lines, SYSTEM, NOW)
    moved(meeting, MeetingMove.ANNOUNCE)
    assert addresses() == IN_THE_GROUP
    body = mails()[0].body
    for fact in (
        "2026年12月1日（令和8年）火曜日 14:00〜16:00",
        "青空町役場 会議室とオンライン",
        LINK,
        "1. 開会（14:00〜14:05）",
        "2. 竹の出口（14:05〜14:35、山田）",
        "2026年11月27日（令和8年）17:00までに",
    ):
        assert fact in body
    method, entry = event_of(mails()[0].calendar)
    assert (method, entry["SEQUENCE"], str(entry["STATUS"])) == ("PUBLISH", 1, "CONFIRMED")
    assert entry["DTSTART"].dt == at("2026-12-01", "14:00")
    assert LINK not in (mails()[0].calendar or "").replace("\r\n ", "")


def test_a_moved_meeting_tells_old_and_new_once_with_a_higher_sequence(world: World) -> None:
    meeting = world.plan()
    before = meeting.calendar_sequence
    service.change_meeting(
        meeting,
        details(starts_at=at("2026-12-08", "10:00"), ends_at=at("2026-12-08", "12:00")),
        SYSTEM,
        NOW,
    )
    assert addresses() == IN_THE_GROUP
    assert (
        "・日時：2026年12月1日（令和8年）火曜日 14:00〜16:00 → "
        "2026年12月8日（令和8年）火曜日 10:00〜12:00"
    ) in mails()[0].body
    method, entry = event_of(mails()[0].calendar)
    assert (method, entry["SEQUENCE"]) == ("PUBLISH", before + 1)
    assert entry["DTSTART"].dt == at("2026-12-08", "10:00")


def test_a_change_that_matters_to_nobody_is_not_mailed(world: World) -> None:
    meeting = world.plan()
    sequence = meeting.calendar_sequence
    told = service.change_meeting(
        meeting, details(answers_until=at("2026-11-28", "17:00")), SYSTEM, NOW
    )
    assert (told, mails(), meeting.calendar_sequence) == ((), [], sequence)
    assert service.change_meeting(meeting, details(answers_until=meeting.answers_until), SYSTEM,
                                  NOW) == ()  # fmt: skip


def test_a_new_link_is_told_to_the_group_and_keeps_out_of_the_calendar(world: World) -> None:
    meeting = world.plan()
    other = "https://meet.example.com/other-room"
    service.change_meeting(meeting, details(online_url=other), SYSTEM, NOW)
    assert addresses() == IN_THE_GROUP
    assert "オンラインの入口：変わりました" in mails()[0].body
    assert other in mails()[0].body
    assert other not in (mails()[0].calendar or "").replace("\r\n ", "")


def test_a_cancelled_meeting_is_taken_out_of_calendars(world: World) -> None:
    meeting = world.plan()
    sequence = meeting.calendar_sequence
    moved(meeting, MeetingMove.CANCEL, "台風が近づいているため。")
    assert addresses() == IN_THE_GROUP
    assert "台風が近づいているため。" in mails()[0].body
    assert LINK not in mails()[0].body
    method, entry = event_of(mails()[0].calendar)
    assert (method, str(entry["STATUS"])) == ("CANCEL", "CANCELLED")
    assert entry["SEQUENCE"] == sequence + 1
    assert str(entry["UID"]).startswith(str(meeting.id))


def test_a_meeting_cancelled_before_its_notice_is_told_to_nobody(world: World) -> None:
    meeting = world.plan(announced=False)
    moved(meeting, MeetingMove.CANCEL, "日程が合わないため。")
    assert mails() == []


def test_a_cancellation_is_undone_with_a_reason_and_a_second_notice(world: World) -> None:
    meeting = world.plan()
    moved(meeting, MeetingMove.CANCEL, "会場が使えないため。")
    with pytest.raises(ProductError, match="理由"):
        moved(meeting, MeetingMove.REVIVE)
    moved(meeting, MeetingMove.REVIVE, "別の会場が見つかったため。")
    assert meeting.state is MeetingState.PLANNING
    forget_mail()
    moved(meeting, MeetingMove.ANNOUNCE)
    assert addresses() == IN_THE_GROUP
    assert "あらためて" in mails()[0].subject
    assert event_of(mails()[0].calendar)[1]["SEQUENCE"] == 4


@pytest.mark.parametrize(
    ("first", "then"),
    [
        ((), MeetingMove.HOLD),
        ((), MeetingMove.REVIVE),
        ((MeetingMove.ANNOUNCE,), MeetingMove.ANNOUNCE),
        ((MeetingMove.CANCEL,), MeetingMove.ANNOUNCE),
        ((MeetingMove.CANCEL,), MeetingMove.CANCEL),
        ((MeetingMove.ANNOUNCE,), MeetingMove.UNHOLD),
    ],
)
def test_illegal_moves_are_refused(
    world: World, first: tuple[MeetingMove, ...], then: MeetingMove
) -> None:
    meeting = world.plan(announced=False)
    for step in first:
        moved(meeting, step, "理由")
    with pytest.raises(IllegalMove):
        moved(meeting, then, "理由")


def test_a_meeting_is_announced_only_when_one_knows_where_to_go(world: World) -> None:
    meeting = world.plan(announced=False, place="", online_url="", online_policy="")
    with pytest.raises(ProductError, match="会場かオンライン"):
        moved(meeting, MeetingMove.ANNOUNCE)


def test_a_meeting_is_not_held_before_it_begins(world: World) -> None:
    meeting = world.plan()
    with pytest.raises(ProductError, match="まだ始まっていません"):
        moved(meeting, MeetingMove.HOLD, now=meeting.starts_at - timedelta(seconds=1))
    moved(meeting, MeetingMove.HOLD, now=meeting.starts_at)
    assert meeting.state is MeetingState.HELD


def test_a_meeting_that_is_over_counts_as_held_by_itself(world: World) -> None:
    meeting = world.plan()
    db.session.commit()
    assert jobs.close_held(meeting.ends_at - timedelta(seconds=1)) == 0
    assert jobs.close_held(meeting.ends_at) == 1
    assert reloaded(meeting.id).state is MeetingState.HELD
    moved(meeting, MeetingMove.UNHOLD, "まだ続いているため。", meeting.ends_at)
    db.session.commit()
    assert jobs.close_held(meeting.ends_at + timedelta(hours=1)) == 0


def test_the_end_lies_after_the_beginning(world: World) -> None:
    assert set(errors_of(world, ends_at=at("2026-12-01", "14:00"))) == {"ends_at"}


def test_more_than_twelve_hours_are_asked_about(world: World) -> None:
    night = at("2026-12-02", "02:01")
    assert set(errors_of(world, ends_at=night)) == {"is_long"}
    meeting = service.plan_meeting(world.group, details(ends_at=night, is_long=True), SYSTEM, NOW)
    assert meeting.ends_at == night
    assert service.plan_meeting(
        world.group, details(round=2, ends_at=at("2026-12-02", "02:00")), SYSTEM, NOW
    )


def test_all_that_is_wrong_is_told_together(world: World) -> None:
    found = errors_of(
        world, title=" ", round=0, online_url="javascript:alert(1)",
        starts_at=at("2026-11-01"), ends_at=at("2026-11-01", "15:00"),
        answers_until=at("2026-11-01", "15:00"),
    )  # fmt: skip
    assert set(found) == {"title", "round", "online_url", "starts_at", "answers_until"}


def test_a_meeting_across_midnight_and_new_year_is_told_plainly(world: World) -> None:
    meeting = world.plan(starts_at=at("2026-12-31", "23:00"), ends_at=at("2027-01-01", "01:00"))
    agenda.save_agenda(meeting, [AgendaLine("行く年", 90), AgendaLine("来る年", 30)], SYSTEM, NOW)
    assert notices.meeting_when(meeting) == "2026年12月31日（令和8年）木曜日 23:00〜翌日1:00"
    clocks = [each.clock for each in notices.timetable(meeting)]
    assert clocks == ["23:00〜翌日0:30", "翌日0:30〜翌日1:00"]


def test_a_second_meeting_of_the_same_round_is_refused_in_words_and_by_the_database(
    world: World,
) -> None:
    first = world.plan()
    with pytest.raises(Conflict) as caught:
        service.plan_meeting(world.group, details(), SYSTEM, NOW)
    assert caught.value.field == "round"
    second = service.plan_meeting(world.group, details(round=2), SYSTEM, NOW)
    with pytest.raises(Conflict):
        service.change_meeting(second, details(round=1), SYSTEM, NOW)
    db.session.commit()
    statement = Meeting.__table__.update().where(Meeting.id == second.id)  # type: ignore[attr-defined]
    with pytest.raises(IntegrityError):
        db.session.execute(statement.values(round=first.round))
    db.session.rollback()


def test_meetings_without_a_round_stand_beside_each_other(world: World) -> None:
    world.plan(round=None, title="現地視察")
    assert service.plan_meeting(world.group, details(round=None), SYSTEM, NOW).round is None


def test_a_closed_group_plans_no_meeting(world: World) -> None:
    world.group.state = GroupState.CLOSED
    with pytest.raises(ProductError, match="終了したWG"):
        service.plan_meeting(world.group, details(), SYSTEM, NOW)


def test_a_change_made_on_an_old_page_is_refused(world: World) -> None:
    meeting = world.plan()
    seen = meeting.revision
    service.change_meeting(
        meeting, details(place="別の会議室"), SYSTEM, NOW, expected_revision=seen
    )
    with pytest.raises(Conflict, match="ほかの人"):
        service.change_meeting(meeting, details(place="古い画面"), SYSTEM, NOW,
                               expected_revision=seen)  # fmt: skip
    assert meeting.place == "別の会議室"


def test_a_past_meeting_is_entered_with_its_day_alone(world: World) -> None:
    day = at("2024-12-18").date()
    meeting = service.record_past_meeting(
        world.group, 7, day, ["報告", "意見交換"], "公式サイト", SYSTEM, NOW
    )
    assert (meeting.state, meeting.times_known) == (MeetingState.HELD, False)
    assert notices.meeting_when(meeting) == "2024年12月18日（令和6年）水曜日"
    assert notices.full_title(meeting) == "第7回 会合"
    assert mails() == []
    with pytest.raises(Conflict):
        service.record_past_meeting(world.group, 7, day, [], "", SYSTEM, NOW)


def test_proxies_hear_of_changes_too(world: World) -> None:
    meeting = world.plan()
    given = Answer(AttendanceAnswer.PROXY, "代理 花子", "hanako@example.org")
    answer_invitation(meeting, given, world.actor("member"), NOW)
    forget_mail()
    service.change_meeting(meeting, details(place="港の会議室"), SYSTEM, NOW)
    assert addresses() == sorted([*IN_THE_GROUP, "hanako@example.org"])


def test_the_calendar_of_the_group_never_holds_the_link(world: World, app: Flask) -> None:
    world.plan(title="公開の会合", visibility=Visibility.PUBLIC)
    world.plan(title="内輪の会合", round=2)
    world.plan(title="準備中の会合", round=3, announced=False, visibility=Visibility.PUBLIC)
    cancelled = world.plan(title="中止の会合", round=4, visibility=Visibility.PUBLIC)
    moved(cancelled, MeetingMove.CANCEL, "大雪のため。")
    seen = {}
    for name in ("visitor", "member", "chair"):
        file = feed([world.group_id], world.actor(name), NOW, "会合").decode().replace("\r\n ", "")
        assert LINK not in file
        seen[name] = [word for word in ("公開の", "内輪の", "準備中の", "中止の") if word in file]
        assert file.count("STATUS:CANCELLED") == 1
    assert seen["visitor"] == ["公開の", "中止の"]
    assert seen["member"] == seen["chair"] == ["公開の", "内輪の", "中止の"]


def test_a_page_of_meetings_is_read_with_few_statements(world: World) -> None:
    for number in range(1, 8):
        world.plan(round=number)
    db.session.commit()
    statements: list[str] = []

    def note(*arguments: Any) -> None:
        statements.append(arguments[2])

    event.listen(db.engine, "before_cursor_execute", note)
    page = queries.meetings_page(world.actor("member"), queries.MeetingFilter(), NOW, NOW.date(), 1)
    assert [each.group.name for each in page.items] == ["竹の活用WG"] * 7
    event.remove(db.engine, "before_cursor_execute", note)
    assert len([each for each in statements if each.startswith("SELECT")]) <= 3
