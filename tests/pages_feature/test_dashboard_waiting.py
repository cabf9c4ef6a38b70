"""What waits for people in calls, proposals, reviews and meetings, on their own page."""

from __future__ import annotations

from datetime import date, timedelta
from html import unescape

import pytest
from flask import Flask

from matchmaker.core import clock
from matchmaker.core.actor import SYSTEM
from matchmaker.core.clock import JST, today
from matchmaker.core.db import db
from matchmaker.pages.dashboard_terms import moment_words, until_day, until_moment
from matchmaker.working_groups.calls.asking import ask_question
from matchmaker.working_groups.meetings.domain import MeetingMove
from matchmaker.working_groups.meetings.minutes import checking
from matchmaker.working_groups.meetings.service import move_meeting
from matchmaker.working_groups.proposals import authorship, coordination, service
from matchmaker.working_groups.proposals.domain import ProposalMove
from matchmaker.working_groups.reviews import decisions
from matchmaker.working_groups.reviews.assignment import sync_reviews
from matchmaker.working_groups.reviews.decision_data import DecisionData
from matchmaker.working_groups.reviews.decision_queries import proposal_for_decision
from matchmaker.working_groups.reviews.domain import Outcome
from tests.working_groups.meetings.planning_world import World as MeetingWorld
from tests.working_groups.minutes.conftest import Day, meeting_now
from tests.working_groups.proposals import world as proposals
from tests.working_groups.reviews import world as reviews

NOW = clock.now().replace(2026, 11, 22, 3, 0, 0, 0)
CALM = "お待たせしていることはありません"


@pytest.fixture
def written(app: Flask) -> proposals.World:
    """An open call and people to write."""
    app.config["WTF_CSRF_ENABLED"] = False
    with app.app_context():
        return proposals.build_world()


def dashboard(app: Flask, name: str) -> str:
    """The page of one of the people who write proposals."""
    return unescape(proposals.browser(app, name).get("/dashboard").text)


def test_the_time_that_is_left_is_told_with_the_weekday() -> None:
    until = NOW.astimezone(JST).replace(month=12, day=22, hour=17)
    assert until_moment(until, NOW) == "12月22日（火）17:00まで・あと30日"
    assert until_moment(NOW, NOW) == "期限を過ぎています"
    assert until_moment(None, NOW) == ""
    assert moment_words(until) == "12月22日（火）17:00"
    assert until_day(date(2026, 11, 25), NOW) == "11月25日（水）まで・あと3日"
    assert until_day(today(NOW), NOW) == "きょうまで"
    assert until_day(date(2026, 11, 20), NOW) == "11月20日（金）まで・期限を過ぎています"
    assert until_day(None, NOW) == ""


def test_a_draft_waits_for_its_authors_and_an_invitation_for_who_was_asked(
    app: Flask, written: proposals.World
) -> None:
    with app.app_context():
        made, now = written.begin(title="竹を炭に"), clock.now()
        place = written.organizations["緑山工業"]
        authorship.invite(made, place, "maker@example.com", written.actor("officer"), now)
        db.session.commit()
    page = dashboard(app, "officer")
    assert "提案を仕上げて提出する：竹を炭に" in page
    assert "まで・あと" in page
    assert "わたしたちの提案" in page
    assert "いっしょに書く案内に返事をする：竹を炭に" in dashboard(app, "maker")
    assert "竹を炭に" not in dashboard(app, "hauler")


def test_a_returned_proposal_waits_with_what_the_secretariat_wrote(
    app: Flask, written: proposals.World
) -> None:
    with app.app_context():
        made, now = written.submitted(), clock.now()
        until = now + timedelta(days=20)
        service.apply_decision(
            made, ProposalMove.RETURN, "費用を足してください。", SYSTEM, now, until
        )
        db.session.commit()
    page = dashboard(app, "officer")
    assert "直して提出し直す：竹を炭に" in page
    assert "費用を足してください。" in page
    assert "あと19日" in page


def test_a_draft_of_a_call_that_is_over_does_not_wait(app: Flask, written: proposals.World) -> None:
    with app.app_context():
        written.begin()
        call = written.call()
        call.opens_at = clock.now() - timedelta(days=9)
        call.closes_at = clock.now() - timedelta(days=1)
        db.session.commit()
    assert "提案を仕上げて提出する" not in dashboard(app, "officer")


def test_the_lead_is_asked_about_going_together(app: Flask, written: proposals.World) -> None:
    with app.app_context():
        both = [written.submitted("officer"), written.submitted("maker", "竹を肥料に")]
        coordination.bring_together(
            written.call(), both, "いっしょにどうですか。", SYSTEM, clock.now()
        )
        db.session.commit()
    words = "ほかの提案といっしょに進めるか返事をする：竹を肥料に"
    assert words in dashboard(app, "maker")
    assert words not in dashboard(app, "officer")


def test_the_secretariat_sees_questions_about_calls(app: Flask, written: proposals.World) -> None:
    with app.app_context():
        ask_question(written.call(), "場所は。", written.actor("hauler"), clock.now(), mail=False)
        db.session.commit()
    page = dashboard(app, "secretariat")
    assert "公募への質問に答える：サブWGの公募" in page
    assert "1件が回答を待っています" in page
    assert "公募への質問" not in dashboard(app, "hauler")


def test_reviews_wait_for_reviewers_and_drafts_of_decisions_for_a_second_person(app: Flask) -> None:
    with app.app_context():
        world = reviews.build(app)
        sync_reviews(world.call_id, SYSTEM, world.now)
        data = DecisionData(Outcome.DECLINED, "ほかの提案を優先しました。")
        proposal = proposal_for_decision(world.call_id, world.proposals["bamboo"])
        decisions.prepare(proposal, data, 0, world.actor("secretary"), world.now)
        db.session.commit()

    def page(who: str) -> str:
        return unescape(world.client(who).get("/dashboard").text)

    assert "審査する：実証の公募" in page("first")
    assert "2件の提案が残っています" in page("first")
    assert "審査する" not in page("outsider")
    assert "決定の案を確認する：実証の公募" in page("colleague")
    assert "決定の案を確認する：実証の公募" not in page("secretary")


def test_minutes_wait_for_speakers_and_invitations_for_the_group(app: Flask) -> None:
    world = MeetingWorld(app)
    with app.app_context():
        day, now = Day(world, meeting_now(world, title="第1回")), clock.now()
        minutes = day.begin("竹は4トンでした。")
        checking.ask_speakers(minutes, [world.users["member"]], None, world.actor("chair"), now)
        begin = now + timedelta(days=9)
        coming = world.plan(
            announced=False, now=now, title="第2回", round=2, starts_at=begin,
            ends_at=begin + timedelta(hours=1), answers_until=None,
        )  # fmt: skip
        move_meeting(coming, MeetingMove.ANNOUNCE, "", world.actor("chair"), now)
        db.session.commit()
    member = unescape(world.client("member").get("/dashboard").text)
    assert "議事録の確認：竹の活用WG　第1回" in member
    assert "会合の出欠を答える：竹の活用WG　第2回" in member
    assert "議事録の確認" not in world.client("observer").get("/dashboard").text
    assert CALM in world.client("outsider").get("/dashboard").text
