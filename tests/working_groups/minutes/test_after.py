"""After a meeting: reminders of missing minutes, the recording, the survey."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

import pytest

from matchmaker.core import clock
from matchmaker.core.clock import today
from matchmaker.core.db import db
from matchmaker.core.errors import Conflict, ProductError
from matchmaker.surveys.models import Survey
from matchmaker.surveys.registry import subject_of_kind
from matchmaker.working_groups.groups.domain import Visibility
from matchmaker.working_groups.meetings.after.domain import SURVEY_TIME, checked_url, due_reminder
from matchmaker.working_groups.meetings.after.jobs import remind_of_missing_minutes
from matchmaker.working_groups.meetings.after.service import link_recording
from matchmaker.working_groups.meetings.after.survey import SUBJECT_KIND, survey_meeting
from matchmaker.working_groups.meetings.check_in import service as door
from matchmaker.working_groups.meetings.domain import MeetingMove
from matchmaker.working_groups.meetings.service import move_meeting
from tests.working_groups.meetings.planning_world import World, addresses, at, forget_mail, mails
from tests.working_groups.minutes.conftest import Day, meeting_now

URL = "https://video.example.com/watch/123"
ENDS = at("2026-12-30", "16:00")


@pytest.mark.parametrize(
    ("moment", "days"),
    [
        (at("2027-01-01", "23:59"), None),
        (at("2027-01-02", "00:00"), 3),
        (at("2027-01-05", "23:59"), 3),
        (at("2027-01-06", "00:00"), 7),
        (at("2027-01-12", "23:59"), 7),
        (at("2027-01-13", "00:00"), None),
    ],
)
def test_reminders_are_due_by_days_in_japan(moment: datetime, days: int | None) -> None:
    assert due_reminder(ENDS, clock.today(moment)) == days


def test_a_meeting_that_ends_at_midnight_counts_for_its_own_day() -> None:
    assert due_reminder(at("2026-12-31", "00:00"), clock.today(at("2027-01-02"))) == 3


def test_organisers_are_reminded_once_after_three_and_once_after_seven_days(day: Day) -> None:
    now = day.meeting.ends_at
    assert remind_of_missing_minutes(now + timedelta(days=2)) == 0
    for passed, expected in ((3, 1), (3, 0), (4, 0), (7, 1), (8, 0), (20, 0)):
        assert remind_of_missing_minutes(now + timedelta(days=passed)) == expected, passed
    assert addresses() == ["chair@example.com"] * 2
    assert "議事録がまだ公開されていません" in mails()[0].subject


def test_published_minutes_and_cancelled_meetings_need_no_reminder(world: World) -> None:
    later = clock.now() + timedelta(days=3)
    with world.app.app_context():
        minuted = Day(world, meeting_now(world))
        minuted.begin("本文。").published_revision = 2
        cancelled = Day(world, meeting_now(world, round=2, title="第2回会合"))
        move_meeting(
            cancelled.meeting, MeetingMove.CANCEL, "台風", world.actor("chair"), clock.now()
        )
        forget_mail()
        db.session.commit()
        assert remind_of_missing_minutes(later) == 0
        assert addresses() == []


def test_a_draft_does_not_stop_the_reminders(day: Day) -> None:
    day.begin("途中の文。")
    assert remind_of_missing_minutes(day.meeting.ends_at + timedelta(days=3)) == 1


@pytest.mark.parametrize(
    "url",
    ["javascript:alert(1)", "ftp://example.com/a", "https://", "録画", "https://a b", "http://["],
)
def test_a_recording_is_an_address_that_a_browser_opens(url: str) -> None:
    with pytest.raises(ProductError) as caught:
        checked_url(url)
    assert caught.value.field == "url"
    assert checked_url(f" {URL} ") == URL


@pytest.mark.parametrize(
    ("visibility", "readers"),
    [
        (Visibility.PUBLIC, {"visitor", "outsider", "observer", "chair"}),
        (Visibility.MEMBERS, {"outsider", "observer", "chair"}),
        (Visibility.GROUP, {"observer", "chair"}),
    ],
)
def test_the_recording_has_its_own_readers(
    day: Day, visibility: Visibility, readers: set[str]
) -> None:
    link_recording(day.meeting, URL, visibility, day.world.actor("chair"), clock.now())
    db.session.commit()
    seen = {
        name
        for name in ("visitor", "outsider", "observer", "chair")
        if URL in day.browser(name).get(day.path).text
    }
    assert seen == readers


def test_the_recording_is_set_and_taken_away_over_http(day: Day) -> None:
    chair, path = day.browser("chair"), f"{day.path}/recording"
    answer = chair.post(path, data={"url": "録画", "visibility": "public"})
    assert answer.status_code == 422
    assert 'value="録画"' in answer.text
    chair.post(path, data={"url": URL, "visibility": "public"})
    assert URL in chair.get(day.path).text
    chair.post(path, data={"url": "", "visibility": "public"})
    assert URL not in chair.get(day.path).text


def test_a_survey_asks_those_who_were_there(day: Day) -> None:
    chair, now = day.world.actor("chair"), clock.now()
    with pytest.raises(ProductError, match="出席した人"):
        survey_meeting(day.meeting, "感想", None, True, chair, now)
    door.tick(day.meeting, day.world.users["expert"], chair, now)
    survey = survey_meeting(day.meeting, "感想", None, True, chair, now)
    assert day.meeting.survey_id == survey.id
    assert today(survey.closes_at) == today(now) + SURVEY_TIME, "pages name the last day itself"
    subject = subject_of_kind(SUBJECT_KIND)
    users = subject.participants(day.meeting_id)
    assert [user.email for user in users] == ["expert@example.com"]
    assert subject.can_answer(day.world.actor("expert"), day.meeting_id)
    assert not subject.can_answer(day.world.actor("member"), day.meeting_id)
    assert subject.can_read_results(chair, day.meeting_id)
    assert not subject.can_read_results(day.world.actor("expert"), day.meeting_id)
    with pytest.raises(Conflict):
        survey_meeting(day.meeting, "感想", None, True, chair, now)


def test_a_survey_is_made_over_http_and_linked(day: Day) -> None:
    chair = day.browser("chair")
    data = {"title": "第1回の感想", "names": "anonymous"}
    assert chair.post(f"{day.path}/surveys", data=data).status_code == 422
    chair.post(f"{day.path}/check-ins/{day.world.users['member']}")
    answer = chair.post(f"{day.path}/surveys", data=data)
    assert re.fullmatch(r"/surveys/[0-9a-f-]{36}/edit", answer.location)
    assert "竹の量の報告" in chair.get(answer.location).text, "items of the agenda are offered"
    survey = db.session.get_one(Survey, day.meeting.survey_id)
    assert survey.is_anonymous
    link = f"/surveys/{survey.id}"
    assert link in day.browser("member").get(day.path).text
    assert link not in day.browser("observer").get(day.path).text
