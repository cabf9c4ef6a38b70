"""Those who come new: a seat, a seat elsewhere until there is one, or a place in line."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from matchmaker.regional_events.registrations.domain import NoSeat, Source
from matchmaker.regional_events.registrations.models import Attendee, Registration
from matchmaker.regional_events.registrations.placing import (
    give_seat,
    held_seats,
    put_in_line,
)
from matchmaker.regional_events.registrations.records import Step
from matchmaker.regional_events.registrations.seats import move_seats, seats_for
from matchmaker.regional_events.registrations.waiting import fill_tracks, take_as_newcomer

RESERVE_FULL = "取り置きの席が足りません。ほかの席を選ぶか、取り置きの席を増やしてください。"
HALL_FULL = "空いている席がありません。席を増やすか、ほかの参加方法を選んでください。"


@dataclass(frozen=True, slots=True)
class Block:
    """People who are seated all or none.

    Args:
        wanted: the track they ask for.
        fallback: where they sit meanwhile.
        reserve: kept seats of ``wanted`` they sit on.
    """

    people: Sequence[Attendee]
    wanted: uuid.UUID
    fallback: uuid.UUID | None = None
    reserve: uuid.UUID | None = None


def blocks_of(people: Sequence[Attendee], *, is_together: bool) -> list[Block]:
    """Who has to be seated with whom: companions always with their person, and those who register
    together all who want the same.

    Args:
        people: of one registration, in its order.
    """
    own_block: dict[uuid.UUID, int] = {}
    grouped: dict[object, list[Attendee]] = {}
    for number, person in enumerate(people):
        first = own_block.get(person.companion_of_id, number) if person.companion_of_id else number
        own_block[person.id] = first
        together = None if is_together and person.reserve_id is None else first
        wish = (person.wanted_track_id, person.fallback_track_id, person.reserve_id, together)
        grouped.setdefault(wish, []).append(person)
    return [
        Block(group, group[0].wanted_track_id, group[0].fallback_track_id, group[0].reserve_id)
        for group in grouped.values()
    ]


def seat_all(
    registration: Registration,
    people: Sequence[Attendee],
    step: Step,
    *,
    joined_at: datetime | None = None,
    waits: bool = True,
) -> None:
    """Seat people of a registration as far as there is room; the others wait.

    Args:
        people: those without a seat or place in line, in the order of the registration.
        joined_at: the place in line they had before, if any.
        waits: whether they get in line when there is no free seat; nobody at the door does.

    Raises:
        NoSeat: there are not enough kept seats, or no seat for somebody who does not wait.
    """
    waits = waits and registration.source is not Source.WALK_IN
    for block in blocks_of(people, is_together=registration.is_together):
        _seat(block, step, joined_at=joined_at, waits=waits)
    fill_tracks(tracks_of(people), step)


def tracks_of(people: Iterable[Attendee]) -> list[uuid.UUID]:
    """The tracks that people sit on or want."""
    wanted = [person.wanted_track_id for person in people]
    return [*wanted, *(person.track_id for person in people if person.track_id is not None)]


def _seat(block: Block, step: Step, *, joined_at: datetime | None, waits: bool) -> None:
    if block.reserve is not None:
        _seat_on_reserve(block, step)
    elif take_as_newcomer(block.people, block.wanted, step, joined_at):
        for person in block.people:
            give_seat(person, block.wanted, step)
    elif not waits:
        raise NoSeat(HALL_FULL)
    elif block.fallback is not None and take_as_newcomer(block.people, block.fallback, step):
        put_in_line(block.people, block.wanted, step, joined_at=joined_at)
        for person in block.people:
            give_seat(person, block.fallback, step)
    else:
        put_in_line(block.people, block.wanted, step, joined_at=joined_at)


def _seat_on_reserve(block: Block, step: Step) -> None:
    wanted = seats_for(block.people, block.wanted, block.reserve)
    if not move_seats(wanted, held_seats(block.people)):
        raise NoSeat(RESERVE_FULL)
    for person in block.people:
        give_seat(person, block.wanted, step, reserve_id=block.reserve)
