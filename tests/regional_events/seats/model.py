"""The rules of seats and of the waiting list once more, as plainly as possible, for comparison.

Nothing is counted here: whatever is asked is found by looking at all people each time. One room and
one stream; a group stands in line for the room, perhaps while it sits on the stream.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

ROOM, STREAM = "room", "stream"
PASSES = 2
SHORT = timedelta(hours=24)
EVER = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass(eq=False)
class Person:
    """Somebody of a registration; ``leader`` is whom a companion assists."""

    name: str
    organization: str
    category: str
    leader: Person | None = None
    seat: str | None = None
    state: str = "new"
    entry: Entry | None = None
    is_at_once: bool = False
    came: datetime = EVER
    seated: datetime = EVER
    wanted: str = ROOM
    fallback: str | None = None


@dataclass(eq=False)
class Entry:
    """A place in line."""

    track: str
    people: list[Person]
    joined: tuple[datetime, int]
    is_at_once: bool
    state: str = "waiting"
    passes: int = 0
    until: datetime | None = None

    @property
    def counting(self) -> list[Person]:
        return [person for person in self.people if person.leader is None]


@dataclass
class Model:
    """All people and all places in line of one event."""

    starts_at: datetime
    fewest_first: bool
    hold: timedelta
    seats: dict[str, int | None]
    organization_limit: int | None = None
    quota: dict[str, int] = field(default_factory=dict)
    is_on: bool = True
    people: list[Person] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)
    counter: int = 0

    def on(self, track: str) -> list[Person]:
        """Everybody who sits there or has seats held there."""
        held = [entry for entry in self.entries if (entry.track, entry.state) == (track, "offered")]
        seated = [person for person in self.people if person.seat == track]
        return seated + [person for entry in held for person in entry.people]

    def limited(self, track: str, organization: str = "", category: str = "") -> int:
        """How many seats an organisation or a category has there; companions do not count."""
        return sum(
            person.leader is None
            and (not organization or person.organization == organization)
            and (not category or person.category == category)
            for person in self.on(track)
        )

    def obstacle(self, entry: Entry, now: datetime) -> str:
        """Why an entry could not be seated now: ``""``, ``own`` or ``size``."""
        first = entry.people[0]
        count = len(entry.counting)
        if now >= self.starts_at - SHORT and not entry.is_at_once:
            return "own"
        if entry.track == ROOM and count:
            limit, quota = self.organization_limit, self.quota.get(first.category)
            used = self.limited(ROOM, organization=first.organization)
            if first.organization and limit is not None and used + count > limit:
                return "own"
            if quota is not None and self.limited(ROOM, category=first.category) + count > quota:
                return "own"
        seats, taken = self.seats[entry.track], len(self.on(entry.track))
        if seats is None or taken + len(entry.people) <= seats:
            return ""
        return "own" if len(entry.people) > max(seats, taken) else "size"

    def order(self, entry: Entry) -> tuple[int, tuple[datetime, int]]:
        """Smaller comes first."""
        organization = entry.people[0].organization
        held = 0
        if self.fewest_first and organization:
            held = self.limited(entry.track, organization=organization)
        return held, entry.joined

    def next_of(self, line: Iterable[Entry], now: datetime) -> tuple[Entry | None, list[Entry]]:
        """Who is served next, and which groups let that entry pass."""
        passed: list[Entry] = []
        for entry in sorted(line, key=self.order):
            match self.obstacle(entry, now):
                case "":
                    return entry, passed
                case "size":
                    if entry.passes >= PASSES and now < self.starts_at - SHORT:
                        return None, []
                    passed.append(entry)
        return None, []

    def line(self, track: str) -> list[Entry]:
        """Who waits there."""
        return [entry for entry in self.entries if (entry.track, entry.state) == (track, "waiting")]

    def settle(self, tracks: Sequence[str | None], now: datetime) -> None:
        """Serve the lines of these tracks, then those of tracks where seats came free by it."""
        todo = [track for track in dict.fromkeys(tracks) if track]
        if not self.is_on or now >= self.starts_at:
            return
        while todo:
            track, freed = todo.pop(0), list[str]()
            while True:
                entry, passed = self.next_of(self.line(track), now)
                if entry is None:
                    break
                for other in passed:
                    other.passes += 1
                if self.hold:
                    entry.state, entry.until = "offered", min(now + self.hold, self.starts_at)
                else:
                    freed += self.seat_entry(entry, now)
            todo += freed

    def seat_entry(self, entry: Entry, now: datetime) -> list[str]:
        """Give an entry its seats; gives the tracks it leaves."""
        left = [person.seat for person in entry.people if person.seat]
        entry.state = "accepted"
        for person in entry.people:
            person.seat, person.state, person.seated = entry.track, "confirmed", now
        return left

    def join(
        self, people: list[Person], track: str, joined: datetime, *, is_at_once: bool
    ) -> Entry:
        """Put people in line; whoever sits elsewhere stays there."""
        self.counter += 1
        entry = Entry(track, people, (joined, self.counter), is_at_once)
        self.entries.append(entry)
        for person in people:
            person.entry, person.wanted = entry, track
            if person.seat is None:
                person.state = "waiting"
        return entry

    def try_new(
        self, people: list[Person], track: str, now: datetime, joined: datetime | None = None
    ) -> bool:
        """Seat people who come new, if nobody in line could take the seats."""
        place = (joined or now, self.counter + 1)
        newcomer = Entry(track, people, place, is_at_once=True)
        if now >= self.starts_at:
            chosen, passed = newcomer, list[Entry]()
            if self.obstacle(newcomer, now):
                return False
        else:
            entry, passed = self.next_of([*self.line(track), newcomer], now)
            if entry is not newcomer:
                return False
            chosen = entry
        for other in passed:
            other.passes += 1
        for person in chosen.people:
            person.seat, person.state, person.seated = track, "confirmed", now
        return True

    def come(
        self,
        groups: Sequence[list[Person]],
        track: str,
        fallback: str | None,
        now: datetime,
        *,
        is_at_once: bool,
        joined: datetime | None = None,
    ) -> None:
        """People register (or come back): groups that are seated all or none, in their order."""
        for people in groups:
            if self.try_new(people, track, now, joined):
                continue
            if fallback and self.try_new(people, fallback, now):
                self.join(people, track, joined or now, is_at_once=is_at_once)
                continue
            self.join(people, track, joined or now, is_at_once=is_at_once)
        everybody = [person for people in groups for person in people]
        self.settle([track, *(person.seat for person in everybody)], now)

    def with_companions(self, person: Person) -> list[Person]:
        """A person and those who come along, as far as they still do."""
        live = ("confirmed", "waiting")
        return [
            person, *(p for p in self.people if p.leader is person and p.state in live)
        ]  # fmt: skip

    def quit_line(self, people: Sequence[Person]) -> list[str]:
        """Take people out of their places in line; gives the tracks concerned."""
        entries = dict.fromkeys(
            person.entry
            for person in people
            if person.entry is not None and person.entry.state in ("waiting", "offered")
        )
        for entry in entries:
            entry.people = [person for person in entry.people if person not in people]
            if not entry.people:
                entry.state = "withdrawn"
                continue
            for person in people:
                person.entry = None if person.entry is entry else person.entry
        return [entry.track for entry in entries]

    def cancel(self, person: Person, now: datetime) -> None:
        """A person does not come, nor do the companions."""
        people = self.with_companions(person)
        freed = [each.seat for each in people if each.seat]
        freed += self.quit_line(people)
        for each in people:
            each.seat, each.state = None, "cancelled"
        self.settle(freed, now)

    def end_offer(self, entry: Entry, state: str, now: datetime) -> None:
        """Seats that were held go on; whoever has none is out."""
        entry.state = state
        for person in entry.people:
            if person.seat is None:
                person.state = "expired" if state == "expired" else "cancelled"
        self.settle([entry.track], now)

    def split(self, entry: Entry, now: datetime) -> None:
        """Everybody of a group may be seated alone, companions with their person."""
        units = [
            [p for p in entry.people if p in (leader, *self.with_companions(leader))]
            for leader in entry.people
            if leader.leader not in entry.people
        ]
        if len(units) > 1:
            entry.people, entry.passes = units[0], 0
            for unit in units[1:]:
                self.join(unit, entry.track, entry.joined[0], is_at_once=entry.is_at_once)
        self.settle([entry.track], now)

    def change(self, person: Person, track: str, now: datetime) -> None:
        """Go to another track, or wait for it while staying."""
        people = self.with_companions(person)
        entry = person.entry if person.entry and person.entry.state == "waiting" else None
        if person.seat == track:
            return
        if entry is not None and entry.track == track and len(entry.people) == len(people):
            return
        freed: list[str | None] = [each.wanted for each in people]
        freed += [each.seat for each in people]
        if self.try_new(people, track, now):
            self.quit_line(people)
            for each in people:
                each.wanted = track
            self.settle(freed, now)
        elif entry is None or entry.track != track:
            self.quit_line(people)
            self.join(people, track, now, is_at_once=person.is_at_once)
            self.settle([*freed, track], now)

    def lower(self, seats: int, moved: Sequence[Person], now: datetime) -> None:
        """Fewer seats in the room; those named get in line with the moment of their seat."""
        for person in moved:
            people = self.with_companions(person)
            self.quit_line(people)
            for each in people:
                each.seat = None
            self.join(people, ROOM, person.seated, is_at_once=person.is_at_once)
        self.seats[ROOM] = seats
        self.settle([ROOM], now)
