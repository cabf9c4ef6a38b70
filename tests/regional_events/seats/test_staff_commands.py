"""Waves, changed plans, fewer seats, events that stop, cancellations undone, counters checked."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select, update

from matchmaker.core.actor import SYSTEM
from matchmaker.core.db import db
from matchmaker.core.domain_events import DomainEvent
from matchmaker.core.errors import Conflict, ProductError
from matchmaker.regional_events.planning.domain import EventState, TrackKind
from matchmaker.regional_events.planning.events import TrackChanged
from matchmaker.regional_events.planning.models import RegionalEvent, SeatReserve, SeatWave
from matchmaker.regional_events.registrations import following, jobs, service
from matchmaker.regional_events.registrations.checking import seat_report
from matchmaker.regional_events.registrations.domain import (
    CapacityTooLow,
    NoSeat,
    SeatScope,
    WaitingState,
)
from matchmaker.regional_events.registrations.events import (
    OfferEnd,
    OfferEnded,
    SeatConfirmed,
    TrackMoved,
)
from matchmaker.regional_events.registrations.explaining import place_in_line
from matchmaker.regional_events.registrations.models import (
    SeatCounter,
)
from tests.regional_events.builders import make_registration, make_track, person_data
from tests.regional_events.seats.conftest import NOW
from tests.regional_events.seats.steps import (
    DAY,
    HOUR,
    SECOND,
    cancel,
    entry,
    full_house,
    move,
    person,
    state,
)


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
    service.lower_capacity(track, 1, moves, SYSTEM, NOW + 9 * SECOND, "会場が変わった")
    assert person(made[0]).track_id == stream.id
    assert person(made[1]).track_id == track.id
    assert state(made[2]) == ["waiting"]
    told = [e for e in heard if isinstance(e, TrackMoved)]
    assert [e.subject_id for e in told] == list(moves)
    assert all(e.reason == "会場が変わった" for e in told)
    assert track.capacity == 1
    assert entry(made[2]).joined_at == entry(waiting).joined_at == NOW + 2 * SECOND
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
