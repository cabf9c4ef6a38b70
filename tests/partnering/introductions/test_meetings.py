"""What two people say of their talk at a table becomes an introduction, once."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from matchmaker.accounts.queries import actor_of_today
from matchmaker.core.actor import Actor
from matchmaker.core.db import db, new_id
from matchmaker.core.domain_events import record
from matchmaker.partnering.introductions import meetings, queries, service
from matchmaker.partnering.introductions.domain import IntroductionState, Source
from matchmaker.partnering.introductions.models import Introduction
from matchmaker.regional_events.registrations.models import Attendee
from matchmaker.regional_events.tables.domain import OutcomeVerdict
from matchmaker.regional_events.tables.events import OutcomeRecorded
from matchmaker.regional_events.tables.models import MeetingOutcome, TableGuest
from tests.regional_events.tables.room_world import RoomWorld

TOWN, FIRM = "町1", "会社1"
V, S = OutcomeVerdict, IntroductionState


@pytest.fixture
def room(app: Flask) -> RoomWorld:
    """A town and a company with a place at the tables."""
    return RoomWorld(app, towns=1, companies=1)


def guest(room: RoomWorld, name: str) -> TableGuest:
    query = select(TableGuest).where(TableGuest.attendee_id == room.attendees[name])
    found = db.session.scalar(query)
    assert found is not None
    return found


def actor(room: RoomWorld, name: str) -> Actor:
    person = db.session.get_one(Attendee, room.attendees[name]).user_id
    return actor_of_today(person, name)


def says(room: RoomWorld, name: str, verdict: OutcomeVerdict, minutes: int = 0) -> uuid.UUID:
    """What one says of the other, as the page of the tables records it."""
    partner = FIRM if name == TOWN else TOWN
    now = room.now + timedelta(minutes=minutes)
    outcome = MeetingOutcome(
        id=new_id(), event_id=room.event_id, slot=1, guest_id=guest(room, name).id,
        partner_id=guest(room, partner).id, need_id=room.posts[TOWN],
        offering_id=room.posts[FIRM], verdict=verdict, created_at=now, updated_at=now,
    )  # fmt: skip
    db.session.add(outcome)
    db.session.flush()
    tell(room, name, outcome.id, minutes)
    return outcome.id


def tell(room: RoomWorld, name: str, outcome_id: uuid.UUID, minutes: int = 0) -> None:
    now = room.now + timedelta(minutes=minutes)
    record(
        OutcomeRecorded(
            actor=actor(room, name), now=now, subject_id=room.event_id, outcome_id=outcome_id
        )
    )
    db.session.commit()


def count() -> int:
    return db.session.scalar(select(func.count(Introduction.id))) or 0


def test_both_sides_interest_is_a_match_at_once_and_only_once(room: RoomWorld) -> None:
    with room.app.app_context():
        says(room, TOWN, V.INTEREST)
        assert count() == 0
        last = says(room, FIRM, V.FOLLOW_UP, 1)
        made = queries.standing_of_pair(room.posts[TOWN], room.posts[FIRM])
        assert made is not None
        assert (made.state, made.source) == (S.ACCEPTED, Source.EVENT_TABLE)
        assert made.sender.name == TOWN
        tell(room, FIRM, last, 2)
        assert count() == 1
        assert meetings.suggestions_for(actor(room, TOWN), room.now) == []


def test_one_side_s_interest_waits_on_its_list_for_one_press(room: RoomWorld) -> None:
    with room.app.app_context():
        outcome_id = says(room, FIRM, V.INTEREST)
        says(room, TOWN, V.NOTHING, 1)
        assert count() == 0
        assert meetings.suggestions_for(actor(room, TOWN), room.now) == []
        (voice,) = meetings.suggestions_for(actor(room, FIRM), room.now)
        assert voice.outcome.id == outcome_id
        pressed = meetings.suggestion(outcome_id, actor(room, FIRM))
        sent = [
            service.send(meetings.interest_of(pressed), actor(room, FIRM), room.now).id
            for _ in range(2)
        ]
        assert sent[0] == sent[1]
        assert "テーブルでの対話" in queries.get(sent[0]).note
        assert meetings.suggestions_for(actor(room, FIRM), room.now) == []


def test_what_was_asked_before_the_talk_is_accepted_by_it(room: RoomWorld) -> None:
    with room.app.app_context():
        outcome_id = says(room, FIRM, V.INTEREST)
        voice = meetings.suggestion(outcome_id, actor(room, FIRM))
        sent = service.send(meetings.interest_of(voice), actor(room, FIRM), room.now)
        says(room, TOWN, V.FOLLOW_UP, 1)
        assert queries.get(sent.id).state is S.ACCEPTED
        assert count() == 1


def test_who_does_not_write_for_the_organisation_opens_no_contacts(room: RoomWorld) -> None:
    with room.app.app_context():
        db.session.get_one(Attendee, room.attendees[TOWN]).user_id = None
        db.session.commit()
        says(room, FIRM, V.INTEREST)
        partner = guest(room, FIRM).id
        outcome = MeetingOutcome(
            id=new_id(), event_id=room.event_id, slot=1, guest_id=guest(room, TOWN).id,
            partner_id=partner, need_id=room.posts[TOWN], offering_id=room.posts[FIRM],
            verdict=V.INTEREST, created_at=room.now, updated_at=room.now,
        )  # fmt: skip
        db.session.add(outcome)
        db.session.flush()
        tell(room, FIRM, outcome.id)
        assert count() == 0
        assert len(meetings.suggestions_for(actor(room, FIRM), room.now)) == 1
