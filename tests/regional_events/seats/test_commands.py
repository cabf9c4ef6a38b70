"""Offers, groups, changes of track, hand-overs: what each command does."""

from __future__ import annotations

import pytest

from matchmaker.core.actor import SYSTEM, Actor
from matchmaker.core.db import db
from matchmaker.core.domain_events import DomainEvent
from matchmaker.core.errors import Conflict, ProductError
from matchmaker.regional_events.planning.domain import TrackKind
from matchmaker.regional_events.planning.models import RegionalEvent
from matchmaker.regional_events.registrations import jobs, service
from matchmaker.regional_events.registrations.checking import seat_report
from matchmaker.regional_events.registrations.domain import (
    InvalidRegistration,
    NoSeat,
    WaitingState,
)
from matchmaker.regional_events.registrations.events import (
    HandedOver,
    SeatOffered,
)
from matchmaker.regional_events.registrations.explaining import place_in_line
from tests.regional_events.builders import make_registration, make_track, person_data
from tests.regional_events.seats.conftest import NOW
from tests.regional_events.seats.steps import (
    DAY,
    HOUR,
    SECOND,
    cancel,
    entry,
    full_house,
    person,
    state,
)


def test_a_cancelled_seat_is_offered_to_the_next_in_the_same_transaction(
    offering: RegionalEvent, heard: list[DomainEvent]
) -> None:
    seated, first, second = full_house(offering)
    cancel(seated)
    cancel(seated)
    assert entry(first).state is WaitingState.OFFERED
    assert entry(first).offer_until == NOW + DAY
    assert entry(second).state is WaitingState.WAITING
    assert [e.subject_id for e in heard if isinstance(e, SeatOffered)] == [entry(first).id]
    assert seat_report(offering.id) == []


def test_an_offer_is_accepted_once_and_only_in_time(offering: RegionalEvent) -> None:
    seated, first, second = full_house(offering)
    cancel(seated)
    with pytest.raises(Conflict):
        service.accept_offer(entry(first), SYSTEM, NOW + DAY)
    service.accept_offer(entry(first), SYSTEM, NOW + DAY - SECOND)
    service.accept_offer(entry(first), SYSTEM, NOW + DAY - SECOND)
    assert state(first, second) == ["confirmed", "waiting"]
    with pytest.raises(Conflict):
        service.accept_offer(entry(second), SYSTEM, NOW)


def test_declined_and_unanswered_offers_go_to_the_next(offering: RegionalEvent) -> None:
    seated, first, second, third = full_house(offering, 3)
    cancel(seated)
    service.decline_offer(entry(first), SYSTEM, NOW + HOUR)
    assert state(first) == ["cancelled"]
    assert entry(second).offer_until == NOW + HOUR + DAY
    db.session.commit()
    assert jobs.expire_offers(NOW + HOUR + DAY - SECOND) == 0
    assert jobs.expire_offers(NOW + HOUR + DAY) == 1
    assert jobs.expire_offers(NOW + HOUR + DAY) == 0
    assert state(second) == ["expired"]
    assert entry(third).state is WaitingState.OFFERED


def test_an_offer_ends_at_the_start_and_nobody_is_offered_a_seat_after_it(
    offering: RegionalEvent,
) -> None:
    seated, first, second = full_house(offering)
    service.set_at_once(entry(first), True, SYSTEM, NOW)
    near = offering.starts_at - HOUR
    service.cancel_attendee(person(seated), "", SYSTEM, near)
    assert entry(first).offer_until == offering.starts_at
    db.session.commit()
    assert jobs.expire_offers(offering.starts_at) == 1
    assert entry(second).state is WaitingState.WAITING
    place = place_in_line(entry(second), offering.starts_at)
    assert "始まった" in place.why


def test_shortly_before_the_start_only_those_who_can_come_at_once_are_asked(
    event: RegionalEvent,
) -> None:
    seated, first, second = full_house(event)
    service.set_at_once(entry(second), True, SYSTEM, NOW)
    service.cancel_attendee(person(seated), "", SYSTEM, event.starts_at - DAY)
    assert state(first, second) == ["waiting", "confirmed"]
    assert (
        "直前でもすぐ行けます" in place_in_line(entry(first), event.starts_at - DAY).what_would_help
    )


def test_an_accepted_offer_frees_the_online_seat(offering: RegionalEvent) -> None:
    room = make_track(offering, capacity=1)
    stream = make_track(offering, kind=TrackKind.ONLINE, capacity=1)
    seated = make_registration(offering, room, now=NOW)
    wish = person_data(stream, email="x@example.jp", also_wait_for=room.id)
    both = make_registration(offering, room, now=NOW, people=[wish])
    online = make_registration(offering, stream, now=NOW)
    assert (person(both).track_id, state(online)) == (stream.id, ["waiting"])
    cancel(seated)
    assert person(both).track_id == stream.id, "the online seat stays until the answer"
    service.accept_offer(entry(both), SYSTEM, NOW)
    assert person(both).track_id == room.id
    assert entry(online).state is WaitingState.OFFERED
    assert seat_report(offering.id) == []


def test_whoever_declines_keeps_the_online_seat(offering: RegionalEvent) -> None:
    room = make_track(offering, capacity=1)
    stream = make_track(offering, kind=TrackKind.ONLINE, capacity=None)
    seated = make_registration(offering, room, now=NOW)
    wish = person_data(stream, email="x@example.jp", also_wait_for=room.id)
    both = make_registration(offering, room, now=NOW, people=[wish])
    cancel(seated)
    service.leave_line(entry(both), SYSTEM, NOW)
    assert (state(both), person(both).track_id) == (["confirmed"], stream.id)


def test_a_group_lets_two_pass_and_then_seats_are_gathered(event: RegionalEvent) -> None:
    track = make_track(event, capacity=4)
    seated = [make_registration(event, track, now=NOW) for _ in range(4)]
    group = make_registration(event, track, ("甲", "乙"), now=NOW)
    singles = [make_registration(event, track, now=NOW) for _ in range(3)]
    for made in seated[:2]:
        cancel(made)
    assert state(*singles) == ["confirmed", "confirmed", "waiting"]
    cancel(seated[2])
    assert state(group, singles[2]) == ["waiting", "waiting", "waiting"]
    assert "集めて" in place_in_line(entry(group), NOW).why
    assert "集めて" in place_in_line(entry(singles[2]), NOW).why
    newcomer = make_registration(event, track, now=NOW)
    assert state(newcomer) == ["waiting"], "nobody new takes a gathered seat"
    cancel(seated[3])
    assert state(group, singles[2]) == ["confirmed", "confirmed", "waiting"]


def test_a_split_group_is_seated_one_by_one_at_its_old_place(event: RegionalEvent) -> None:
    track = make_track(event, capacity=2)
    seated = [make_registration(event, track, now=NOW) for _ in range(2)]
    group = make_registration(event, track, ("甲", "乙", "丙"), now=NOW)
    last = make_registration(event, track, now=NOW + SECOND)
    assert "人数" in place_in_line(entry(group), NOW).why, "larger than the whole room"
    service.split_group(entry(group), SYSTEM, NOW)
    for made in seated:
        cancel(made)
    assert state(group, last) == ["confirmed", "confirmed", "waiting", "waiting"]


def test_changing_the_track_frees_and_takes_in_one_step(event: RegionalEvent) -> None:
    room = make_track(event, capacity=1)
    stream = make_track(event, kind=TrackKind.ONLINE, capacity=None)
    seated = make_registration(event, room, now=NOW)
    waiting = make_registration(event, room, now=NOW)
    service.change_track(person(seated), stream, SYSTEM, NOW)
    assert person(seated).track_id == stream.id
    assert person(waiting).track_id == room.id
    with pytest.raises(NoSeat):
        service.change_track(person(seated), room, SYSTEM, NOW)
    place = service.change_track(person(seated), room, SYSTEM, NOW, wait_if_full=True)
    assert place is not None
    assert person(seated).track_id == stream.id, "the seat is kept while waiting"
    cancel(waiting)
    assert person(seated).track_id == room.id
    assert seat_report(event.id) == []


def test_a_change_does_not_overtake_those_who_wait(event: RegionalEvent) -> None:
    room = make_track(event, capacity=2)
    stream = make_track(event, kind=TrackKind.ONLINE, capacity=None)
    seated = [make_registration(event, room, now=NOW) for _ in range(2)]
    waiting = make_registration(event, room, ("甲", "乙"), now=NOW)
    online = make_registration(event, stream, now=NOW)
    entry(waiting).passes = 2
    cancel(seated[0])
    with pytest.raises(NoSeat):
        service.change_track(person(online), room, SYSTEM, NOW)


def test_a_hand_over_keeps_the_seat_and_makes_the_old_code_void(
    event: RegionalEvent, heard: list[DomainEvent]
) -> None:
    track = make_track(event)
    made = make_registration(event, track, ("甲野",), now=NOW, organization_name="甲社")
    before = person(made)
    code, email = before.code, before.email
    new = person_data(track, "乙山", email="new@example.jp")
    after = service.hand_over(before, new, Actor(), NOW)
    assert (after.name, after.link_version, after.track_id) == ("乙山", 2, track.id)
    assert after.code != code
    told = heard[-1]
    assert isinstance(told, HandedOver)
    assert (told.former_name, told.former_email) == ("甲野", email)


def test_a_hand_over_stays_within_the_organisation(event: RegionalEvent) -> None:
    track = make_track(event)
    citizen = make_registration(event, track, now=NOW)
    new = person_data(track, "乙山", email="new@example.jp")
    with pytest.raises(ProductError):
        service.hand_over(person(citizen), new, Actor(), NOW)
    service.hand_over(person(citizen), new, SYSTEM, NOW, "家族が代わりに来る")
    other = make_registration(event, track, now=NOW, organization_name="甲社")
    with pytest.raises(Conflict):
        service.hand_over(person(other), new, Actor(), NOW)
    with pytest.raises(InvalidRegistration):
        service.hand_over(person(other), person_data(track, ""), Actor(), NOW)
