"""Organisations, members and events on a throw-away database; who registers how is drawn by lot."""

from __future__ import annotations

import random
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import Flask
from flask.sessions import SecureCookieSessionInterface

from matchmaker.accounts.service import add_member, create_user, grant_global_role
from matchmaker.core import clock
from matchmaker.core.actor import SYSTEM, GlobalRole, OrganizationRole
from matchmaker.core.db import db, new_id
from matchmaker.organizations.domain import OrganizationData
from matchmaker.organizations.service import create_organization
from matchmaker.regional_events.planning.content import EventData
from matchmaker.regional_events.planning.domain import (
    EventState,
    Seating,
    TrackKind,
    WaitingRule,
)
from matchmaker.regional_events.planning.models import SeatWave, Track
from matchmaker.regional_events.planning.service import create_event

ORGANIZATION_SIZE = 5
"""One organisation for so many people: 200 for 1,000."""

FIRST_LIMIT, LATER_LIMIT = 2, 4
HOLDS = (0, 24)
"""Each run has two events: seats are given at once at one, and held for an answer at the other."""

GUESTS, STREAMERS, SPLIT, DOUBLED = 0.3, 0.15, 0.4, 0.15
FATES = ("stay", "cancel", "change", "hand_over")
FATE_WEIGHTS = (70, 14, 9, 7)


@dataclass(frozen=True, slots=True)
class Member:
    """A person with an account: address, organisation, and the cookie of a session."""

    email: str
    organization_id: uuid.UUID
    session: str


@dataclass(frozen=True, slots=True)
class Hall:
    """One event with a room, a stream and a wave that is released in the middle."""

    event_id: uuid.UUID
    room_id: uuid.UUID
    stream_id: uuid.UUID
    wave_id: uuid.UUID


@dataclass(frozen=True, slots=True)
class Party:
    """People who register with one form, and what they do afterwards.

    Args:
        number: tells parties of a run apart.
        member: who is signed in; None is a guest.
        emails: one for each person.
        is_doubled: whether the form is sent twice at the same time.
        fate: what the first of them does later (:data:`FATES`).
    """

    number: int
    hall: Hall
    member: Member | None
    emails: Sequence[str]
    wants_stream: bool
    is_together: bool
    is_doubled: bool
    fate: str

    @property
    def address(self) -> str:
        """Where the mails of the party go."""
        return self.emails[0]

    @property
    def way(self) -> str:
        """The way of taking part that is chosen."""
        return str(self.hall.stream_id if self.wants_stream else self.hall.room_id)


def add_members(app: Flask, people: int) -> tuple[list[Member], str]:
    """Members of organisations, and the session of somebody of the secretariat."""
    now = clock.now()
    with app.app_context():
        staff = create_user("desk@meguriawase.example", "計測の事務局", None, now)
        grant_global_role(staff, GlobalRole.SECRETARIAT, now=now)
        found = [
            member
            for number in range(max(1, people // ORGANIZATION_SIZE))
            for member in _organization(app, number, now)
        ]
        db.session.commit()
        return found, session_of(app, staff.fs_uniquifier)


def _organization(app: Flask, number: int, now: datetime) -> Iterator[Member]:
    data = OrganizationData(f"計測団体{number}", "municipality", "愛知県", kana="ケイソク")
    organization = create_organization(data, SYSTEM, now)
    for place in range(2):
        email = f"member{number}-{place}@meguriawase.example"
        user = create_user(email, f"計測 職員{number}の{place}", None, now)
        add_member(user, organization, OrganizationRole.EDITOR, SYSTEM, now)
        yield Member(email, organization.id, session_of(app, user.fs_uniquifier))


def session_of(app: Flask, user: str) -> str:
    """The cookie of a session in which a person is signed in, signed as the service signs it."""
    interface = app.session_interface
    signer = (
        interface.get_signing_serializer(app)
        if isinstance(interface, SecureCookieSessionInterface)
        else None
    )
    if signer is None:
        raise RuntimeError("sessions are not kept in signed cookies")
    return str(signer.dumps({"_user_id": user, "_fresh": True}))


def add_halls(app: Flask, seats: int, run: int) -> list[Hall]:
    """Fresh events; in every second run the one with offers goes by the fewest seats."""
    shares = [seats - seats // 2, seats // 2]
    with app.app_context():
        halls = [
            _hall(run, share, hold, is_fair=bool(hold) and run % 2 == 1)
            for share, hold in zip(shares, HOLDS, strict=True)
        ]
        db.session.commit()
    return halls


def _hall(run: int, seats: int, hold: int, *, is_fair: bool) -> Hall:
    now = clock.now()
    starts_at = now + timedelta(days=30)
    rule = WaitingRule.FEWEST_SEATS if is_fair else WaitingRule.FIRST_COME
    data = EventData(
        name=f"計測の総会 {run}", starts_at=starts_at, ends_at=starts_at + timedelta(hours=3),
        opens_at=now - timedelta(minutes=5), hold_hours=hold, waiting_rule=rule,
        contact_name="事務局", contact_email="desk@meguriawase.example",
    )  # fmt: skip
    event = create_event(data, SYSTEM, now)
    event.state, event.published_at = EventState.PUBLISHED, now
    room = _track(event.id, 0, TrackKind.ON_SITE, seats)
    stream = _track(event.id, 1, TrackKind.ONLINE, None)
    wave = SeatWave(
        id=new_id(), track_id=room.id, release_at=now + timedelta(days=1), seats=None,
        per_organization_limit=LATER_LIMIT,
    )  # fmt: skip
    db.session.add_all([room, stream, wave])
    db.session.flush()
    return Hall(event.id, room.id, stream.id, wave.id)


def _track(event_id: uuid.UUID, position: int, kind: TrackKind, seats: int | None) -> Track:
    return Track(
        id=new_id(), event_id=event_id, position=position, kind=kind, name=str(kind), room="",
        seating=Seating.NONE, capacity=seats, questions=[],
        per_organization_limit=None if seats is None else FIRST_LIMIT,
        first_seats=None if seats is None else seats * 3 // 4,
    )  # fmt: skip


def draw_parties(
    halls: Sequence[Hall], members: Sequence[Member], people: int, lot: random.Random
) -> list[Party]:
    """Who registers, in the order in which they begin."""
    parties: list[Party] = []
    left = people
    while left > 0:
        size = 1 if lot.random() < GUESTS else -lot.choice((1, 2, 3))
        count = min(left, abs(size))
        hall = halls[len(parties) % len(halls)]
        parties.append(_party(len(parties), hall, members if size < 0 else (), count, lot))
        left -= count
    return parties


def _party(
    number: int, hall: Hall, members: Sequence[Member], size: int, lot: random.Random
) -> Party:
    mark = f"{hall.event_id.hex[-8:]}-{number}"
    return Party(
        number=number,
        hall=hall,
        member=lot.choice(members) if members else None,
        emails=[f"p{place}-{mark}@guest.example" for place in range(size)],
        wants_stream=lot.random() < STREAMERS,
        is_together=lot.random() >= SPLIT,
        is_doubled=lot.random() < DOUBLED,
        fate=lot.choices(FATES, FATE_WEIGHTS)[0] if members else _fate_of_guest(lot),
    )


def _fate_of_guest(lot: random.Random) -> str:
    """Guests have no organisation in which somebody could come instead."""
    return lot.choices(FATES[:3], FATE_WEIGHTS[:3])[0]
