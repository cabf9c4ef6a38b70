"""Takes people out of the records of an event, wherever the event has left them.

What is erased follows the columns marked ``personal`` in the models; a test searches the whole
database for what a guest once typed. Rows stay where they are counted.
"""

from __future__ import annotations

import secrets
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import String, cast, delete, func, or_, select, update
from sqlalchemy.orm import joinedload, selectinload

from matchmaker.core.actor import SYSTEM
from matchmaker.core.audit import AuditEntry
from matchmaker.core.db import Base, db
from matchmaker.core.storage import StoredFile
from matchmaker.notifications.domain import OutboxState
from matchmaker.notifications.models import OutboxMessage
from matchmaker.questions.models import AnswerFile
from matchmaker.regional_events.floor.models import FloorQuestion
from matchmaker.regional_events.floor.retention import forget_guests
from matchmaker.regional_events.planning.models import EventInvitee, RegionalEvent, Track
from matchmaker.regional_events.registrations.domain import SeatScope, organization_key
from matchmaker.regional_events.registrations.imports.service import forget_rows
from matchmaker.regional_events.registrations.models import (
    Attendee,
    Registration,
    RegistrationHistory,
    SeatCounter,
    WaitingEntry,
)
from matchmaker.regional_events.reports.domain import DELETED_NAME
from matchmaker.regional_events.tables.models import MeetingOutcome, TableGuest, TableWish
from matchmaker.surveys.models import SurveyAnswer

CODE_BYTES = 16
MARGIN = timedelta(days=1)
"""Mails are searched from a little before the first registration on: clocks differ."""

WHY_DROPPED = "個人の情報を消したため、送りません。"
SENT_LATER = (OutboxState.WAITING, OutboxState.SENDING)
Ids = Sequence[uuid.UUID]


@dataclass(frozen=True, slots=True)
class Traces:
    """By what the records of some people are found.

    Args:
        event_id: the event.
        registration_ids, attendee_ids, entry_ids: their rows.
        addresses: mail addresses they gave.
        since: when the first of them registered.
    """

    event_id: uuid.UUID
    registration_ids: Ids
    attendee_ids: Ids
    entry_ids: Ids
    addresses: frozenset[str]
    since: datetime

    @property
    def subject_ids(self) -> list[uuid.UUID]:
        """Ids under which mails and entries of the audit log speak of them."""
        return [*self.registration_ids, *self.attendee_ids, *self.entry_ids]


def load(registration_ids: Ids) -> Sequence[Registration]:
    """Registrations with their people."""
    query = (
        select(Registration)
        .where(Registration.id.in_(registration_ids))
        .options(selectinload(Registration.attendees))
        .order_by(Registration.id)
        .execution_options(populate_existing=True)
    )
    return db.session.scalars(query).all()


def erase(registrations: Sequence[Registration], now: datetime) -> int:
    """Erase the people of some registrations of one event.

    Args:
        registrations: with their people (:func:`load`); those of one event.
        now: the present moment.

    Returns:
        How many people were erased.
    """
    if not registrations:
        return 0
    traces = _traces(registrations)
    _erase_mails(traces)
    _erase_words(traces)
    _erase_floor(traces)
    _erase_tables(traces)
    _erase_files(traces)
    forget_rows(traces.event_id)
    people = [person for registration in registrations for person in registration.attendees]
    for registration in registrations:
        _erase_registration(registration, now)
    for person in people:
        _erase_attendee(person, now)
    db.session.flush()
    _erase_counters(traces.event_id)
    return len(people)


def _traces(registrations: Sequence[Registration]) -> Traces:
    ids = [registration.id for registration in registrations]
    people = [person for registration in registrations for person in registration.attendees]
    entries = select(WaitingEntry.id).where(WaitingEntry.registration_id.in_(ids))
    given = {person.email for person in people} | {each.contact_email for each in registrations}
    return Traces(
        event_id=registrations[0].event_id,
        registration_ids=ids,
        attendee_ids=[person.id for person in people],
        entry_ids=db.session.scalars(entries.order_by(WaitingEntry.id)).all(),
        addresses=frozenset(address.lower() for address in given if address),
        since=min(registration.created_at for registration in registrations) - MARGIN,
    )


def _erase_registration(registration: Registration, now: datetime) -> None:
    registration.user_id = None
    registration.organization_name = registration.contact_phone = ""
    registration.contact_name, registration.contact_email = DELETED_NAME, ""
    registration.note = registration.desk_note = ""
    registration.answers = {}
    registration.link_version += 1
    registration.anonymised_at = registration.updated_at = now


def _erase_attendee(person: Attendee, now: datetime) -> None:
    """Blank a person; the code and all links are void from then on."""
    person.user_id = None
    person.name = DELETED_NAME
    person.organization_name = person.kana = person.job_title = person.email = ""
    person.person_key = f"deleted:{person.id}"
    person.assistance, person.assistance_note, person.state_reason = [], "", ""
    person.code = secrets.token_hex(CODE_BYTES)
    person.link_version += 1
    person.updated_at = now


def _erase_mails(traces: Traces) -> None:
    """Blank the mails to these people (to addresses alone, never to accounts), and those about
    them to anybody; what was not sent yet is not sent any more."""
    addresses = traces.addresses - _used_elsewhere(traces)
    to_them = (OutboxMessage.recipient_user_id.is_(None)) & (
        func.lower(OutboxMessage.address).in_(addresses)
    )
    query = (
        select(OutboxMessage)
        .where(
            OutboxMessage.created_at >= traces.since,
            or_(to_them, OutboxMessage.subject_id.in_(traces.subject_ids)),
        )
        .order_by(OutboxMessage.id)
    )
    for mail in db.session.scalars(query):
        _erase_mail(mail)
    db.session.flush()


def _used_elsewhere(traces: Traces) -> set[str]:
    """Addresses that another registration still needs: its mails stay as they are."""
    query = (
        select(func.lower(Registration.contact_email))
        .where(
            func.lower(Registration.contact_email).in_(traces.addresses),
            Registration.event_id != traces.event_id,
            Registration.anonymised_at.is_(None),
        )
        .distinct()
        .order_by(func.lower(Registration.contact_email))
    )
    return set(db.session.scalars(query))


def _erase_mail(mail: OutboxMessage) -> None:
    if mail.state in SENT_LATER:
        mail.state, mail.reason = OutboxState.DROPPED, WHY_DROPPED
    else:
        mail.reason = ""
    mail.dedupe_key = f"erased:{mail.id}"
    mail.address = mail.recipient_name = mail.body = ""
    mail.subject = DELETED_NAME
    mail.headers, mail.calendar, mail.attachments = {}, None, []


def _erase_words(traces: Traces) -> None:
    """Blank reasons, in the history and in the audit log: people write names into them."""
    _set(RegistrationHistory, RegistrationHistory.attendee_id, traces.attendee_ids, reason="")
    _set(AuditEntry, AuditEntry.subject_id, traces.subject_ids, reason="")
    by_guests = (
        update(AuditEntry)
        .where(
            AuditEntry.subject_id.in_(traces.subject_ids),
            AuditEntry.actor_id.is_(None),
            AuditEntry.actor_name != SYSTEM.name,
        )
        .values(actor_name="")
    )
    _run(by_guests)
    _set(SurveyAnswer, SurveyAnswer.respondent_id, traces.attendee_ids, respondent_id=None)


def _erase_counters(event_id: uuid.UUID) -> None:
    """Remove counters that name an organisation of which nobody is left: people erased count for
    the track and their category, but for no organisation any more."""
    left = select(Attendee.organization_name).where(
        Attendee.event_id == event_id, Attendee.organization_name != ""
    )
    names = db.session.scalars(left.distinct().order_by(Attendee.organization_name))
    tracks = select(Track.id).where(Track.event_id == event_id)
    _run(
        delete(SeatCounter).where(
            SeatCounter.track_id.in_(tracks),
            SeatCounter.scope == SeatScope.ORGANIZATION,
            SeatCounter.key.like("name:%"),
            SeatCounter.key.not_in([organization_key(None, name) for name in names]),
        )
    )


def _erase_floor(traces: Traces) -> None:
    """Questions stay; who asked them is forgotten. Pseudonyms go with all guests of the event."""
    _set(
        FloorQuestion, FloorQuestion.attendee_id, traces.attendee_ids,
        author_name="", author_id=None, shows_name=False, attendee_id=None,
    )  # fmt: skip


def _erase_tables(traces: Traces) -> None:
    """Seats and verdicts stay, for counting; wishes and notes go."""
    theirs = select(TableGuest.id).where(TableGuest.attendee_id.in_(traces.attendee_ids))
    _run(delete(TableWish).where(TableWish.guest_id.in_(theirs)))
    said = or_(MeetingOutcome.guest_id.in_(theirs), MeetingOutcome.partner_id.in_(theirs))
    _run(update(MeetingOutcome).where(said).values(note=""))


def _erase_files(traces: Traces) -> None:
    """Take away files that were given as answers to the form."""
    query = (
        select(AnswerFile)
        .where(AnswerFile.subject_id.in_(traces.subject_ids))
        .options(joinedload(AnswerFile.file))
        .order_by(AnswerFile.id)
    )
    for answer in db.session.scalars(query).all():
        stored: StoredFile = answer.file
        db.session.delete(answer)
        db.session.flush()
        db.session.delete(stored)
    db.session.flush()


def erase_rest(event: RegionalEvent, now: datetime) -> None:
    """What no single registration leads to: invitations to addresses, needs for assistance of
    everybody, pseudonyms of those who asked and voted without an account."""
    _run(
        delete(EventInvitee).where(
            EventInvitee.event_id == event.id, EventInvitee.organization_id.is_(None)
        )
    )
    assisted = or_(Attendee.assistance_note != "", cast(Attendee.assistance, String) != "[]")
    _run(
        update(Attendee)
        .where(Attendee.event_id == event.id, assisted)
        .values(assistance=[], assistance_note="")
    )
    forget_guests(event, now)


def _set(model: type[Base], column: Any, ids: Ids, **values: Any) -> None:
    _run(update(model).where(column.in_(ids)).values(**values))


def _run(statement: Any) -> None:
    db.session.execute(statement.execution_options(synchronize_session=False))
