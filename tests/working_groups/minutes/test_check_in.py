"""At the door: ticking by list, checking in by QR code."""

from __future__ import annotations

import threading
import uuid
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select

from matchmaker.core import clock
from matchmaker.core.audit import entries_of
from matchmaker.core.db import db
from matchmaker.core.errors import Conflict, NotAllowed, ProductError
from matchmaker.working_groups.meetings.check_in import queries, service
from matchmaker.working_groups.meetings.check_in.domain import is_open, is_right_code
from matchmaker.working_groups.meetings.domain import (
    AttendanceAnswer,
    CheckInWay,
    MeetingMove,
    MeetingState,
)
from matchmaker.working_groups.meetings.models import Attendance
from matchmaker.working_groups.meetings.service import move_meeting
from tests.working_groups.meetings.planning_world import World, at
from tests.working_groups.minutes.conftest import Day, meeting_now


def rows() -> int:
    return db.session.scalar(select(func.count()).select_from(Attendance)) or 0


def test_a_walk_in_of_the_group_is_ticked_once_and_unticked(day: Day) -> None:
    chair, member, now = day.world.actor("chair"), day.world.users["member"], clock.now()
    assert service.tick(day.meeting, member, chair, now)
    assert not service.tick(day.meeting, member, chair, now + timedelta(minutes=5))
    found = queries.attendance_of(day.meeting_id, member)
    assert found is not None
    assert (found.attended_at, found.attended_way) == (now, CheckInWay.LIST)
    assert service.untick(day.meeting, member, chair, now)
    assert not service.untick(day.meeting, member, chair, now)
    assert rows() == 0


def test_an_answer_stays_when_the_tick_is_taken_back(day: Day) -> None:
    chair, member, now = day.world.actor("chair"), day.world.users["member"], clock.now()
    db.session.add(
        Attendance(
            meeting_id=day.meeting_id, user_id=member, answer=AttendanceAnswer.ABSENT,
            answered_at=now,
        )
    )  # fmt: skip
    db.session.flush()
    assert service.tick(day.meeting, member, chair, now), "absent people may come after all"
    assert service.untick(day.meeting, member, chair, now)
    found = queries.attendance_of(day.meeting_id, member)
    assert found is not None
    assert (found.answer, found.attended_at) == (AttendanceAnswer.ABSENT, None)


def test_somebody_from_elsewhere_is_not_ticked(day: Day) -> None:
    with pytest.raises(NotAllowed):
        service.tick(
            day.meeting, day.world.users["outsider"], day.world.actor("chair"), clock.now()
        )
    with pytest.raises(NotAllowed):
        service.tick(day.meeting, uuid.uuid4(), day.world.actor("chair"), clock.now())


def test_checking_in_by_code_is_noted_once(day: Day) -> None:
    meeting, member, now = day.meeting, day.world.actor("member"), clock.now()
    assert service.check_in(meeting, meeting.check_in_code, member, now)
    assert not service.check_in(meeting, meeting.check_in_code, member, now)
    tags = [entry.tag for entry in entries_of(day.meeting_id)]
    assert tags.count("meetings:attendance:checked-in") == 1
    assert queries.presence_of(day.meeting_id) == queries.Presence(there=1, expected=0)


def test_an_old_code_and_one_of_another_meeting_are_refused(day: Day) -> None:
    meeting, member, now = day.meeting, day.world.actor("member"), clock.now()
    old = meeting.check_in_code
    service.renew_code(meeting, day.world.actor("chair"), now)
    other = meeting_now(day.world, round=2, title="第2回会合")
    foreign = db.session.get_one(type(meeting), other).check_in_code
    for wrong in (old, foreign, "", "推測", "x" * 5000):
        with pytest.raises(ProductError, match="いまは使えません"):
            service.check_in(meeting, wrong, member, now)
    assert rows() == 0
    assert not is_right_code("", "")


@pytest.mark.parametrize(
    ("state", "moment", "expected"),
    [
        (MeetingState.ANNOUNCED, at("2026-11-30", "23:59"), False),
        (MeetingState.ANNOUNCED, at("2026-12-01", "00:00"), True),
        (MeetingState.HELD, at("2026-12-01", "23:59"), True),
        (MeetingState.ANNOUNCED, at("2026-12-02", "00:00"), False),
        (MeetingState.PLANNING, at("2026-12-01", "14:00"), False),
        (MeetingState.CANCELLED, at("2026-12-01", "14:00"), False),
    ],
)
def test_the_code_works_on_the_day_in_japan(
    state: MeetingState, moment: datetime, expected: bool
) -> None:
    starts, ends = at("2026-12-01", "14:00"), at("2026-12-01", "16:00")
    assert is_open(state, starts, ends, moment.astimezone(UTC)) is expected


def test_a_meeting_across_new_year_is_open_on_both_days() -> None:
    starts, ends = at("2026-12-31", "23:00"), at("2027-01-01", "01:00")
    assert is_open(MeetingState.ANNOUNCED, starts, ends, at("2027-01-01", "00:30"))
    assert is_open(MeetingState.ANNOUNCED, starts, at("2027-01-01", "00:00"), starts)
    assert not is_open(
        MeetingState.ANNOUNCED, starts, at("2027-01-01", "00:00"), at("2027-01-01", "00:30")
    )


def test_nobody_is_ticked_before_the_day_or_for_a_cancelled_meeting(day: Day) -> None:
    chair, member, now = day.world.actor("chair"), day.world.users["member"], clock.now()
    with pytest.raises(Conflict):
        service.tick(day.meeting, member, chair, now - timedelta(days=2))
    move_meeting(day.meeting, MeetingMove.CANCEL, "台風", chair, now)
    with pytest.raises(Conflict):
        service.tick(day.meeting, member, chair, now)


def test_ten_presses_at_once_are_one_presence(day: Day) -> None:
    def press(world: World, meeting_id: uuid.UUID) -> None:
        with world.app.app_context():
            meeting = db.session.get_one(type(found), meeting_id)
            service.tick(meeting, world.users["member"], world.actor("chair"), clock.now())
            db.session.commit()
            db.session.remove()

    found = day.meeting
    db.session.remove()
    presses = [threading.Thread(target=press, args=(day.world, day.meeting_id)) for _ in range(10)]
    for thread in presses:
        thread.start()
    for thread in presses:
        thread.join()
    assert rows() == 1
    tags = [entry.tag for entry in entries_of(day.meeting_id)]
    assert tags.count("meetings:attendance:checked-in") == 1


def test_the_list_is_ticked_over_http(day: Day) -> None:
    chair, member = day.browser("chair"), day.world.users["member"]
    assert "出席にする" in chair.get(f"{day.path}/check-ins").text
    answer = chair.post(f"{day.path}/check-ins/{member}", data={"q": "member"})
    assert answer.status_code == 302
    assert answer.location.endswith(f"?q=member#guest-{member}")
    page = chair.get(answer.location).text
    assert "取り消す" in page
    assert 'presence__number numeric">1<' in chair.get(f"{day.path}/check-ins/count").text
    assert chair.post(f"{day.path}/check-ins/{member}/cancellations").status_code == 302
    assert "当てはまる人がいません" in chair.get(f"{day.path}/check-ins?q=だれでもない").text


def test_the_phone_shows_one_button_and_then_that_it_is_done(day: Day) -> None:
    code = day.meeting.check_in_code
    member = day.browser("member")
    address = f"{day.path}/check-ins/new?code={code}"
    assert "出席を知らせる" in member.get(address).text
    answer = member.post(f"{day.path}/check-ins", data={"code": code})
    assert "出席を受け付けました" in member.get(answer.location).text
    assert "もう押さなくて" in member.get(address).text
    assert "まだ出席を受け付けていません" in day.browser("observer").get(answer.location).text


def test_a_wrong_code_is_told_on_the_phone(day: Day) -> None:
    member = day.browser("member")
    answer = member.get(f"{day.path}/check-ins/new?code=old")
    assert (answer.status_code, "もう一度読み取って" in answer.text) == (422, True)
    answer = member.post(f"{day.path}/check-ins", data={"code": "old"})
    assert (answer.status_code, "もう一度読み取って" in answer.text) == (422, True)


def test_a_visitor_signs_in_first_and_comes_back_with_the_code(day: Day) -> None:
    code = day.meeting.check_in_code
    answer = day.browser("visitor").get(f"{day.path}/check-ins/new?code={code}")
    assert answer.status_code == 302
    assert answer.location.startswith("/sign-in")
    assert code in answer.location


def test_outsiders_are_refused_whatever_the_code(day: Day) -> None:
    code = day.meeting.check_in_code
    outsider = day.browser("outsider")
    assert outsider.get(f"{day.path}/check-ins/new?code={code}").status_code == 403
    assert outsider.post(f"{day.path}/check-ins", data={"code": code}).status_code == 403


def test_the_code_is_on_the_organisers_page_alone(day: Day) -> None:
    code = day.meeting.check_in_code
    page = day.browser("chair").get(f"{day.path}/check-ins/code").text
    assert "<svg" in page
    assert code in page
    for name in ("member", "observer", "expert"):
        client = day.browser(name)
        assert client.get(f"{day.path}/check-ins/code").status_code == 403
        assert code not in client.get(day.path).text
