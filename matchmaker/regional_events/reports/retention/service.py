"""Deleting guests: all of an event when their time is over, one registration at a guest's wish."""

from __future__ import annotations

from datetime import datetime

from matchmaker.core.actor import Actor
from matchmaker.core.db import db
from matchmaker.core.domain_events import record
from matchmaker.core.errors import Conflict, ProductError
from matchmaker.core.text import clean_line
from matchmaker.regional_events.planning.models import RegionalEvent
from matchmaker.regional_events.registrations.domain import LIVE_STATES
from matchmaker.regional_events.registrations.models import Registration
from matchmaker.regional_events.registrations.queries import get_attendee
from matchmaker.regional_events.registrations.service import cancel_attendee
from matchmaker.regional_events.reports.domain import REASON_LENGTH
from matchmaker.regional_events.reports.events import GuestForgotten, GuestsDeleted
from matchmaker.regional_events.reports.retention import erasing, queries

ERASED_ALREADY = "この参加登録の個人の情報は、もう消してあります。"
HAS_ACCOUNT = (
    "アカウントのある方の参加登録です。本人がマイページで取り消せます。"
    "ここで消せるのは、アカウントのない方の登録だけです。"
)
AT_WISH = "ご本人の希望で情報を消したため"


def delete_guests(event: RegionalEvent, now: datetime, actor: Actor) -> int:
    """Erase all guests of an event, in batches with a commit each; a job calls it.

    A run that was stopped goes on where it was; a second one finds nothing left.

    Returns:
        How many people were erased.
    """
    event_id, people = event.id, 0
    while ids := queries.next_guests(event_id):
        people += erasing.erase(erasing.load(ids), now)
        db.session.commit()
    kept = db.session.get_one(RegionalEvent, event_id)
    erasing.erase_rest(kept, now)
    is_first, kept.guests_deleted_at = kept.guests_deleted_at is None, now
    if people or is_first:
        details = {"people": people}
        record(GuestsDeleted(actor=actor, now=now, subject_id=event_id, details=details))
    db.session.commit()
    return people


def forget_registration(
    event: RegionalEvent, registration: Registration, reason: str, actor: Actor, now: datetime
) -> int:
    """Erase one registration of a guest at once. Seats that are still held are given back first.

    Args:
        event: the event.
        registration: with its people.
        reason: why, in a few words; no names.
        actor: who of the staff does it.
        now: the present moment.

    Returns:
        How many people were erased.

    Raises:
        Conflict: it was erased already.
        ProductError: there is an account, or no reason was given.
    """
    reason = clean_line(reason)
    if not reason or len(reason) > REASON_LENGTH:
        raise ProductError(f"理由を{REASON_LENGTH}文字までで入れてください。", "reason")
    if registration.anonymised_at is not None:
        raise Conflict(ERASED_ALREADY)
    if registration.user_id is not None:
        raise ProductError(HAS_ACCOUNT)
    if now < event.ends_at:
        _give_seats_back(registration, actor, now)
    registration_id, number = registration.id, registration.number
    people = erasing.erase(erasing.load([registration_id]), now)
    details = {"registration_id": str(registration_id), "number": number, "people": people}
    record(
        GuestForgotten(actor=actor, now=now, subject_id=event.id, reason=reason, details=details)
    )
    return people


def _give_seats_back(registration: Registration, actor: Actor, now: datetime) -> None:
    for person in list(registration.attendees):
        attendee = get_attendee(person.id)
        if attendee.state in LIVE_STATES:
            cancel_attendee(attendee, AT_WISH, actor, now)
