"""The invented events: all there, counted right, told to nobody, seen by whoever tries the demo."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from matchmaker.core.db import db
from matchmaker.core.settings import current_settings
from matchmaker.notifications.models import OutboxMessage
from matchmaker.regional_events.floor.domain import QuestionState
from matchmaker.regional_events.floor.queries import state_counts
from matchmaker.regional_events.planning.domain import EventState, Phase, phase_of
from matchmaker.regional_events.planning.models import RegionalEvent
from matchmaker.regional_events.planning.queries import get_event
from matchmaker.regional_events.reception.domain import Door, door_of
from matchmaker.regional_events.reception.queries import present_attendees
from matchmaker.regional_events.registrations.checking import line_report, seat_report
from matchmaker.regional_events.registrations.domain import AttendeeState, WaitingState
from matchmaker.regional_events.registrations.models import Attendee, WaitingEntry
from matchmaker.regional_events.reports.domain import ReportState
from matchmaker.regional_events.reports.service import find_report, latest_version
from matchmaker.regional_events.tables import queries as table_queries
from matchmaker.seeding import loading
from matchmaker.seeding.accounts import DOMAIN
from matchmaker.seeding.loading import seed
from matchmaker.seeding.models import SeedRecord
from matchmaker.surveys.queries import count_answers
from tests.seeding.seeded import NOW, Visit, application

KEYS = ("past", "today", "coming", "assembly", "networking", "copy")


def event_of(key: str) -> RegionalEvent:
    return get_event(db.session.get_one(SeedRecord, f"demo-event:{key}").record_id)


def people_of(event_id: uuid.UUID) -> Sequence[Attendee]:
    return db.session.scalars(select(Attendee).where(Attendee.event_id == event_id)).all()


@pytest.mark.parametrize(
    ("key", "phase"),
    [
        ("past", Phase.HELD),
        ("today", Phase.OPEN),
        ("coming", Phase.OPEN),
        ("assembly", Phase.ANNOUNCED),
        ("networking", Phase.OPEN),
        ("copy", Phase.DRAFT),
    ],
)
def test_each_event_stands_where_its_story_says(app: Flask, key: str, phase: Phase) -> None:
    with app.app_context():
        event = event_of(key)
        assert event.is_demo
        assert event.name.endswith("（デモ）")
        assert phase_of(event, NOW) is phase


@pytest.mark.parametrize("key", KEYS)
def test_seat_counters_agree_with_the_people(app: Flask, key: str) -> None:
    with app.app_context():
        event_id = event_of(key).id
        assert not seat_report(event_id)
        assert not line_report(event_id)


def test_the_coming_event_has_every_sort_of_place(app: Flask) -> None:
    with app.app_context():
        event = event_of("coming")
        people = people_of(event.id)
        states = Counter(person.state for person in people)
        assert len(people) >= 40
        assert states[AttendeeState.CANCELLED] == 1
        assert states[AttendeeState.WAITING] >= 3
        entries = db.session.scalars(
            select(WaitingEntry)
            .join(Attendee, Attendee.waiting_entry_id == WaitingEntry.id)
            .where(Attendee.event_id == event.id)
        ).all()
        offered = [each for each in entries if each.state is WaitingState.OFFERED]
        assert len(offered) == 1
        assert offered[0].offer_until is not None
        assert offered[0].offer_until > NOW
        assert any(p.state is AttendeeState.CONFIRMED and p.waiting_entry_id for p in people)


def test_people_without_an_account_are_marked_as_invented(app: Flask) -> None:
    with app.app_context():
        query = select(Attendee).where(Attendee.user_id.is_(None))
        people = db.session.scalars(query).all()
        assert people
        for person in people:
            is_companion = person.companion_of_id is not None
            assert is_companion or person.name.endswith("（架空）")
            assert is_companion or person.email.endswith(f"@{DOMAIN}")


@pytest.mark.parametrize("hours", [0, 6, 14, 20])
def test_the_event_of_today_is_on_at_any_hour(app: Flask, hours: int) -> None:
    with app.app_context():
        event, moment = event_of("today"), NOW + timedelta(hours=hours)
        assert event.starts_at < moment < event.ends_at
        assert door_of(event.state, event.starts_at, event.ends_at, moment) is Door.OPEN


def test_reception_floor_and_tables_of_today_can_be_tried(app: Flask) -> None:
    with app.app_context():
        event = event_of("today")
        assert present_attendees(event.id)
        counts = state_counts(event.id)
        for state in (
            QuestionState.NEW, QuestionState.ACCEPTED, QuestionState.MERGED,
            QuestionState.ANSWERED,
        ):  # fmt: skip
            assert counts[state], state
        version = table_queries.version_in_force(table_queries.get_plan(event.id).id)
        assert version is not None
        assert version.figures["with_two"] >= 5
        meetings = table_queries.meetings_of(version.id)
        assert any(each.need_id and each.offering_id for each in meetings)


def test_the_past_event_has_been_looked_back_on(app: Flask) -> None:
    with app.app_context():
        event = event_of("past")
        report = find_report(event.id)
        assert report is not None
        assert report.state is ReportState.PUBLISHED
        version = latest_version(report)
        assert version is not None
        assert version.figures
        assert len(table_queries.outcomes_of(event.id)) >= 4
        assert event.survey_id is not None
        assert count_answers(event.survey_id) >= 5


def test_no_mail_is_written(app: Flask) -> None:
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(OutboxMessage)) == 0


@pytest.mark.parametrize(
    ("who", "key", "words"),
    [
        ("officer", "coming", "確定"),
        ("startup", "coming", "オンライン"),
        ("recycler", "coming", "確定"),
        ("reviewer", "coming", "オンライン"),
        ("officer", "networking", "交流会"),
        ("coordinator", "copy", "下書き"),
    ],
)
def test_each_person_of_the_demo_finds_the_event(
    app: Flask, signed_in: Visit, who: str, key: str, words: str
) -> None:
    with app.app_context():
        event_id = event_of(key).id
    page = signed_in(who).get(f"/regional-events/{event_id}")
    assert page.status_code == 200
    assert words in page.get_data(as_text=True)


def test_a_visitor_reads_the_report_and_that_all_is_invented(app: Flask) -> None:
    with app.app_context():
        event_id, invited_id = event_of("past").id, event_of("networking").id
    client = app.test_client()
    assert "架空のイベント" in client.get(f"/regional-events/{event_id}").get_data(as_text=True)
    report = client.get(f"/regional-events/{event_id}/report").get_data(as_text=True)
    assert "廃食油を船で集める" in report
    assert client.get(f"/regional-events/{invited_id}").status_code in (302, 401, 404)


def test_a_database_of_an_earlier_version_gets_the_events(
    migrated_database: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Earlier versions had no events of the demo; loading later brings them, of that day."""
    labels = [step.label for step in loading.SHARED_STEPS]
    before_events = loading.SHARED_STEPS[: labels.index("posts known to the ranking")]
    with application(tmp_path, migrated_database) as app, app.app_context():
        with monkeypatch.context() as earlier:
            earlier.setattr(loading, "SHARED_STEPS", before_events)
            seed(current_settings(), NOW - timedelta(days=30))
        invented = select(func.count()).where(RegionalEvent.is_demo)
        assert db.session.scalar(invented) == 0
        seed(current_settings(), NOW)
        assert db.session.scalar(invented) == len(KEYS)
        assert phase_of(event_of("today"), NOW) is Phase.OPEN


def test_what_people_changed_is_left_alone(app: Flask) -> None:
    """The staff cancelled an event since; loading again brings nothing back."""
    with app.app_context():
        event = event_of("networking")
        event.state = EventState.CANCELLED
        db.session.commit()
        seed(current_settings(), NOW + timedelta(days=1))
        assert event_of("networking").state is EventState.CANCELLED
