"""Offers, moves, hand-overs, waves, fewer seats, events that stop: what each command does."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select, update

from matchmaker.core.actor import SYSTEM, Actor
from matchmaker.core.db import db
from matchmaker.core.domain_events import DomainEvent
from matchmaker.core.errors import Conflict, ProductError
from matchmaker.regional_events.planning.domain import EventMove, EventState, TrackKind
from matchmaker.regional_events.planning.events import EventMoved, TrackChanged
from matchmaker.regional_events.planning.models import RegionalEvent, SeatReserve, SeatWave
from matchmaker.regional_events.registrations import following, jobs, service
from matchmaker.regional_events.registrations.checking import seat_report
from matchmaker.regional_events.registrations.domain import (
    CapacityTooLow,
    InvalidRegistration,
    NoSeat,
    SeatScope,
    WaitingState,
)
from matchmaker.regional_events.registrations.events import (
    HandedOver,
    OfferEnd,
    OfferEnded,
    SeatConfirmed,
    SeatOffered,
    TrackMoved,
)
from matchmaker.regional_events.registrations.explaining import place_in_line
from matchmaker.regional_events.registrations.models import (
    Attendee,
    Registration,
    SeatCounter,
    WaitingEntry,
)
from tests.regional_events.builders import make_event, make_registration, make_track, person_data
from tests.regional_events.seats.conftest import NOW

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
SECOND = timedelta(seconds=1)


def people(registration: Registration) -> list[Attendee]:
    query = select(Attendee).where(Attendee.registration_id == registration.id)
    return list(db.session.scalars(query.order_by(Attendee.position)))


def person(registration: Registration) -> Attendee:
    return people(registration)[0]


def entry(registration: Registration) -> WaitingEntry:
    return db.session.get_one(WaitingEntry, person(registration).waiting_entry_id)


def state(*registrations: Registration) -> list[str]:
    return [each.state.value for made in registrations for each in people(made)]


def cancel(registration: Registration) -> None:
    service.cancel_attendee(person(registration), "", SYSTEM, NOW)


def move(event: RegionalEvent, to: EventState) -> None:
    old, event.state = event.state, to
    db.session.flush()
    following.follow_move(
        EventMoved(
            actor=SYSTEM, now=NOW, subject_id=event.id, move=EventMove.CANCEL, old_state=old
        )
    )  # fmt: skip


@pytest.fixture(name="offering")
def event_with_offers(context: None) -> RegionalEvent:
    """An event that holds offered seats for a day."""
    return make_event(NOW, hold_hours=24)


def full_house(event: RegionalEvent, waiting: int = 2) -> Sequence[Registration]:
    """One seat, taken; then as many who wait."""
    track = make_track(event, capacity=1)
    return [make_registration(event, track, now=NOW) for _ in range(1 + waiting)]


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
    assert "すぐ来られる" in place_in_line(entry(first), event.starts_at - DAY).what_would_help


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


def test_a_wave_gives_out_more_seats_once_and_in_order(event: RegionalEvent) -> None:
    wave = SeatWave(release_at=NOW + DAY, seats=None, per_organization_limit=2)
    track = make_track(event, capacity=3, first_seats=1, per_organization_limit=1, waves=[wave])
    made = [
        make_registration(event, track, now=NOW, organization_name="甲社") for _ in range(3)
    ]  # fmt: skip
    citizen = make_registration(event, track, now=NOW)
    assert state(*made, citizen) == ["confirmed", "waiting", "waiting", "waiting"]
    assert "追加" in place_in_line(entry(citizen), NOW).what_would_help
    with pytest.raises(ProductError):
        service.release_wave(wave, NOW)
    db.session.commit()
    assert jobs.release_waves(NOW + DAY - SECOND) == 0
    assert jobs.release_waves(NOW + 2 * DAY) == 1, "a late worker catches up"
    assert jobs.release_waves(NOW + 2 * DAY) == 0
    assert service.release_wave(wave, NOW + 2 * DAY) is None
    assert state(*made, citizen) == ["confirmed", "confirmed", "waiting", "confirmed"]
    assert "団体" in place_in_line(entry(made[2]), NOW).why


def test_a_changed_plan_moves_the_line_and_takes_no_seat_away(event: RegionalEvent) -> None:
    track = make_track(event, capacity=3, per_organization_limit=2)
    made = [
        make_registration(event, track, now=NOW, organization_name="甲社") for _ in range(3)
    ]  # fmt: skip
    track.per_organization_limit = 1
    changed = TrackChanged(actor=SYSTEM, now=NOW, subject_id=event.id, track_id=track.id)
    following.follow_seats(changed)
    assert state(*made) == ["confirmed", "confirmed", "waiting"]
    cancel(made[0])
    assert state(made[2]) == ["waiting"], "the organisation has its one seat"
    track.per_organization_limit = None
    following.follow_seats(changed)
    assert state(made[2]) == ["confirmed"]


def test_fewer_seats_than_people_ask_whom_to_move(
    event: RegionalEvent, heard: list[DomainEvent]
) -> None:
    track = make_track(event, capacity=3)
    stream = make_track(event, kind=TrackKind.ONLINE, capacity=None)
    made = [make_registration(event, track, now=NOW + n * SECOND) for n in range(3)]
    waiting = make_registration(event, track, now=NOW)
    with pytest.raises(CapacityTooLow) as error:
        service.lower_capacity(track, 1, {}, SYSTEM, NOW)
    assert error.value.surplus == 2
    assert error.value.candidates == tuple(person(each).id for each in reversed(made))
    assert state(*made) == ["confirmed"] * 3
    moves = {person(made[0]).id: stream.id, person(made[2]).id: None}
    service.lower_capacity(track, 1, moves, SYSTEM, NOW, "会場が変わった")
    assert person(made[0]).track_id == stream.id
    assert person(made[1]).track_id == track.id
    assert state(made[2]) == ["waiting"]
    told = [e for e in heard if isinstance(e, TrackMoved)]
    assert [e.subject_id for e in told] == list(moves)
    assert all(e.reason == "会場が変わった" for e in told)
    assert track.capacity == 1
    assert entry(waiting).joined_at < entry(made[2]).joined_at
    assert seat_report(event.id) == []


def test_only_those_who_sit_there_can_be_moved_away(event: RegionalEvent) -> None:
    track = make_track(event, capacity=2)
    make_registration(event, track, now=NOW)
    gone = make_registration(event, track, now=NOW)
    cancel(gone)
    with pytest.raises(Conflict):
        service.lower_capacity(track, 1, {person(gone).id: None}, SYSTEM, NOW)


def test_the_staff_passes_the_line_only_with_a_reason_and_never_beyond_a_bound(
    event: RegionalEvent, heard: list[DomainEvent]
) -> None:
    reserve = SeatReserve(kind="press", seats=1)
    track = make_track(event, capacity=3, reserves=[reserve])
    make_registration(event, track, now=NOW)
    group = make_registration(event, track, ("甲", "乙"), now=NOW)
    stream = make_track(event, kind=TrackKind.ONLINE, capacity=None)
    online = [make_registration(event, stream, now=NOW) for _ in range(3)]
    with pytest.raises(ProductError):
        service.seat_by_staff(person(online[0]), track, None, SYSTEM, NOW)
    service.seat_by_staff(person(online[0]), track, None, SYSTEM, NOW, "登壇の補助")
    with pytest.raises(NoSeat):
        service.seat_by_staff(person(online[1]), track, None, SYSTEM, NOW, "登壇の補助")
    service.seat_by_staff(person(online[1]), track, reserve, SYSTEM, NOW)
    with pytest.raises(NoSeat):
        service.seat_by_staff(person(online[2]), track, reserve, SYSTEM, NOW)
    assert state(group) == ["waiting", "waiting"]
    assert sum(isinstance(e, TrackMoved) for e in heard) == 2
    assert seat_report(event.id) == []


def test_where_an_event_stops_offers_end_and_seats_stay(
    offering: RegionalEvent, heard: list[DomainEvent]
) -> None:
    track = make_track(offering, capacity=2)
    seated = [make_registration(offering, track, now=NOW) for _ in range(2)]
    first = make_registration(offering, track, now=NOW)
    cancel(seated[0])
    joined = entry(first).joined_at
    move(offering, EventState.POSTPONED)
    told = [e for e in heard if isinstance(e, OfferEnded)]
    assert [e.end for e in told] == [OfferEnd.FROZEN]
    assert (state(seated[1], first), entry(first).joined_at) == (["confirmed", "waiting"], joined)
    cancel(seated[1])
    assert entry(first).state is WaitingState.WAITING
    assert "延期" in place_in_line(entry(first), NOW).why
    move(offering, EventState.PUBLISHED)
    assert entry(first).state is WaitingState.OFFERED
    assert seat_report(offering.id) == []


def test_a_restored_person_waits_at_the_old_place(event: RegionalEvent) -> None:
    seated, first, second = full_house(event)
    cancel(seated)
    assert state(first) == ["confirmed"]
    with pytest.raises(ProductError):
        service.restore_attendee(person(seated), " ", SYSTEM, NOW)
    service.restore_attendee(person(seated), "取り消しはまちがい", SYSTEM, NOW + HOUR)
    assert entry(seated).joined_at == NOW
    cancel(first)
    assert state(seated, second) == ["waiting", "confirmed"], "both asked at the same moment"
    cancel(second)
    assert state(seated) == ["confirmed"]


def test_nobody_is_restored_who_registered_anew(event: RegionalEvent) -> None:
    track = make_track(event)
    who = person_data(track, email="a@example.jp")
    first = make_registration(event, track, now=NOW, people=[who])
    cancel(first)
    make_registration(event, track, now=NOW, people=[who])
    with pytest.raises(Conflict):
        service.restore_attendee(person(first), "まちがい", SYSTEM, NOW)


def test_seats_are_given_when_registration_opens(event: RegionalEvent) -> None:
    seated, first, _second = full_house(event)
    event.opens_at = NOW + DAY
    cancel(seated)
    assert state(first) == ["waiting"]
    db.session.commit()
    assert jobs.fill_seats(NOW + DAY - SECOND) == 0
    assert jobs.fill_seats(NOW + DAY) == 1
    assert state(first) == ["confirmed"]


def test_the_command_says_differences_and_mends_them_with_a_reason(
    app: Flask, event: RegionalEvent
) -> None:
    track = make_track(event, capacity=2)
    make_registration(event, track, now=NOW)
    db.session.commit()
    runner = app.test_cli_runner()
    assert runner.invoke(args=["events", "check-seats"]).exit_code == 0
    db.session.execute(
        update(SeatCounter).where(SeatCounter.scope == SeatScope.TRACK).values(taken=0)
    )
    db.session.commit()
    found = runner.invoke(args=["events", "check-seats"])
    assert found.exit_code == 1
    assert "counted 0, held 1" in found.output
    mended = runner.invoke(args=["events", "check-seats", "--repair", "手で直した"])
    assert mended.exit_code == 0
    db.session.expire_all()
    assert seat_report(event.id) == []
    counter = db.session.scalars(
        select(SeatCounter).where(SeatCounter.scope == SeatScope.TRACK)
    ).one()
    assert (counter.taken, counter.stated, counter.capacity) == (1, 2, 2)


def test_each_person_hears_of_a_seat_once(event: RegionalEvent, heard: list[DomainEvent]) -> None:
    seated, first, _second = full_house(event)
    cancel(seated)
    told = [e.subject_id for e in heard if isinstance(e, SeatConfirmed)]
    assert told == [person(seated).id, person(first).id]
