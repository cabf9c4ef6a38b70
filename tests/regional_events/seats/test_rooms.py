"""Several rooms of one event, kept seats, rooms that shrink: nobody gets a seat that is not there,
and nobody waits while one is free.

Nothing of the engine's arithmetic is used here: whatever is asked is counted from the people.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from flask import Flask
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
)
from sqlalchemy import select

from matchmaker.core.actor import SYSTEM
from matchmaker.core.db import db
from matchmaker.core.domain_events import subscribe
from matchmaker.core.errors import ProductError
from matchmaker.regional_events.planning.domain import ReserveKind, TrackKind
from matchmaker.regional_events.planning.events import TrackChanged
from matchmaker.regional_events.planning.models import SeatReserve, Track, TrackQuota
from matchmaker.regional_events.planning.queries import get_event
from matchmaker.regional_events.planning.tracks import service as tracks
from matchmaker.regional_events.registrations import following, service
from matchmaker.regional_events.registrations.checking import line_report, seat_report
from matchmaker.regional_events.registrations.domain import (
    LIVE_STATES,
    PASSES_MOST,
    AttendeeRole,
    CapacityTooLow,
    OrganizationCorrection,
    PersonData,
    WaitingState,
    WhenFull,
)
from matchmaker.regional_events.registrations.models import Attendee, WaitingEntry
from tests.regional_events.builders import make_event, make_registration, make_track
from tests.regional_events.seats.machines import run_machine

NOW = datetime(2026, 11, 2, 3, 0, tzinfo=UTC)
DESKS, CHAIRS, STREAM = "机", "いす", "配信"
ORGANIZATIONS = ("", "甲社", "乙社", "丙市")
CATEGORIES = {"": "citizen", "甲社": "company", "乙社": "company", "丙市": "municipality"}
EXAMPLES, STEPS = 15, 25
any_number = st.integers(0, 1000)
maybe = st.booleans()
organizations = st.sampled_from(ORGANIZATIONS)


class Rooms(RuleBasedStateMachine):
    """Desks with kept seats, chairs that count organisations together with them, a stream."""

    def __init__(self) -> None:
        super().__init__()
        self.now, self.named = NOW, 0

    @initialize(
        hold=st.sampled_from([0, 2]), desks=st.integers(2, 5), chairs=st.integers(1, 4),
        limit=st.sampled_from([None, 1, 2]), kept=st.integers(0, 2), together=maybe,
        quota=st.sampled_from([None, 2]),
    )  # fmt: skip
    def plan(
        self, hold: int, desks: int, chairs: int, limit: int | None, kept: int, together: bool,
        quota: int | None,
    ) -> None:  # fmt: skip
        self.event = make_event(NOW, hold_hours=hold)
        reserve = SeatReserve(kind=ReserveKind.PRESS, seats=kept)
        quotas = [] if quota is None else [TrackQuota(category="company", seats=quota)]
        first = make_track(
            self.event, name=DESKS, capacity=desks, per_organization_limit=limit,
            reserves=[reserve], quotas=quotas,
        )  # fmt: skip
        second = make_track(
            self.event, name=CHAIRS, capacity=chairs, limit_track_id=first.id if together else None
        )
        stream = make_track(self.event, name=STREAM, kind=TrackKind.ONLINE, capacity=None)
        self.ids = {DESKS: first.id, CHAIRS: second.id, STREAM: stream.id}
        self.limit, self.quota = limit, quota
        self.limited = {first.id, second.id} if together else {first.id}

    # what people do

    @rule(
        organization=organizations, size=st.integers(1, 3), together=maybe, assisted=maybe,
        wish=st.sampled_from([DESKS, DESKS, CHAIRS]), hybrid=maybe,
    )  # fmt: skip
    def register(
        self, organization: str, size: int, together: bool, assisted: bool, wish: str, hybrid: bool
    ) -> None:
        people = []
        for number in range(size):
            self.named += 1
            people.append(
                PersonData(
                    name=f"人{self.named}", email=f"p{self.named}-{id(self)}@example.jp",
                    track_id=self.ids[STREAM if hybrid else wish],
                    also_wait_for=self.ids[wish] if hybrid else None,
                    companions=["通訳"] if assisted and not number else [],
                )
            )  # fmt: skip
        make_registration(
            self.event, self.track(wish), now=self.now, people=people, is_together=together,
            organization_name=organization, category=CATEGORIES[organization],
        )  # fmt: skip

    @precondition(lambda self: self.live())
    @rule(number=any_number)
    def cancel(self, number: int) -> None:
        service.cancel_attendee(self.one(self.live(), number), "", SYSTEM, self.now)

    @precondition(lambda self: self.leaders())
    @rule(number=any_number, to=st.sampled_from([DESKS, CHAIRS, STREAM]))
    def change(self, number: int, to: str) -> None:
        person = self.one(self.leaders(), number)
        with suppress(ProductError), db.session.begin_nested():
            service.change_track(person, self.track(to), SYSTEM, self.now, wait_if_full=True)

    @precondition(lambda self: self.entries(WaitingState.OFFERED))
    @rule(number=any_number, accepts=maybe)
    def answer(self, number: int, accepts: bool) -> None:
        entry = self.one(self.entries(WaitingState.OFFERED), number)
        answer = service.accept_offer if accepts else service.decline_offer
        answer(entry, SYSTEM, self.now)

    # what the staff and the clock do

    @rule(seats=st.integers(0, 3))
    def keep(self, seats: int) -> None:
        """As many as there are free, or the plan stays as it was."""
        with suppress(ProductError), db.session.begin_nested():
            tracks.set_reserves(self.track(DESKS), {ReserveKind.PRESS: seats}, SYSTEM, self.now)

    @rule(name=st.sampled_from([DESKS, CHAIRS]), seats=st.integers(1, 5))
    def resize(self, name: str, seats: int) -> None:
        """More at once; fewer only after those have moved who sit there last."""
        track = self.track(name)
        if seats >= (track.capacity or 0):
            tracks.change_track(
                track, replace(tracks.data_of(track), capacity=seats), SYSTEM, self.now
            )
            return
        moved: list[Attendee] = []
        try:
            service.check_capacity(track, seats)
        except CapacityTooLow as error:
            moved = [db.session.get_one(Attendee, each) for each in error.candidates]
        with suppress(ProductError), db.session.begin_nested():
            moves = dict.fromkeys(person.id for person in moved)
            service.lower_capacity(track, seats, moves, SYSTEM, self.now)

    @precondition(lambda self: self.leaders())
    @rule(number=any_number)
    def seat_on_kept(self, number: int) -> None:
        person, track = self.one(self.leaders(), number), self.track(DESKS)
        with suppress(ProductError), db.session.begin_nested():
            service.seat_by_staff(person, track, track.reserves[0], SYSTEM, self.now, "取材")

    @precondition(lambda self: self.leaders())
    @rule(number=any_number, name=organizations, whole=maybe)
    def correct(self, number: int, name: str, whole: bool) -> None:
        right = OrganizationCorrection(
            name=name, category=CATEGORIES[name], is_whole=whole, when_full=WhenFull.LINE
        )
        person = self.one(self.leaders(), number)
        service.correct_organization(person, right, "まちがい", SYSTEM, self.now)

    @rule(hours=st.integers(1, 5))
    def wait(self, hours: int) -> None:
        self.now += timedelta(hours=hours)
        for entry in self.entries(WaitingState.OFFERED):
            service.expire_offer(entry, self.now)

    # what always holds

    @invariant()
    def counters_are_right(self) -> None:
        assert seat_report(self.event.id) == []
        assert line_report(self.event.id) == []

    @invariant()
    def no_room_holds_more_than_it_has(self) -> None:
        for name in (DESKS, CHAIRS):
            assert self.free_seats(name) >= 0

    @invariant()
    def no_organization_holds_more_than_its_limit(self) -> None:
        for name in ORGANIZATIONS[1:]:
            assert self.limit is None or len(self.of_organization(name)) <= self.limit

    @invariant()
    def nobody_waits_while_a_seat_is_free(self) -> None:
        for name in (DESKS, CHAIRS):
            for entry in sorted(self.line(name), key=lambda each: (each.joined_at, each.id)):
                size = entry.size <= self.free_seats(name)
                allowed = self.allows(name, self.people_of(entry))
                assert not (size and allowed), f"{entry.size} of {name} wait for nothing"
                if allowed and entry.passes >= PASSES_MOST and entry.size <= self.most(name):
                    break  # seats are gathered for this group

    @invariant()
    def time_goes_on(self) -> None:
        self.now += timedelta(minutes=1)

    # counted from the people

    def free_seats(self, name: str) -> int:
        return self.most(name) - len([p for p in self.on(name) if not self.sits_on_kept(p, name)])

    def most(self, name: str) -> int:
        """Seats of the room for everybody: kept ones are not, whether planned or sat on."""
        track = self.track(name)
        kept = 0
        for reserve in track.reserves:
            sitting = [p for p in self.rows() if p.reserve_id == reserve.id]
            kept += max(reserve.seats, len(sitting))
        return (track.capacity or 0) - kept

    def sits_on_kept(self, person: Attendee, name: str) -> bool:
        return person.track_id == self.ids[name] and person.reserve_id is not None

    def on(self, name: str) -> list[Attendee]:
        """Everybody who sits there, or has a seat there held."""
        held = {
            entry.id
            for entry in self.entries(WaitingState.OFFERED)
            if entry.track_id == self.ids[name]
        }
        return [
            person
            for person in self.rows()
            if person.track_id == self.ids[name]
            or (person.waiting_entry_id in held and person.state in LIVE_STATES)
        ]

    def of_organization(self, organization: str) -> set[Any]:
        """Whom of it the limit counts, each once."""
        names = [name for name in (DESKS, CHAIRS) if self.ids[name] in self.limited]
        return {
            person.id
            for name in names
            for person in self.on(name)
            if person.organization_name == organization
            and person.role is not AttendeeRole.COMPANION
            and (not self.sits_on_kept(person, name) or self.is_offered(person))
        }

    def is_offered(self, person: Attendee) -> bool:
        offered = {entry.id for entry in self.entries(WaitingState.OFFERED)}
        return person.waiting_entry_id in offered

    def allows(self, name: str, people: Iterable[Attendee]) -> bool:
        """Whether organisation and category leave room for them, beside those who sit already."""
        coming = {p.id for p in people if p.role is not AttendeeRole.COMPANION}
        first = min(people, key=lambda p: p.role is AttendeeRole.COMPANION)
        if name == DESKS and self.quota is not None and first.category == "company":
            used = [
                p for p in self.on(DESKS)
                if p.category == "company"
                and p.role is not AttendeeRole.COMPANION
                and not self.sits_on_kept(p, DESKS)
            ]  # fmt: skip
            if coming and len(used) + len(coming) > self.quota:
                return False
        if self.limit is None or not first.organization_name or self.ids[name] not in self.limited:
            return True
        counted = self.of_organization(first.organization_name)
        return not coming - counted or len(counted | coming) <= self.limit

    def track(self, name: str) -> Track:
        return next(each for each in get_event(self.event.id).tracks if each.name == name)

    def rows(self) -> list[Attendee]:
        query = (
            select(Attendee)
            .where(Attendee.event_id == self.event.id)
            .order_by(Attendee.created_at, Attendee.position, Attendee.name)
            .execution_options(populate_existing=True)
        )
        return list(db.session.scalars(query))

    def live(self) -> list[Attendee]:
        return [person for person in self.rows() if person.state in LIVE_STATES]

    def leaders(self) -> list[Attendee]:
        return [person for person in self.live() if person.companion_of_id is None]

    def entries(self, state: WaitingState) -> list[WaitingEntry]:
        query = (
            select(WaitingEntry)
            .where(WaitingEntry.state == state, WaitingEntry.track_id.in_(self.ids.values()))
            .order_by(WaitingEntry.joined_at, WaitingEntry.id)
            .execution_options(populate_existing=True)
        )
        return list(db.session.scalars(query))

    def line(self, name: str) -> list[WaitingEntry]:
        waiting = self.entries(WaitingState.WAITING)
        return [entry for entry in waiting if entry.track_id == self.ids[name]]

    def people_of(self, entry: WaitingEntry) -> list[Attendee]:
        return [person for person in self.live() if person.waiting_entry_id == entry.id]

    def one(self, things: list[Any], number: int) -> Any:
        return things[number % len(things)]

    def teardown(self) -> None:
        db.session.rollback()


def test_rooms_and_lines_agree_whatever_happens(app: Flask) -> None:
    subscribe({TrackChanged: (following.follow_seats,)})
    with app.test_request_context(method="POST"):
        run_machine(Rooms, EXAMPLES, STEPS)


def test_who_sits_in_one_room_moves_to_the_other_within_the_limit(app: Flask) -> None:
    subscribe({})
    with app.app_context():
        for hold in (0, 24):
            event = make_event(NOW, hold_hours=hold)
            desks = make_track(event, name=DESKS, capacity=1, per_organization_limit=1)
            chairs = make_track(event, name=CHAIRS, capacity=3, limit_track_id=desks.id)
            first = _come(event, desks, "甲社")
            person = _come(event, chairs, "乙社")
            entry = service.change_track(person, desks, SYSTEM, NOW, wait_if_full=True)
            service.cancel_attendee(first, "", SYSTEM, NOW)
            if hold:
                assert entry is not None
                assert entry.state is WaitingState.OFFERED, "the place within the limit goes along"
                assert seat_report(event.id) == []
                service.accept_offer(entry, SYSTEM, NOW)
            db.session.refresh(person)
            assert person.track_id == desks.id
            assert seat_report(event.id) == []


def _come(event: Any, track: Track, organization: str) -> Attendee:
    made = make_registration(
        event, track, organization_name=organization, category="company", now=NOW
    )
    return db.session.scalars(select(Attendee).where(Attendee.registration_id == made.id)).one()


def test_more_seats_are_kept_only_as_far_as_they_are_free(app: Flask) -> None:
    subscribe({TrackChanged: (following.follow_seats,)})
    with app.app_context():
        event = make_event(NOW, hold_hours=0)
        make_track(event, capacity=3, reserves=[SeatReserve(kind=ReserveKind.PRESS, seats=1)])
        room = get_event(event.id).tracks[0]
        make_registration(event, room, ("甲", "乙"), now=NOW)
        try:
            tracks.set_reserves(room, {ReserveKind.PRESS: 2}, SYSTEM, NOW)
        except ProductError as error:
            assert error.field == "reserves"
            assert "1席まで" in error.message
        else:
            raise AssertionError("a third and a fourth person would share the last seat")


def test_a_kept_seat_beyond_the_plan_is_for_everybody_once_it_is_left(app: Flask) -> None:
    subscribe({TrackChanged: (following.follow_seats,)})
    with app.app_context():
        event = make_event(NOW, hold_hours=0)
        make_track(event, capacity=2, reserves=[SeatReserve(kind=ReserveKind.PRESS, seats=1)])
        room = get_event(event.id).tracks[0]
        press, guest, late = (_come(event, room, name) for name in ("新聞社", "甲社", "乙社"))
        service.cancel_attendee(guest, "", SYSTEM, NOW)
        db.session.refresh(late)
        service.seat_by_staff(press, room, room.reserves[0], SYSTEM, NOW, "取材")
        other = _come(event, room, "丙社")
        tracks.set_reserves(get_event(event.id).tracks[0], {}, SYSTEM, NOW)
        db.session.refresh(other)
        assert other.track_id is None, "two people sit on the two seats"
        service.cancel_attendee(press, "", SYSTEM, NOW)
        db.session.refresh(other)
        assert other.track_id == room.id
        assert seat_report(event.id) == []
