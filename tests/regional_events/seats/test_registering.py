"""Sending in, confirming by link, who is registered already, what cannot be."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from matchmaker.core.actor import SYSTEM, VISITOR
from matchmaker.core.db import db
from matchmaker.core.domain_events import DomainEvent, subscribe
from matchmaker.core.errors import Conflict
from matchmaker.organizations.domain import OrganizationData
from matchmaker.organizations.service import create_organization
from matchmaker.regional_events.planning.domain import EventState, TrackKind
from matchmaker.regional_events.planning.models import RegionalEvent, SeatReserve
from matchmaker.regional_events.registrations import jobs
from matchmaker.regional_events.registrations.checking import seat_report
from matchmaker.regional_events.registrations.domain import (
    CONFIRM_WITHIN,
    AlreadyRegistered,
    Assistance,
    AttendeeRole,
    InvalidRegistration,
    NoSeat,
    Source,
)
from matchmaker.regional_events.registrations.events import RegisteredAgain, RegistrationEvent
from matchmaker.regional_events.registrations.models import Attendee, Registration
from matchmaker.regional_events.registrations.service import confirm_registration
from tests.regional_events.builders import make_event, make_registration, make_track, person_data

NOW = datetime(2026, 11, 2, 3, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)
heard: list[DomainEvent] = []


@pytest.fixture(autouse=True)
def context(app: Flask) -> Iterator[None]:
    """An application context; events are heard instead of mailed."""
    heard.clear()
    subscribe({RegistrationEvent: (heard.append,)})
    with app.app_context():
        yield


@pytest.fixture(name="event")
def open_event() -> RegionalEvent:
    return make_event(NOW, hold_hours=0)


def people(registration: Registration) -> list[Attendee]:
    query = select(Attendee).where(Attendee.registration_id == registration.id)
    return list(db.session.scalars(query.order_by(Attendee.position)))


def states(registration: Registration) -> list[str]:
    return [person.state.value for person in people(registration)]


def test_a_second_submission_gives_back_the_first(event: RegionalEvent) -> None:
    track = make_track(event)
    first = make_registration(event, track, now=NOW, submission_key="same")
    again = make_registration(event, track, now=NOW, submission_key="same")
    assert again is first
    assert len(db.session.scalars(select(Registration)).all()) == 1


def test_numbers_count_the_registrations_of_an_event(event: RegionalEvent) -> None:
    track = make_track(event)
    numbers = [make_registration(event, track, now=NOW).number for _ in range(3)]
    assert numbers == [1, 2, 3]


def test_a_guest_is_seated_when_the_link_is_followed(event: RegionalEvent) -> None:
    track = make_track(event, capacity=1)
    guest = make_registration(event, track, now=NOW, actor=VISITOR)
    assert states(guest) == ["pending"]
    member = make_registration(event, track, now=NOW + SECOND)
    confirm_registration(guest, NOW + 2 * SECOND)
    confirm_registration(guest, NOW + 3 * SECOND)
    assert (states(member), states(guest)) == (["confirmed"], ["waiting"])


def test_a_link_followed_too_late_seats_nobody(event: RegionalEvent) -> None:
    guest = make_registration(event, make_track(event), now=NOW, actor=VISITOR)
    with pytest.raises(Conflict):
        confirm_registration(guest, NOW + CONFIRM_WITHIN)
    assert jobs.expire_unconfirmed(NOW + CONFIRM_WITHIN - SECOND) == 0
    assert jobs.expire_unconfirmed(NOW + CONFIRM_WITHIN) == 1
    assert jobs.expire_unconfirmed(NOW + CONFIRM_WITHIN) == 0
    assert states(guest) == ["expired"]


def test_a_guest_may_confirm_after_registration_closed_but_not_a_cancelled_event(
    event: RegionalEvent,
) -> None:
    guest = make_registration(event, make_track(event), now=NOW, actor=VISITOR)
    event.closes_at = NOW + SECOND
    event.state = EventState.CANCELLED
    with pytest.raises(Conflict):
        confirm_registration(guest, NOW + 2 * SECOND)
    event.state = EventState.PUBLISHED
    confirm_registration(guest, NOW + 2 * SECOND)
    assert states(guest) == ["confirmed"]


def test_members_are_told_who_is_registered_already(event: RegionalEvent) -> None:
    track = make_track(event)
    person = person_data(track, "田中 一郎", email="Ichiro@example.jp")
    make_registration(event, track, now=NOW, people=[person])
    other = person_data(track, "一郎", email="ｉchiro@EXAMPLE.jp")
    with pytest.raises(AlreadyRegistered) as error:
        make_registration(event, track, now=NOW, people=[person_data(track, "新人"), other])
    assert error.value.errors == {
        "people-1-email": "田中 一郎さんは、このイベントにもう登録されています。"
    }


def test_a_guest_learns_nothing_on_the_page(event: RegionalEvent) -> None:
    track = make_track(event)
    person = person_data(track, "田中 一郎", email="ichiro@example.jp")
    first = make_registration(event, track, now=NOW, people=[person])
    again = make_registration(event, track, now=NOW, people=[person], actor=VISITOR)
    assert again is first
    assert isinstance(heard[-1], RegisteredAgain)
    assert heard[-1].subject_id == people(first)[0].id


def test_an_unconfirmed_registration_keeps_nobody_out(event: RegionalEvent) -> None:
    track = make_track(event)
    person = person_data(track, "田中", email="t@example.jp", companions=["通訳"])
    stranger = make_registration(event, track, now=NOW, people=[person], actor=VISITOR)
    own = make_registration(event, track, now=NOW, people=[person])
    assert states(stranger) == ["expired", "expired"]
    assert states(own) == ["confirmed", "confirmed"]
    with pytest.raises(Conflict):
        confirm_registration(stranger, NOW)


def test_names_keep_their_variants_and_half_width_kana_becomes_wide(event: RegionalEvent) -> None:
    track = make_track(event)
    name = "葛\U000e0100城　花子"
    person = person_data(track, name, kana="ｶﾂﾗｷﾞ ﾊﾅｺ")
    saved = people(make_registration(event, track, now=NOW, people=[person]))[0]
    assert (saved.name, saved.kana) == ("葛\U000e0100城 花子", "カツラギ ハナコ")


def test_companions_sit_with_their_person_and_count_on_the_track_alone(
    event: RegionalEvent,
) -> None:
    track = make_track(event, capacity=4, per_organization_limit=1)
    person = person_data(track, companions=["手話 太郎", ""], assistance=[Assistance.SIGN_LANGUAGE])
    made = make_registration(event, track, now=NOW, people=[person], organization_name="甲社")
    assert states(made) == ["confirmed"] * 3
    assert [each.role for each in people(made)[1:]] == [AttendeeRole.COMPANION] * 2
    later = make_registration(event, track, now=NOW, organization_name="甲 社")
    assert states(later) == ["waiting"], "the organisation has one seat"
    citizen = make_registration(event, track, now=NOW)
    assert states(citizen) == ["confirmed"], "citizens have no organisation"
    assert seat_report(event.id) == []


def test_a_typed_name_of_a_member_counts_as_the_member(event: RegionalEvent) -> None:
    member = create_organization(
        OrganizationData(name="環境テック株式会社", kana="カンキョウテック", category="company",
                         prefecture="愛知県", company_size="micro", industry="services"),
        SYSTEM, NOW,
    )  # fmt: skip
    track = make_track(event, per_organization_limit=1)
    make_registration(event, track, now=NOW, organization_id=member.id)
    typed = make_registration(event, track, now=NOW, organization_name="環境ﾃｯｸ 株式会社")
    assert states(typed) == ["waiting"]
    assert people(typed)[0].organization_id == member.id
    assert people(typed)[0].category == "company"


def test_kept_seats_are_for_the_staff_and_counted_apart(event: RegionalEvent) -> None:
    reserve = SeatReserve(kind="speaker", seats=1)
    track = make_track(event, capacity=2, reserves=[reserve])
    speaker = person_data(track, reserve_id=reserve.id, role=AttendeeRole.SPEAKER)
    with pytest.raises(InvalidRegistration):
        make_registration(event, track, now=NOW, people=[speaker])
    made = make_registration(event, track, now=NOW, people=[speaker], source=Source.DESK)
    assert states(made) == ["confirmed"]
    second = person_data(track, "講師 二郎", reserve_id=reserve.id)
    with pytest.raises(NoSeat), db.session.begin_nested():
        make_registration(event, track, now=NOW, people=[second], source=Source.DESK)
    rest = [states(make_registration(event, track, now=NOW)) for _ in range(2)]
    assert rest == [["confirmed"], ["waiting"]]
    assert seat_report(event.id) == []


def test_online_now_and_on_site_when_there_is_a_seat(event: RegionalEvent) -> None:
    room = make_track(event, capacity=1)
    stream = make_track(event, kind=TrackKind.ONLINE, capacity=None)
    wish = person_data(stream, email="a@example.jp", also_wait_for=room.id)
    first = people(make_registration(event, room, now=NOW, people=[wish]))[0]
    assert first.track_id == room.id, "there is a seat on site"
    wish = person_data(stream, email="b@example.jp", also_wait_for=room.id)
    second = people(make_registration(event, room, now=NOW, people=[wish]))[0]
    assert (second.track_id, second.wanted_track_id) == (stream.id, room.id)
    assert second.waiting_entry_id is not None


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        ({"people": []}, "people"),
        ({"contact_name": "　"}, "contact_name"),
        ({"contact_email": "nobody"}, "contact_email"),
        ({"organization_name": "長" * 121}, "organization_name"),
    ],
)
def test_what_cannot_be_is_said_at_its_place(
    event: RegionalEvent, changes: dict[str, Any], place: str
) -> None:
    with pytest.raises(InvalidRegistration) as error:
        make_registration(event, make_track(event), now=NOW, **changes)
    assert place in error.value.errors


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        ({"name": ""}, "people-0-name"),
        ({"email": "x@"}, "people-0-email"),
        ({"companions": ["a"] * 4}, "people-0-companions"),
        ({"assistance": ["magic"]}, "people-0-assistance"),
    ],
)
def test_what_cannot_be_of_a_person_is_said_at_its_place(
    event: RegionalEvent, changes: dict[str, Any], place: str
) -> None:
    track = make_track(event)
    person = person_data(track, **{"name": "花子", **changes})
    with pytest.raises(InvalidRegistration) as error:
        make_registration(event, track, now=NOW, people=[person])
    assert list(error.value.errors) == [place]


def test_the_track_of_another_event_is_refused(event: RegionalEvent) -> None:
    other = make_track(make_event(NOW))
    with pytest.raises(InvalidRegistration) as error:
        make_registration(event, other, now=NOW)
    assert list(error.value.errors) == ["people-0-track_id"]


def test_registration_opens_and_closes_to_the_second(event: RegionalEvent) -> None:
    track = make_track(event)
    event.opens_at, event.closes_at = NOW, NOW + timedelta(days=1)
    for moment in (NOW - SECOND, NOW + timedelta(days=1)):
        with pytest.raises(Conflict):
            make_registration(event, track, now=moment)
        make_registration(event, track, now=moment, source=Source.DESK)
    make_registration(event, track, now=NOW)
    make_registration(event, track, now=NOW + timedelta(days=1) - SECOND)


def test_nobody_waits_at_the_door(event: RegionalEvent) -> None:
    track = make_track(event, capacity=1)
    make_registration(event, track, now=NOW)
    make_registration(event, track, now=NOW)
    later = event.starts_at + timedelta(minutes=5)
    with pytest.raises(NoSeat), db.session.begin_nested():
        make_registration(event, track, now=later, source=Source.WALK_IN)
    event_track = make_track(event, capacity=1, name="別室")
    walk_in = make_registration(event, event_track, now=later, source=Source.WALK_IN)
    assert states(walk_in) == ["confirmed"]


def test_the_first_answers_freeze_the_questions(event: RegionalEvent) -> None:
    track = make_track(event)
    make_registration(event, track, now=NOW)
    assert event.questions_frozen_at is None
    make_registration(event, track, now=NOW + SECOND, answers={"party": ["yes"]})
    make_registration(event, track, now=NOW + 2 * SECOND, answers={"party": ["no"]})
    assert event.questions_frozen_at == NOW + SECOND
