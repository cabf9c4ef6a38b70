"""A seat or a place in line goes to another person: new code, new links, the old ones are void."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from matchmaker.accounts.domain import email_key, normalized_email
from matchmaker.accounts.models import OrganizationMember, User
from matchmaker.core.actor import Actor
from matchmaker.core.db import db
from matchmaker.core.domain_events import record
from matchmaker.core.errors import Conflict, ProductError
from matchmaker.core.text import clean_line, clean_text
from matchmaker.regional_events.registrations.domain import (
    LIVE_STATES,
    REASON_LENGTH,
    AttendeeState,
    HistoryKind,
    InvalidRegistration,
    PersonData,
    organization_key,
    person_key,
)
from matchmaker.regional_events.registrations.drafting import new_code, person_errors
from matchmaker.regional_events.registrations.events import HandedOver
from matchmaker.regional_events.registrations.models import Attendee
from matchmaker.regional_events.registrations.placing import note
from matchmaker.regional_events.registrations.records import (
    Step,
    begin,
    people_where,
    registration_of,
    reload_person,
)

NO_COLLEAGUE = (
    "団体としての登録だけ、同じ団体の方に譲れます。都合が悪くなったときは取り消してください。"
)
OTHER_ORGANIZATION = (
    "この方は、ほかの団体の方として登録されています。同じ団体の方に譲ってください。"
)
REGISTERED = "この方は、このイベントにもう登録されています。"


@dataclass(frozen=True, slots=True)
class _Former:
    name: str
    email: str


def hand_over(
    attendee: Attendee, person: PersonData, actor: Actor, now: datetime, reason: str = ""
) -> Attendee:
    """Another person of the same organisation comes instead, and keeps the seat or the place in
    line. The former code and links are void from now on.

    Args:
        attendee: who had it.
        person: who comes; the wishes for a track in it are not looked at.
        reason: lets the staff hand over beyond the organisation, or for a citizen.

    Raises:
        InvalidRegistration: something of the new person cannot be; messages by field.
        ProductError: the new person belongs to another organisation, or there is none.
        Conflict: the new person is registered already, or the old one is not any more.
    """
    step = begin(attendee.event_id, actor, now, reason.strip()[:REASON_LENGTH])
    row = reload_person(attendee.id)
    if row.state not in (AttendeeState.WAITING, AttendeeState.CONFIRMED):
        raise Conflict("この登録は、いま引き継げません。")
    errors = person_errors(person)
    if errors:
        raise InvalidRegistration(errors)
    if not (actor.is_secretariat and step.reason):
        _require_colleague(row, person)
    former = _Former(row.name, row.email or registration_of(row).contact_email)
    _replace(row, person, step)
    _tell(row, former, step)
    return row


def _require_colleague(row: Attendee, person: PersonData) -> None:
    """Whoever has an account elsewhere is no colleague; others are believed to be one."""
    if not organization_key(row.organization_id, row.organization_name):
        raise ProductError(NO_COLLEAGUE)
    memberships = set(
        db.session.scalars(
            select(OrganizationMember.organization_id)
            .join(User, User.id == OrganizationMember.user_id)
            .where(User.email_key == email_key(person.email))
        )
    )
    if memberships and row.organization_id not in memberships:
        raise ProductError(OTHER_ORGANIZATION, "email")


def _replace(row: Attendee, person: PersonData, step: Step) -> None:
    registration = registration_of(row)
    contact = email_key(registration.contact_email) or registration.submission_key
    name = clean_line(person.name)
    key = person_key(email_key(person.email), contact, name)
    _require_unregistered(row, key)
    row.name, row.kana = name, clean_line(person.kana)
    row.email, row.job_title = normalized_email(person.email), clean_line(person.job_title)
    row.assistance = [str(need) for need in person.assistance]
    row.assistance_note = clean_text(person.assistance_note)
    row.user_id, row.person_key = person.user_id, key
    row.code, row.link_version = new_code(), row.link_version + 1
    row.updated_at = step.now
    note(row, HistoryKind.HANDED_OVER, step, row.track_id)
    try:
        with db.session.begin_nested():
            db.session.flush()
    except IntegrityError:
        raise Conflict(REGISTERED, "email") from None


def _require_unregistered(row: Attendee, key: str) -> None:
    if people_where(
        Attendee.event_id == row.event_id,
        Attendee.state.in_(LIVE_STATES),
        Attendee.person_key == key,
        Attendee.id != row.id,
    ):
        raise Conflict(REGISTERED, "email")


def _tell(row: Attendee, former: _Former, step: Step) -> None:
    record(
        HandedOver(
            actor=step.actor, now=step.now, subject_id=row.id, event_id=row.event_id,
            organization_id=row.organization_id, reason=step.reason, former_name=former.name,
            former_email=former.email, link_version=row.link_version,
            details={"link_version": row.link_version},
        )
    )  # fmt: skip
