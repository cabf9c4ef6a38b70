"""In whose name people come, put right by the staff: seats are counted anew by the same bounds.

Somebody registered under the wrong organisation, or as a guest, counts for the right organisation
and category from then on. Where that has no seat left, the staff are told and decide: beyond the
bound, or into the waiting list with the place of the seat. Correcting again undoes it.
"""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import update

from matchmaker.core.actor import Actor
from matchmaker.core.db import db
from matchmaker.core.domain_events import record
from matchmaker.core.errors import Conflict, ProductError
from matchmaker.core.text import clean_line
from matchmaker.organizations.domain import CATEGORIES
from matchmaker.regional_events.planning.domain import CITIZEN
from matchmaker.regional_events.registrations.cancelling import shrink
from matchmaker.regional_events.registrations.domain import (
    LIVE_STATES,
    REASON_LENGTH,
    AttendeeRole,
    AttendeeState,
    HistoryKind,
    OrganizationCorrection,
    SeatScope,
    WaitingState,
    WhenFull,
)
from matchmaker.regional_events.registrations.drafting import organization_called
from matchmaker.regional_events.registrations.events import OrganizationCorrected
from matchmaker.regional_events.registrations.models import (
    Attendee,
    Registration,
    RegistrationHistory,
    WaitingEntry,
)
from matchmaker.regional_events.registrations.placing import (
    Sitting,
    counted,
    held_seats,
    note,
    offer_seats,
    put_in_line,
)
from matchmaker.regional_events.registrations.records import (
    Step,
    begin,
    open_entry_of,
    people_where,
    registration_of,
    reload_person,
)
from matchmaker.regional_events.registrations.seating import blocks_of, tracks_of
from matchmaker.regional_events.registrations.seats import (
    CounterKey,
    FullBound,
    full_bounds,
    move_seats,
    widen,
)
from matchmaker.regional_events.registrations.waiting import fill_tracks, take_offer_back

NOT_IN_DIRECTORY = (
    "この名前の団体は、名簿にありません。"
    "名前を確かめるか、名簿にない団体として種類を選んでください。"
)
REASON_WANTED = "理由を入れてください。"
CATEGORY_LABELS = {each.code: each.label for each in CATEGORIES}


@dataclass(frozen=True, slots=True)
class Belonging:
    """In whose name somebody comes; nothing but the category stands for a citizen."""

    organization_id: uuid.UUID | None = None
    organization_name: str = ""
    category: str = CITIZEN
    prefecture: str = ""


class OrganizationFull(Conflict):
    """The right organisation, or its category, has no seat left; the staff have to decide.

    Args:
        name: of the organisation.
        bounds: what is full.
    """

    def __init__(self, name: str, bounds: Sequence[FullBound]) -> None:
        told = "、".join(_told(name, bound) for bound in bounds)
        super().__init__(f"席の上限をこえます（{told}）。どうするかを選んでください。", "when_full")


def _told(name: str, bound: FullBound) -> str:
    if bound.scope is SeatScope.ORGANIZATION:
        what = name
    else:
        what = CATEGORY_LABELS.get(bound.key, "一般の方")
    return f"{what}は{bound.capacity:,}席まで、いま{bound.taken:,}席"


@dataclass(slots=True)
class _AsIf:
    """A person as if the correction were made."""

    role: AttendeeRole
    organization_id: uuid.UUID | None
    organization_name: str
    category: str
    track_id: uuid.UUID | None
    reserve_id: uuid.UUID | None


def correct_organization(
    attendee: Attendee, data: OrganizationCorrection, reason: str, actor: Actor, now: datetime
) -> bool:
    """Put right in whose name a person (with companions) comes, or all of the registration.

    What they hold counts for the right organisation and category in the same moment, and what
    becomes free by that goes on to those who wait.

    Args:
        attendee: the person.
        data: how it is right.
        reason: always wanted; those whose seat changes read it.

    Returns:
        Whether anything changed.

    Raises:
        ProductError: the reason is missing, or the directory does not have the organisation and
            no category was chosen; with the field.
        OrganizationFull: a bound is full, and nothing was decided for that.
    """
    if not reason.strip():
        raise ProductError(REASON_WANTED, "reason")
    step = begin(attendee.event_id, actor, now, reason.strip()[:REASON_LENGTH])
    person, right = reload_person(attendee.id), belonging_of(data)
    everybody = people_where(Attendee.registration_id == person.registration_id)
    is_all = data.is_whole or len(_leaders(everybody)) == 1
    people = list(everybody) if is_all else _with_all_companions(person, everybody)
    if all(_present(each) == right for each in people):
        return False
    _part_from_group(people, step)
    live = [each for each in people if each.state in LIVE_STATES]
    tracks = tracks_of(live)
    moved = _count_anew(live, right, data.when_full, step)
    _write(people, right, step, registration=is_all)
    _tell(person, moved, len(people), data.when_full, step)
    fill_tracks(tracks, step)
    return True


def belonging_of(data: OrganizationCorrection) -> Belonging:
    """In whose name somebody comes by what was typed.

    Raises:
        ProductError: the directory does not have the organisation, and no category was chosen.
    """
    name = clean_line(data.name)
    if not name:
        return Belonging(prefecture=data.prefecture)
    known = organization_called(name)
    if known is not None:
        return Belonging(known.id, known.name, known.category, known.prefecture)
    if data.category not in CATEGORY_LABELS:
        raise ProductError(NOT_IN_DIRECTORY, "organization_name")
    return Belonging(None, name, data.category, data.prefecture)


def _present(person: Attendee) -> Belonging:
    return Belonging(
        person.organization_id, person.organization_name, person.category, person.prefecture
    )


def _leaders(people: Iterable[Attendee]) -> list[Attendee]:
    return [each for each in people if each.companion_of_id is None]


def _with_all_companions(person: Attendee, everybody: Iterable[Attendee]) -> list[Attendee]:
    """A person and whoever assists, those who were cancelled as well; a companion's person too."""
    leader_id = person.companion_of_id or person.id
    return [each for each in everybody if leader_id in (each.id, each.companion_of_id)]


def _part_from_group(people: Sequence[Attendee], step: Step) -> None:
    """Who waits in one place is of one organisation: those put right get a place of their own,
    with the moment (and the offer) of the group."""
    entry = next((entry for each in people if (entry := open_entry_of(each))), None)
    if entry is None:
        return
    parting = [each for each in people if each.waiting_entry_id == entry.id]
    parting = [each for each in parting if each.state in LIVE_STATES]
    if len(parting) >= entry.size:
        return
    shrink(entry, parting, step)
    own = WaitingEntry(
        registration_id=entry.registration_id, track_id=entry.track_id, size=len(parting),
        people=counted(parting), passes=0, is_at_once=entry.is_at_once, joined_at=entry.joined_at,
        state=entry.state, offered_at=entry.offered_at, offer_until=entry.offer_until,
        offers=entry.offers,
    )  # fmt: skip
    db.session.add(own)
    db.session.flush()
    for person in parting:
        person.waiting_entry_id = own.id
    db.session.flush()


def _count_anew(
    people: Sequence[Attendee], right: Belonging, when_full: WhenFull | None, step: Step
) -> list[uuid.UUID]:
    """Let the seats of people count for the right organisation; gives the ids of those who could
    not keep theirs.

    Raises:
        OrganizationFull: a bound is full, and nothing was decided.
    """
    before, after = _all_seats(people, None), _all_seats(people, right)
    if move_seats(after, before):
        return []
    if when_full is None:
        raise OrganizationFull(right.organization_name, full_bounds(after, before))
    if when_full is WhenFull.BEYOND:
        widen(after, before)
        move_seats(after, before)
        return []
    return _into_line(people, right, step)


def _all_seats(people: Sequence[Attendee], right: Belonging | None) -> Counter[CounterKey]:
    """What people sit on and are offered, by counter; as if they came in that name."""
    found = held_seats(_as_if(people, right))
    for entry in _offers(people).values():
        own = [each for each in people if each.waiting_entry_id == entry.id]
        found += offer_seats(_as_if(own, right), entry.track_id)
    return found


def _as_if(people: Sequence[Attendee], right: Belonging | None) -> Sequence[Sitting]:
    if right is None:
        return people
    return [
        _AsIf(
            each.role, right.organization_id, right.organization_name, right.category,
            each.track_id, each.reserve_id,
        )
        for each in people
    ]  # fmt: skip


def _offers(people: Iterable[Attendee]) -> Mapping[uuid.UUID, WaitingEntry]:
    entries = (open_entry_of(each) for each in people)
    return {entry.id: entry for entry in entries if entry and entry.state is WaitingState.OFFERED}


def _into_line(people: Sequence[Attendee], right: Belonging, step: Step) -> list[uuid.UUID]:
    """Take offers back, and seats for which the right organisation has none left."""
    offers = _offers(people)
    for entry in offers.values():
        take_offer_back(entry, step)
    moved = [each.id for each in people if each.waiting_entry_id in offers]
    for track_id in dict.fromkeys(each.track_id for each in people):
        seated = [each for each in people if each.track_id == track_id and track_id is not None]
        if not move_seats(held_seats(_as_if(seated, right)), held_seats(seated)):
            _leave_seats(seated, step)
            moved += [each.id for each in seated if each.id not in moved]
    return moved


def _leave_seats(people: Sequence[Attendee], step: Step) -> None:
    """Give seats back; their people wait with the moment of the seat, unless they wait already."""
    former, place = people[0].track_id, people[0].seated_at
    if former is None:
        return
    move_seats({}, held_seats(people))
    for person in people:
        note(person, HistoryKind.MOVED, step, from_track_id=former)
        person.track_id = person.reserve_id = None
        person.state, person.updated_at = AttendeeState.WAITING, step.now
    db.session.flush()
    waiting = [person for person in people if open_entry_of(person) is None]
    is_together = registration_of(people[0]).is_together
    for block in blocks_of(waiting, is_together=is_together):
        put_in_line(block.people, former, step, joined_at=place, tells=False)


def _write(people: Sequence[Attendee], right: Belonging, step: Step, *, registration: bool) -> None:
    """Change the rows, and for whom their history is counted."""
    for person in people:
        _set(person, right, step)
    if registration:
        _set(registration_of(people[0]), right, step)
    db.session.execute(
        update(RegistrationHistory)
        .where(RegistrationHistory.attendee_id.in_([person.id for person in people]))
        .values(category=right.category, prefecture=right.prefecture)
        .execution_options(synchronize_session=False)
    )
    db.session.flush()


def _set(row: Attendee | Registration, right: Belonging, step: Step) -> None:
    row.organization_id, row.organization_name = right.organization_id, right.organization_name
    row.category, row.updated_at = right.category, step.now
    if isinstance(row, Attendee):
        row.prefecture = right.prefecture


def _tell(
    person: Attendee,
    moved: Sequence[uuid.UUID],
    people: int,
    when_full: WhenFull | None,
    step: Step,
) -> None:
    record(
        OrganizationCorrected(
            actor=step.actor, now=step.now, subject_id=person.id, event_id=person.event_id,
            organization_id=person.organization_id, reason=step.reason, moved=tuple(moved),
            details={
                "people": people, "moved": len(moved),
                "when_full": str(when_full) if when_full else None,
            },
        )
    )  # fmt: skip
