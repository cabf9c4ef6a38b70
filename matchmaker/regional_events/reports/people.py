"""Who came, who did not, whom to write to after an event."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, exists, func, or_, select
from sqlalchemy.orm import joinedload

from matchmaker.accounts.models import User
from matchmaker.core.db import db
from matchmaker.regional_events.planning.domain import TrackKind
from matchmaker.regional_events.planning.models import Track
from matchmaker.regional_events.reception.models import CheckIn
from matchmaker.regional_events.registrations.domain import AttendeeState
from matchmaker.regional_events.registrations.models import Attendee, Registration
from matchmaker.regional_events.reports.domain import MailingKind

MOST_PEOPLE = 20_000
_CAME = exists().where(CheckIn.attendee_id == Attendee.id)


@dataclass(frozen=True, slots=True)
class Audience:
    """Those whom a mail goes to.

    Args:
        people: one for each address or account, with registration, account and track.
        without_address: how many there are whom nothing can be sent to.
    """

    people: Sequence[Attendee]
    without_address: int = 0

    @property
    def accounts(self) -> int:
        """How many of them have an account."""
        return sum(person.user_id is not None for person in self.people)


def address_of(person: Attendee) -> str:
    """Where somebody without an account is written to: the own address, or who registered."""
    return person.email or person.registration.contact_email


def has_any_check_in(event_id: uuid.UUID) -> bool:
    """Whether anybody was checked in; where nobody was, presence is not known."""
    return bool(db.session.scalar(select(exists().where(CheckIn.event_id == event_id))))


def audience_of(event_id: uuid.UUID, kind: MailingKind) -> Audience:
    """Whom a mail of the staff goes to: each address and each account once."""
    query = _people(event_id)
    match kind:
        case MailingKind.THANKS:
            query = query.where(_CAME)
        case MailingKind.MISSED:
            query = query.where(~_CAME, _expected())
        case MailingKind.RECORDINGS:
            query = query.where(or_(_CAME, Attendee.state == AttendeeState.CONFIRMED))
    return _once_each(db.session.scalars(query).all())


def _expected() -> ColumnElement[bool]:
    """Confirmed for the day itself: those of archive tracks were never to come."""
    archives = select(Track.id).where(Track.kind == TrackKind.ARCHIVE)
    return (Attendee.state == AttendeeState.CONFIRMED) & Attendee.track_id.not_in(archives)


def _people(event_id: uuid.UUID) -> Select[tuple[Attendee]]:
    return (
        select(Attendee)
        .join(Registration, Registration.id == Attendee.registration_id)
        .where(Attendee.event_id == event_id, Registration.anonymised_at.is_(None))
        .options(
            joinedload(Attendee.registration),
            joinedload(Attendee.user),
            joinedload(Attendee.track),
        )
        .order_by(Registration.number, Attendee.position, Attendee.id)
        .limit(MOST_PEOPLE)
    )


def _once_each(found: Sequence[Attendee]) -> Audience:
    people: dict[str, Attendee] = {}
    without = 0
    for person in found:
        key = str(person.user_id) if person.user_id else address_of(person).lower()
        if key:
            people.setdefault(key, person)
        else:
            without += 1
    return Audience(list(people.values()), without)


def asked_people(event_id: uuid.UUID) -> Sequence[Attendee]:
    """Whom a survey asks: those who came; all with a seat where nobody was checked in."""
    return db.session.scalars(_people(event_id).where(_asked(event_id))).all()


def asked_users(event_id: uuid.UUID) -> Sequence[User]:
    """Those of them with an account."""
    people = {p.user_id: p.user for p in asked_people(event_id) if p.user is not None}
    return list(people.values())


def is_asked(event_id: uuid.UUID, user_id: uuid.UUID | None) -> bool:
    """Whether a survey asks this person."""
    if user_id is None:
        return False
    query = exists().where(
        Attendee.event_id == event_id, Attendee.user_id == user_id, _asked(event_id)
    )
    return bool(db.session.scalar(select(query)))


def is_asked_guest(attendee: Attendee) -> bool:
    """Whether a survey asks this person, who has no account."""
    if attendee.user_id is not None:
        return False
    query = exists().where(Attendee.id == attendee.id, _asked(attendee.event_id))
    return bool(db.session.scalar(select(query)))


def has_come(attendee_id: uuid.UUID) -> bool:
    """Whether the person was checked in."""
    return bool(db.session.scalar(select(exists().where(CheckIn.attendee_id == attendee_id))))


def names_of(attendee_ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, str]:
    """Names of people by their id; those erased are called so."""
    query = select(Attendee.id, Attendee.name).where(Attendee.id.in_(attendee_ids))
    return {row.id: row.name for row in db.session.execute(query.order_by(Attendee.id))}


def _asked(event_id: uuid.UUID) -> ColumnElement[bool]:
    if has_any_check_in(event_id):
        return _CAME
    return Attendee.state == AttendeeState.CONFIRMED


def count_present(event_id: uuid.UUID) -> int:
    """How many were checked in."""
    query = select(func.count()).select_from(CheckIn).where(CheckIn.event_id == event_id)
    return db.session.scalar(query) or 0
