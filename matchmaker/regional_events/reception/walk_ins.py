"""People without a seat at the door: a free one, that of somebody who did not come, or why not.

Before the start a walk-in takes what the seat engine has free. From the start on, seats of those
who did not come count as free as well, up to what the room really has (present people below its
capacity). Beyond that the staff may admit somebody with a reason. The counters follow, so that they
always equal the people (ADR 0043).
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from matchmaker.core.actor import Actor
from matchmaker.core.db import db
from matchmaker.core.domain_events import record
from matchmaker.core.errors import ProductError
from matchmaker.regional_events.planning.domain import CITIZEN, TrackKind
from matchmaker.regional_events.planning.models import RegionalEvent, Track
from matchmaker.regional_events.reception import queries
from matchmaker.regional_events.reception.domain import CheckInWay
from matchmaker.regional_events.reception.events import WalkInAdmitted
from matchmaker.regional_events.reception.service import check_door, checked_reason, receive
from matchmaker.regional_events.registrations.domain import (
    AttendeeRole,
    NoSeat,
    PersonData,
    RegistrationData,
    Source,
)
from matchmaker.regional_events.registrations.drafting import organization_of
from matchmaker.regional_events.registrations.models import Attendee
from matchmaker.regional_events.registrations.records import lock_event, with_companions
from matchmaker.regional_events.registrations.seats import Seated, seats_for, widen
from matchmaker.regional_events.registrations.service import register, seat_by_staff

Seating = TypeVar("Seating")
ROOM_FULL = (
    "会場の席は、来ている人ですべて埋まっています。"
    "ほかの会場か、オンラインでの参加を案内してください。"
    "それでも通すときは、理由を入れてください。"
)
NONE_FREE = (
    "空いている席がありません。開始の時刻を過ぎると、来なかった人の席に案内できます。"
    "いま通すときは、理由を入れてください。"
)
ROOMS_ONLY = "会場を選んでください。"
LATE = "開始後に受付で案内"
OTHER_CATEGORY = "other"


@dataclass(frozen=True, slots=True)
class WalkIn:
    """Somebody without a registration at the door.

    Args:
        name: as the person writes it.
        submission_key: given out with the form; pressing twice admits once.
        organization: name of the organisation; empty for citizens.
    """

    name: str
    submission_key: str
    kana: str = ""
    organization: str = ""
    email: str = ""


@dataclass(slots=True)
class _Seated:
    """Which counters a person without a row yet would use."""

    role: AttendeeRole
    organization_id: uuid.UUID | None
    organization_name: str
    category: str


def walk_in(
    event: RegionalEvent,
    person: WalkIn,
    track: Track,
    actor: Actor,
    now: datetime,
    reason: str = "",
) -> Attendee:
    """Register somebody who stands at the door, on a seat of ``track``, and check them in.

    Args:
        event: the event.
        person: who it is.
        track: the room.
        actor: who admits.
        now: the present moment.
        reason: why the person is let in although there is no seat.

    Returns:
        The person, checked in.

    Raises:
        NoSeat: there is no seat, and no reason was given.
        InvalidRegistration: something of what was typed cannot be.
        Conflict: it is not the day of the event.
    """
    _check(event, track, now)
    data = _registration_data(person, track)
    probe = _probe(data, actor)
    registration, is_over = _on_some_seat(
        event, track, [probe], reason, now, lambda: register(event, data, actor, now)
    )
    attendee = queries.first_person(registration.id)
    _welcome(event, attendee.id, actor, now, reason if is_over else "")
    return attendee


def admit(
    event: RegionalEvent, attendee: Attendee, track: Track, actor: Actor, now: datetime,
    reason: str = "",
) -> Attendee:  # fmt: skip
    """Give somebody who waits, or who was to take part otherwise, a seat and check them in.

    Raises:
        NoSeat: there is no seat, and no reason was given.
        Conflict: it is not the day of the event, or the registration was cancelled.
    """
    _check(event, track, now)
    why = reason.strip() or (LATE if now >= event.starts_at else "")
    _, is_over = _on_some_seat(
        event, track, with_companions(attendee), reason, now,
        lambda: seat_by_staff(attendee, track, None, actor, now, why),
    )  # fmt: skip
    _welcome(event, attendee.id, actor, now, reason if is_over else "")
    return attendee


def _check(event: RegionalEvent, track: Track, now: datetime) -> None:
    check_door(event, now)
    if track.event_id != event.id or track.kind is not TrackKind.ON_SITE:
        raise ProductError(ROOMS_ONLY, "track")
    lock_event(event.id)  # two desks never give the same last chair away


def _registration_data(person: WalkIn, track: Track) -> RegistrationData:
    return RegistrationData(
        people=[
            PersonData(name=person.name, kana=person.kana, email=person.email, track_id=track.id)
        ],
        contact_name=person.name,
        contact_email=person.email,
        submission_key=person.submission_key,
        organization_name=person.organization,
        category=OTHER_CATEGORY if person.organization else CITIZEN,
        source=Source.WALK_IN,
    )


def _probe(data: RegistrationData, actor: Actor) -> _Seated:
    known = organization_of(None, data.organization_name, actor, data)
    if known is None:
        return _Seated(AttendeeRole.PARTICIPANT, None, data.organization_name, data.category)
    return _Seated(AttendeeRole.PARTICIPANT, known.id, known.name, known.category)


def _on_some_seat(
    event: RegionalEvent,
    track: Track,
    people: Sequence[Seated],
    reason: str,
    now: datetime,
    seat: Callable[[], Seating],
) -> tuple[Seating, bool]:
    """Run ``seat`` on a free seat, else on one that is opened for it.

    Returns:
        What ``seat`` gives, and whether the room holds more than it should.
    """
    is_over = track.capacity is not None and queries.present_in(track.id) >= track.capacity
    if is_over:
        _require_reason(reason, ROOM_FULL)
    try:
        with db.session.begin_nested():
            return seat(), is_over
    except NoSeat:
        if now < event.starts_at:
            _require_reason(reason, NONE_FREE)
    widen(seats_for(people, track.id))
    return seat(), is_over or now < event.starts_at


def _require_reason(reason: str, message: str) -> None:
    if not reason.strip():
        raise NoSeat(message, "reason")
    checked_reason(reason)


def _welcome(
    event: RegionalEvent, attendee_id: uuid.UUID, actor: Actor, now: datetime, reason: str
) -> None:
    received = receive(event, attendee_id, CheckInWay.WALK_IN, now, actor, now)
    if not received.is_new:
        return
    record(
        WalkInAdmitted(
            actor=actor, now=now, subject_id=event.id, attendee_id=attendee_id,
            reason=reason.strip(), details={"attendee_id": str(attendee_id)},
        )
    )  # fmt: skip
