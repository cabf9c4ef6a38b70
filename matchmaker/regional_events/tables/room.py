"""From people, posts and wishes to a seating problem, and from a seating back to people."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np

from matchmaker.core.actor import SYSTEM
from matchmaker.matching.engine import MatchingEngine
from matchmaker.matching.pairs import Pair, pair_scores, worth_of
from matchmaker.posts.domain import LISTED_STATES
from matchmaker.regional_events.registrations.domain import AttendeeState
from matchmaker.regional_events.registrations.models import Attendee
from matchmaker.regional_events.tables import queries
from matchmaker.regional_events.tables.domain import (
    MEETINGS_WANTED,
    PlanSettings,
    WishKind,
    slots_of,
)
from matchmaker.regional_events.tables.models import TableGuest, TableSeat
from matchmaker.regional_events.tables.seating import (
    AWAY,
    Flags,
    Numbers,
    SeatingPlan,
    SeatingProblem,
    Values,
)

WISH_WORTH = 0.3
"""What a wish to meet adds to a meeting: as much as a pair that is a partner three times in ten."""

PUBLIC = "public"


@dataclass(frozen=True, slots=True)
class Person:
    """A person at the tables, as the seating sees them.

    Args:
        guest_id: of :class:`TableGuest`.
        organization: key of the organisation; people without a record count by its name.
        is_member: whether posts for members may be counted for the person.
    """

    guest_id: uuid.UUID
    organization: str
    organization_id: uuid.UUID | None
    is_member: bool
    is_secretariat: bool
    is_present: bool
    needs: tuple[Any, ...] = ()
    offerings: tuple[Any, ...] = ()
    meet: frozenset[uuid.UUID] = frozenset()
    avoid: frozenset[uuid.UUID] = frozenset()


@dataclass(frozen=True, slots=True)
class RoomPlan:
    """The problem with the people it is about and the best pair of posts of any two of them."""

    people: Sequence[Person]
    problem: SeatingProblem
    pairs: Mapping[tuple[int, int], Pair]


def organization_key(attendee: Attendee) -> str:
    """What tells organisations apart; somebody without any stands alone."""
    if attendee.organization_id is not None:
        return str(attendee.organization_id)
    return attendee.organization_name.strip() or str(attendee.id)


def person_of(guest: TableGuest, is_present: bool) -> Person:
    """A guest (attendee, posts and wishes loaded) as the seating sees them."""
    attendee = guest.attendee
    posts = [] if guest.is_secretariat else guest.posts
    return Person(
        guest.id,
        organization_key(attendee),
        attendee.organization_id,
        attendee.organization_id is not None,
        guest.is_secretariat,
        is_present and guest.is_taking_part and attendee.state is AttendeeState.CONFIRMED,
        tuple(each.need for each in posts if _is_listed(each.need, attendee)),
        tuple(each.offering for each in posts if _is_listed(each.offering, attendee)),
        frozenset(w.organization_id for w in guest.wishes if w.kind is WishKind.MEET),
        frozenset(w.organization_id for w in guest.wishes if w.kind is WishKind.AVOID),
    )


def _is_listed(post: Any, attendee: Attendee) -> bool:
    """Published, and still of the person's organisation."""
    return (
        post is not None
        and post.state in LISTED_STATES
        and post.organization_id == attendee.organization_id
    )


def load_people(
    event_id: uuid.UUID, plan_id: uuid.UUID, seats: Sequence[TableSeat], *, present_only: bool
) -> list[Person]:
    """Whoever takes part, and whoever sat somewhere in an earlier version.

    Args:
        seats: of the earlier version.
        present_only: whether only those who were checked in are seated.
    """
    there = queries.present_ids(event_id) if present_only else set()
    earlier = {seat.guest_id for seat in seats}
    people = [
        person_of(guest, not present_only or guest.attendee_id in there)
        for guest in queries.guests_of(plan_id)
        if guest.is_taking_part or guest.id in earlier
    ]
    return [each for each in people if each.is_present or each.guest_id in earlier]


def make_room(
    engine: MatchingEngine,
    people: Sequence[Person],
    settings: PlanSettings,
    *,
    previous: Numbers | None = None,
    fixed_slots: int = 0,
    keeps: bool = False,
) -> RoomPlan:
    """The seating problem of a room.

    Args:
        engine: the ranking.
        people: in the order of the arrays.
        settings: slots, tables and seats.
        previous: seating of the earlier version, if there was one.
        fixed_slots: so many slots at the beginning stay as they were in it.
        keeps: whether as many seats as possible are to stay.
    """
    values, pairs = _values(engine, people)
    keys = {key: number for number, key in enumerate(sorted({p.organization for p in people}))}
    fixed = previous[:fixed_slots] if previous is not None else np.zeros((0, len(people)), int)
    problem = SeatingProblem(
        values=values,
        organizations=np.array([keys[p.organization] for p in people], dtype=np.int64),
        refused=_refused(people),
        secretariat=np.array([p.is_secretariat for p in people], dtype=bool),
        present=np.array([p.is_present for p in people], dtype=bool),
        tables=settings.tables,
        seats=settings.seats,
        slots=settings.slots,
        fixed=fixed,
        previous=previous if keeps else None,
        wanted=MEETINGS_WANTED,
    )
    return RoomPlan(people, problem, pairs)


def _values(
    engine: MatchingEngine, people: Sequence[Person]
) -> tuple[Values, dict[tuple[int, int], Pair]]:
    """Worth of each pair of people, and the posts that fit best (need of the first)."""
    needs = {post.id: post for person in people for post in person.needs}
    offerings = {post.id: post for person in people for post in person.offerings}
    worth = {
        pair: worth_of(score)
        for pair, score in pair_scores(
            engine, list(needs.values()), list(offerings.values()), SYSTEM
        ).items()
    }
    values = np.zeros((len(people), len(people)))
    pairs: dict[tuple[int, int], Pair] = {}
    for one, other in _two_sides(people):
        value, pair = _best_pair(people[one], people[other], worth)
        if pair is not None:
            pairs[one, other] = pair
            values[one, other] = max(values[one, other], value)
    values = np.maximum(values, values.T)
    return values + _wishes(people), pairs


def _two_sides(people: Sequence[Person]) -> Iterator[tuple[int, int]]:
    """Those with needs beside those with offerings, of different organisations."""
    offering = [number for number, person in enumerate(people) if person.offerings]
    for one, person in enumerate(people):
        if person.needs:
            for other in offering:
                if people[other].organization != person.organization:
                    yield one, other


def _best_pair(
    one: Person, other: Person, worth: Mapping[Pair, float]
) -> tuple[float, Pair | None]:
    found = [
        (worth.get((need.id, offering.id), 0.0), (need.id, offering.id))
        for need in one.needs
        if other.is_member or need.visibility == PUBLIC
        for offering in other.offerings
        if one.is_member or offering.visibility == PUBLIC
    ]
    best = max(found, default=(0.0, None), key=lambda each: each[0])
    return best if best[0] > 0 else (0.0, None)


def _wishes(people: Sequence[Person]) -> Values:
    wanted = _named(people, {number: person.meet for number, person in enumerate(people)})
    return WISH_WORTH * (wanted.astype(float) + wanted.T)


def _refused(people: Sequence[Person]) -> Flags:
    refused = _named(people, {number: person.avoid for number, person in enumerate(people)})
    return np.asarray(refused | refused.T)


def _named(people: Sequence[Person], wishes: Mapping[int, frozenset[uuid.UUID]]) -> Flags:
    """Who named whose organisation."""
    named = np.zeros((len(people), len(people)), dtype=bool)
    for number, organizations in wishes.items():
        if organizations:
            named[number] = [
                other.organization_id in organizations and place != number
                for place, other in enumerate(people)
            ]
    return named


def seating_from(seats: Sequence[TableSeat], people: Sequence[Person], slots: int) -> Numbers:
    """Stored seats as an array; slots that are no longer planned are left out."""
    places = {person.guest_id: number for number, person in enumerate(people)}
    seating = np.full((slots, len(people)), AWAY, dtype=np.int64)
    for seat in seats:
        if seat.slot <= slots and seat.guest_id in places:
            seating[seat.slot - 1, places[seat.guest_id]] = seat.table - 1
    return seating


def begun_slots(settings: PlanSettings, now: datetime) -> int:
    """How many slots have begun: they are not planned again."""
    return sum(slot.starts_at <= now for slot in slots_of(settings))


def shortfalls_of(room: RoomPlan, plan: SeatingPlan) -> dict[str, str]:
    """Why somebody who is there has fewer meetings than wanted, by guest id."""
    worth = room.problem.worth()
    here = room.problem.present
    found: dict[str, str] = {}
    for number, person in enumerate(room.people):
        if person.is_present and not person.is_secretariat:
            counterparts = int((worth[number] > 0)[here].sum())
            if plan.meetings[number] < MEETINGS_WANTED:
                found[str(person.guest_id)] = _reason(room, number, counterparts)
    return found


def _reason(room: RoomPlan, number: int, counterparts: int) -> str:
    person = room.people[number]
    if counterparts >= MEETINGS_WANTED:
        few = room.problem.slots - room.problem.first_open < MEETINGS_WANTED
        return "few_slots" if few else "no_seat"
    if counterparts == 1:
        return "one_counterpart"
    if not (person.needs or person.offerings or person.meet):
        return "no_posts"
    refused = room.problem.refused[number] & (room.problem.values[number] > 0)
    return "refusals" if refused.any() else "no_counterpart"
