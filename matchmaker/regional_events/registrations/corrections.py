"""What the staff put right of a person: name, address, needs; and mails that are sent again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from sqlalchemy.exc import IntegrityError

from matchmaker.accounts.domain import email_key
from matchmaker.core.actor import Actor
from matchmaker.core.db import db
from matchmaker.core.domain_events import record
from matchmaker.core.errors import Conflict, ProductError
from matchmaker.regional_events.registrations.domain import AttendeeState, person_key
from matchmaker.regional_events.registrations.events import RegistrationEvent
from matchmaker.regional_events.registrations.models import Attendee

REASON_WANTED = "メールアドレスを変えるときは、理由を入れてください。"
ANOTHER_PERSON = "このメールアドレスの人は、このイベントにもう登録されています。"
NOTHING_TO_SEND = "確定した方だけに、案内を送り直せます。"


@dataclass(frozen=True, slots=True, kw_only=True)
class AttendeeCorrected(RegistrationEvent):
    """The staff put something of a person right; ``details["fields"]`` names what."""

    tag: ClassVar[str] = "registrations:attendee:corrected"


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketSentAgain(RegistrationEvent):
    """The staff had a person's confirmation sent again; links sent before are void."""

    tag: ClassVar[str] = "registrations:attendee:sent-again"


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """What a person's row says afterwards."""

    name: str
    kana: str
    job_title: str
    email: str
    assistance: Sequence[str] = ()
    assistance_note: str = ""


def correct_attendee(
    attendee: Attendee, data: Correction, reason: str, actor: Actor, now: datetime
) -> bool:
    """Put a person's row right (registration loaded).

    Another address makes the links that went to the old one void, and the confirmation goes out
    again.

    Args:
        attendee: the person.
        data: how it is right.
        reason: wanted when the address changes.

    Returns:
        Whether anything changed.

    Raises:
        ProductError: the reason is missing, or somebody else of that address is registered.
    """
    fields = [name for name in data.__slots__ if getattr(attendee, name) != getattr(data, name)]
    if not fields:
        return False
    is_elsewhere = "email" in fields
    if is_elsewhere and not reason:
        raise ProductError(REASON_WANTED, "reason")
    for name in fields:
        setattr(attendee, name, getattr(data, name))
    attendee.updated_at = now
    if is_elsewhere:
        _renew_key(attendee)
    record(
        AttendeeCorrected(
            actor=actor, now=now, subject_id=attendee.id, event_id=attendee.event_id,
            reason=reason, details={"fields": fields},
        )
    )  # fmt: skip
    if is_elsewhere and attendee.state is AttendeeState.CONFIRMED:
        send_again(attendee, reason, actor, now)
    return True


def send_again(attendee: Attendee, reason: str, actor: Actor, now: datetime) -> None:
    """Send a confirmed person the confirmation again, with a new link.

    Raises:
        ProductError: the person holds no seat.
    """
    if attendee.state is not AttendeeState.CONFIRMED:
        raise ProductError(NOTHING_TO_SEND)
    attendee.link_version += 1
    attendee.updated_at = now
    db.session.flush()
    record(
        TicketSentAgain(
            actor=actor, now=now, subject_id=attendee.id, event_id=attendee.event_id, reason=reason
        )
    )


def _renew_key(attendee: Attendee) -> None:
    registration = attendee.registration
    contact = email_key(registration.contact_email) or registration.submission_key
    attendee.person_key = person_key(email_key(attendee.email), contact, attendee.name)
    try:
        with db.session.begin_nested():
            db.session.flush()
    except IntegrityError:
        raise Conflict(ANOTHER_PERSON, "email") from None
