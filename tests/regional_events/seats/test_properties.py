"""Whatever people do, in whatever order: the seats come out as the rule says, and never more."""

from __future__ import annotations

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
from matchmaker.regional_events.planning.domain import EventMove, EventState, TrackKind, WaitingRule
from matchmaker.regional_events.planning.events import EventMoved
from matchmaker.regional_events.planning.models import SeatWave, TrackQuota
from matchmaker.regional_events.registrations import service
from matchmaker.regional_events.registrations.checking import line_report, seat_report
from matchmaker.regional_events.registrations.domain import (
    OPEN_WAITING,
    CapacityTooLow,
    PersonData,
)
from matchmaker.regional_events.registrations.explaining import place_in_line
from matchmaker.regional_events.registrations.following import follow_move
from matchmaker.regional_events.registrations.models import Attendee, WaitingEntry
from matchmaker.regional_events.registrations.service import expire_offer, fill_free_seats
from tests.regional_events.builders import make_event, make_registration, make_track
from tests.regional_events.seats.machines import run_machine
from tests.regional_events.seats.model import ROOM, STREAM, Entry, Model, Person

NOW = datetime(2026, 11, 2, 3, 0, tzinfo=UTC)
STARTS = NOW + timedelta(hours=72)
ORGANIZATIONS = ("", "甲社", "乙社", "丙市")
CATEGORIES = {"": "citizen", "甲社": "company", "乙社": "company", "丙市": "municipality"}
EXAMPLES, STEPS = 40, 25
MINUTE = timedelta(minutes=1)
any_number = st.integers(0, 1000)
maybe = st.booleans()


class Seats(RuleBasedStateMachine):
    """The engine on a real database beside the model of the rule."""

    def __init__(self) -> None:
        super().__init__()
        self.now, self.named = NOW, 0

    @initialize(
        fewest=maybe, hold=st.sampled_from([0, 2, 30]), seats=st.integers(2, 6),
        limit=st.sampled_from([None, 1, 2]), quota=st.sampled_from([None, 2]),
        first=st.sampled_from([None, 1, 3]), stream=st.sampled_from([None, 1]),
    )  # fmt: skip
    def plan(
        self, fewest: bool, hold: int, seats: int, limit: int | None, quota: int | None,
        first: int | None, stream: int | None,
    ) -> None:  # fmt: skip
        chosen = WaitingRule.FEWEST_SEATS if fewest else WaitingRule.FIRST_COME
        self.event = make_event(NOW, hold_hours=hold, waiting_rule=chosen, starts_at=STARTS)
        quotas = [] if quota is None else [TrackQuota(category="company", seats=quota)]
        self.wave = SeatWave(release_at=STARTS - timedelta(hours=30))
        self.tracks = {
            ROOM: make_track(
                self.event, capacity=seats, per_organization_limit=limit, quotas=quotas,
                first_seats=first, waves=[self.wave],
            ),
            STREAM: make_track(self.event, kind=TrackKind.ONLINE, capacity=stream, position=1),
        }  # fmt: skip
        self.names = {track.id: name for name, track in self.tracks.items()}
        self.whole = seats
        given = seats if first is None else min(seats, first)
        self.model = Model(
            STARTS, fewest, timedelta(hours=hold), {ROOM: given, STREAM: stream}, limit,
            {} if quota is None else {"company": quota},
        )  # fmt: skip

    # what people do

    @rule(
        organization=st.sampled_from(ORGANIZATIONS), size=st.integers(1, 3), together=maybe,
        at_once=maybe, assisted=maybe, wish=st.sampled_from([ROOM, ROOM, STREAM, "both"]),
    )  # fmt: skip
    def register(
        self, organization: str, size: int, together: bool, at_once: bool, assisted: bool, wish: str
    ) -> None:
        if not self._goes_on():
            return
        wanted, fallback = (ROOM, STREAM) if wish == "both" else (wish, None)
        units = [self._unit(organization, at_once, n == 0 and assisted) for n in range(size)]
        for person in [person for unit in units for person in unit]:
            person.wanted, person.fallback, person.came = wanted, fallback, self.now
        data = [self._data(unit, wanted, fallback) for unit in units]
        make_registration(
            self.event, self.tracks[wanted], now=self.now, people=data,
            organization_name=organization, category=CATEGORIES[organization],
            is_together=together, is_at_once=at_once,
        )  # fmt: skip
        groups = [[person for unit in units for person in unit]] if together else units
        self.model.people += [person for unit in units for person in unit]
        self.model.come(groups, wanted, fallback, self.now, is_at_once=at_once)

    def _unit(self, organization: str, at_once: bool, assisted: bool) -> list[Person]:
        self.named += 1
        category = CATEGORIES[organization]
        person = Person(f"人{self.named}", organization, category, is_at_once=at_once)
        if not assisted:
            return [person]
        helper = Person(
            f"通訳{self.named}", organization, category, leader=person, is_at_once=at_once
        )
        return [person, helper]

    def _data(self, unit: list[Person], wanted: str, fallback: str | None) -> PersonData:
        person, *helpers = unit
        return PersonData(
            name=person.name, email=f"p{self.named}-{id(person)}@example.jp",
            track_id=self.tracks[fallback or wanted].id,
            also_wait_for=self.tracks[wanted].id if fallback else None,
            companions=[helper.name for helper in helpers],
        )  # fmt: skip

    @precondition(lambda self: self._people("confirmed", "waiting"))
    @rule(number=any_number)
    def cancel(self, number: int) -> None:
        person = self._one(self._people("confirmed", "waiting"), number)
        service.cancel_attendee(self._attendee(person), "", SYSTEM, self.now)
        self.model.cancel(person, self.now)

    @precondition(lambda self: self._goes_on() and self._alone("cancelled", "expired"))
    @rule(number=any_number)
    def restore(self, number: int) -> None:
        person = self._one(self._alone("cancelled", "expired"), number)
        service.restore_attendee(self._attendee(person), "まちがい", SYSTEM, self.now)
        joined = person.entry.joined[0] if person.entry else person.came
        person.state = "waiting"
        self.model.come(
            [[person]], person.wanted, person.fallback, self.now, is_at_once=person.is_at_once,
            joined=joined,
        )  # fmt: skip

    @precondition(lambda self: self._goes_on() and self._leaders("confirmed", "waiting"))
    @rule(number=any_number, track=st.sampled_from([ROOM, STREAM]))
    def change(self, number: int, track: str) -> None:
        free = [
            person
            for person in self._leaders("confirmed", "waiting")
            if person.entry is None or person.entry.state != "offered"
        ]
        if not free:
            return
        person = self._one(free, number)
        service.change_track(
            self._attendee(person), self.tracks[track], SYSTEM, self.now, wait_if_full=True
        )
        self.model.change(person, track, self.now)

    @precondition(lambda self: self._goes_on() and self._entries("offered"))
    @rule(number=any_number, accepts=maybe)
    def answer(self, number: int, accepts: bool) -> None:
        entry = self._one(self._entries("offered"), number)
        if accepts:
            service.accept_offer(self._entry(entry), SYSTEM, self.now)
            self.model.settle(self.model.seat_entry(entry, self.now), self.now)
        else:
            service.decline_offer(self._entry(entry), SYSTEM, self.now)
            self.model.end_offer(entry, "declined", self.now)

    @precondition(lambda self: self._entries("waiting"))
    @rule(number=any_number, what=st.sampled_from(["leave", "split", "at once"]))
    def move_in_line(self, number: int, what: str) -> None:
        entry = self._one(self._entries("waiting"), number)
        row = self._entry(entry)
        if what == "leave":
            service.leave_line(row, SYSTEM, self.now)
            self.model.end_offer(entry, "withdrawn", self.now)
        elif what == "split":
            service.split_group(row, SYSTEM, self.now)
            self.model.split(entry, self.now)
        else:
            service.set_at_once(row, not entry.is_at_once, SYSTEM, self.now)
            entry.is_at_once = not entry.is_at_once
            self.model.settle([entry.track], self.now)

    # what the staff and the clock do

    @rule(limit=st.sampled_from([None, 1, 2, 3]))
    def limit_organizations(self, limit: int | None) -> None:
        if self.wave.released_at is not None:
            return
        self.tracks[ROOM].per_organization_limit = self.model.organization_limit = limit
        service.follow_track_change(self.event, self.now)
        self.model.settle([ROOM, STREAM], self.now)

    @precondition(lambda self: self.wave.released_at is None)
    @rule()
    def release(self) -> None:
        service.release_wave(self.wave, self.now, SYSTEM, "早めに")
        self._released()

    def _released(self) -> None:
        self.model.organization_limit, self.model.seats[ROOM] = None, self.whole
        self.model.settle([ROOM], self.now)

    @precondition(lambda self: self.whole > 1)
    @rule()
    def lower(self) -> None:
        track, seats = self.tracks[ROOM], self.whole - 1
        try:
            service.check_capacity(track, seats)
            moved: list[Person] = []
        except CapacityTooLow as error:
            rows = [db.session.get_one(Attendee, each) for each in error.candidates]
            named = {person.name: person for person in self.model.people}
            moved = [named[row.name] for row in rows[: error.surplus]]
            if sum(len(self.model.with_companions(person)) for person in moved) < error.surplus:
                return  # too many seats are held for offers
        moves = dict.fromkeys([self._attendee(person).id for person in moved])
        service.lower_capacity(track, seats, moves, SYSTEM, self.now)
        given = self.model.seats[ROOM] or 0
        self.whole = seats
        self.model.lower(min(given, seats), moved, self.now)

    @rule()
    def stop_or_go_on(self) -> None:
        on = self.event.state is EventState.PUBLISHED
        self.event.state = EventState.POSTPONED if on else EventState.PUBLISHED
        move = EventMove.POSTPONE if on else EventMove.RESUME
        old = EventState.PUBLISHED if on else EventState.POSTPONED
        db.session.flush()
        follow_move(
            EventMoved(
                actor=SYSTEM, now=self.now, subject_id=self.event.id, move=move, old_state=old
            )
        )  # fmt: skip
        self.model.is_on = not on
        for entry in self._entries("offered") if on else []:
            entry.state, entry.until = "waiting", None
        self.model.settle([ROOM, STREAM], self.now)

    @rule(hours=st.integers(1, 20))
    def wait(self, hours: int) -> None:
        self.now += timedelta(hours=hours)
        if self.wave.released_at is None and self.now >= self.wave.release_at:
            service.release_wave(self.wave, self.now)
            self._released()
        due = [e for e in self._entries("offered") if e.until and e.until <= self.now]
        for entry in sorted(due, key=lambda each: (each.until, each.joined)):
            assert expire_offer(self._entry(entry), self.now)
            self.model.end_offer(entry, "expired", self.now)
        fill_free_seats(self.event, self.now)
        self.model.settle([ROOM, STREAM], self.now)

    # what always holds

    @invariant()
    def rows_are_as_the_rule_says(self) -> None:
        db.session.flush()
        rows = self._rows()
        assert {
            row.name: (row.state.value, row.track_id and self.names[row.track_id]) for row in rows
        } == {person.name: (person.state, person.seat) for person in self.model.people}
        assert self._open_rows(rows) == self._open_entries()

    @invariant()
    def nothing_is_oversold_and_counters_are_right(self) -> None:
        assert seat_report(self.event.id) == []
        assert line_report(self.event.id) == []
        for track, seats in self.model.seats.items():
            assert seats is None or len(self.model.on(track)) <= seats

    @precondition(lambda self: self._entries("waiting"))
    @rule()
    def explain(self) -> None:
        numbers = []
        for entry in self._entries("waiting"):
            place = place_in_line(self._entry(entry), self.now)
            assert place.why
            assert place.number == place.ahead + 1
            numbers.append((entry.track, place.number))
        assert len(numbers) == len(set(numbers))

    @invariant()
    def time_goes_on(self) -> None:
        self.now += MINUTE

    def _rows(self) -> list[Attendee]:
        query = (
            select(Attendee)
            .where(Attendee.event_id == self.event.id)
            .execution_options(populate_existing=True)
        )
        return list(db.session.scalars(query))

    def _open_rows(self, rows: list[Attendee]) -> set[tuple[Any, ...]]:
        entries = db.session.scalars(
            select(WaitingEntry)
            .where(WaitingEntry.state.in_(OPEN_WAITING))
            .where(WaitingEntry.track_id.in_(self.names))
            .execution_options(populate_existing=True)
        )
        live = ("confirmed", "waiting")
        return {
            (
                self.names[entry.track_id],
                frozenset(
                    r.name for r in rows if r.waiting_entry_id == entry.id and r.state.value in live
                ),
                entry.state.value,
                entry.passes,
                entry.is_at_once,
            )
            for entry in entries
        }

    def _open_entries(self) -> set[tuple[Any, ...]]:
        return {
            (e.track, frozenset(p.name for p in e.people), e.state, e.passes, e.is_at_once)
            for e in [*self._entries("waiting"), *self._entries("offered")]
        }

    def _goes_on(self) -> bool:
        return self.event.state is EventState.PUBLISHED and self.now < STARTS

    def _people(self, *states: str) -> list[Person]:
        return [person for person in self.model.people if person.state in states]

    def _leaders(self, *states: str) -> list[Person]:
        return [person for person in self._people(*states) if person.leader is None]

    def _alone(self, *states: str) -> list[Person]:
        assisted = {person.leader for person in self.model.people if person.leader}
        return [person for person in self._leaders(*states) if person not in assisted]

    def _entries(self, state: str) -> list[Entry]:
        return [entry for entry in self.model.entries if entry.state == state]

    def _one(self, things: list[Any], number: int) -> Any:
        return things[number % len(things)]

    def _attendee(self, person: Person) -> Attendee:
        query = select(Attendee).where(
            Attendee.event_id == self.event.id, Attendee.name == person.name
        )
        return db.session.scalars(query).one()

    def _entry(self, entry: Entry) -> WaitingEntry:
        row = self._attendee(entry.people[0])
        return db.session.get_one(WaitingEntry, row.waiting_entry_id)

    def teardown(self) -> None:
        db.session.rollback()


def test_seats_come_out_as_the_rule_says(app: Flask) -> None:
    subscribe({})  # mail is tested elsewhere
    with app.app_context():
        run_machine(Seats, EXAMPLES, STEPS)
