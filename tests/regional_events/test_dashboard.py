"""Events on a person's own page: what one takes part in, and what one runs."""

from __future__ import annotations

import uuid
from datetime import timedelta
from html import unescape

import pytest
from flask import Flask

from matchmaker.core import clock
from matchmaker.core.actor import SYSTEM
from matchmaker.core.db import db
from matchmaker.regional_events.floor.desk_questions import write_down
from matchmaker.regional_events.floor.domain import QuestionKind, QuestionState
from matchmaker.regional_events.planning.domain import Duty
from matchmaker.regional_events.planning.models import EventStaff, RegionalEvent, Track
from matchmaker.regional_events.registrations.domain import PersonData
from matchmaker.regional_events.registrations.models import Registration
from matchmaker.regional_events.registrations.queries import get_registration
from matchmaker.regional_events.registrations.service import cancel_attendee
from tests.regional_events.builders import make_event, make_registration, make_track
from tests.working_groups.groups.town import Town


@pytest.fixture
def site(app: Flask) -> Town:
    """A town with its people; nobody has anything to do with an event yet."""
    app.config["WTF_CSRF_ENABLED"] = False
    town = Town(app)
    with town.at_work():
        town.build()
    return town


def page_of(site: Town, key: str) -> str:
    return unescape(site.browser(key).get("/dashboard").text)


def registered(site: Town, key: str, event: RegionalEvent, track: Track) -> Registration:
    """The person comes to ``event``, or waits for a seat."""
    user_id = site.users[key].id
    people = [PersonData(name=f"{key}さん", track_id=track.id, user_id=user_id)]
    return make_registration(event, track, people=people)


def work_for(event: RegionalEvent, user_id: uuid.UUID, duty: Duty) -> None:
    staff = EventStaff(event_id=event.id, user_id=user_id, duty=duty, created_at=clock.now())
    db.session.add(staff)


def test_one_sees_the_seat_and_the_place_in_line(site: Town) -> None:
    with site.at_work():
        event = make_event()
        track = make_track(event, capacity=1)
        registered(site, "hana", event, track)
        registered(site, "sora", event, track)
    seated, waiting = page_of(site, "hana"), page_of(site, "sora")
    for page in (seated, waiting):
        assert "参加するイベント" in page
        assert "名古屋 資源循環の対話" in page
    assert ">確定<" in seated
    assert ">キャンセル待ち<" in waiting
    assert "参加するイベント" not in page_of(site, "mio")


def test_an_offered_seat_waits_with_its_deadline(site: Town) -> None:
    with site.at_work():
        event = make_event()
        track = make_track(event, capacity=1)
        first = registered(site, "hana", event, track)
        registered(site, "sora", event, track)
        attendee = get_registration(first.id).attendees[0]
        cancel_attendee(attendee, "", SYSTEM, clock.now())
    page = page_of(site, "sora")
    assert "席のご案内に返事をする：名古屋 資源循環の対話" in page
    assert "まで・あと" in page
    assert "席のご案内に返事をする" not in page_of(site, "hana")


def test_events_that_are_over_are_not_among_those_to_come(site: Town) -> None:
    with site.at_work():
        event = make_event()
        registered(site, "hana", event, make_track(event))
        now = clock.now()
        event.starts_at, event.ends_at = now - timedelta(hours=3), now - timedelta(hours=1)
    assert "参加するイベント" not in page_of(site, "hana")


def test_each_duty_sees_what_waits_for_it(site: Town) -> None:
    with site.at_work():
        event, now = make_event(), clock.now()
        make_track(event)
        work_for(event, site.users["hana"].id, Duty.MODERATION)
        work_for(event, site.users["mio"].id, Duty.RECEPTION)
        question = write_down(event, "竹は使えますか", QuestionKind.QUESTION, None, SYSTEM, now)
        question.state = QuestionState.NEW
    moderator, doorkeeper = page_of(site, "hana"), page_of(site, "mio")
    for page in (moderator, doorkeeper):
        assert "運営するイベント" in page
    assert "届いた質問を確かめる：名古屋 資源循環の対話" in moderator
    assert "届いた質問を確かめる" not in doorkeeper
    assert "運営するイベント" not in page_of(site, "sora")


def test_who_plans_is_told_of_the_report_once_the_event_is_over(site: Town) -> None:
    with site.at_work():
        event = make_event()
        make_track(event)
        work_for(event, site.users["hana"].id, Duty.PLANNING)
    before = page_of(site, "hana")
    assert "確定0人" in before
    assert "開催報告を書く" not in before
    with site.at_work():
        now = clock.now()
        held = db.session.get_one(RegionalEvent, event.id)
        held.starts_at, held.ends_at = now - timedelta(hours=3), now - timedelta(hours=1)
    assert "開催報告を書く：名古屋 資源循環の対話" in page_of(site, "hana")
