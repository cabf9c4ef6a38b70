"""Mails that the staff writes after an event: thanks, word to those who missed it, recordings.

Each kind is sent once for an event: a row unique by event and kind is written first, in the
transaction in which all mails go into the outbox.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, insert, select

from matchmaker.core.actor import Actor
from matchmaker.core.db import db, new_id
from matchmaker.core.dialect import insert_or_skip
from matchmaker.core.domain_events import record
from matchmaker.core.errors import Conflict, ProductError
from matchmaker.core.settings import current_settings
from matchmaker.core.text import clean_line, clean_text
from matchmaker.notifications.domain import OutboxState, RenderedMail
from matchmaker.notifications.models import OutboxMessage
from matchmaker.notifications.rendering import render_mail
from matchmaker.notifications.service import queue_mail, queue_mail_to_address
from matchmaker.regional_events.planning.models import RegionalEvent
from matchmaker.regional_events.planning.notices import event_when
from matchmaker.regional_events.registrations.links import ticket_url
from matchmaker.regional_events.registrations.models import Attendee
from matchmaker.regional_events.reports.domain import (
    BODY_LENGTH,
    SUBJECT_LENGTH,
    MailingKind,
)
from matchmaker.regional_events.reports.events import EventMailingSent
from matchmaker.regional_events.reports.models import EventMailing
from matchmaker.regional_events.reports.people import Audience, address_of, audience_of
from matchmaker.surveys.domain import SurveyState, state_at
from matchmaker.surveys.models import Survey

TEMPLATE = "event-thanks"
MOST_FAILURES = 50
SENT_ALREADY = (
    "このメールは、もう送信の準備をしました。送れるのは1回だけです。"
    "届いたかどうかは、一覧で見られます。"
)
NOT_OVER = "イベントが終わってから送ってください。"
NOBODY = "送る相手がいません。受付の記録を確かめてください。"


@dataclass(frozen=True, slots=True)
class MailingData:
    """What the staff writes: one line and some text."""

    subject: str
    body: str


USUAL_WORDS: Mapping[MailingKind, tuple[str, str]] = {
    MailingKind.THANKS: (
        "ご参加ありがとうございました：{name}",
        "このたびは「{name}」にご参加いただき、ありがとうございました。\n"
        "よりよい場にするため、アンケートへのご協力をお願いします。",
    ),
    MailingKind.MISSED: (
        "資料のご案内：{name}",
        "「{name}」にお申し込みいただき、ありがとうございました。\n"
        "当日お会いできなかった方にも、内容をお届けします。",
    ),
    MailingKind.RECORDINGS: (
        "録画と資料を公開しました：{name}",
        "「{name}」の録画と資料を公開しました。下のページからご覧ください。",
    ),
}


def usual_words(event: RegionalEvent, kind: MailingKind) -> MailingData:
    """What a mail of this kind says unless the staff changes it."""
    subject, body = USUAL_WORDS[kind]
    return MailingData(
        subject.format(name=event.name)[:SUBJECT_LENGTH], body.format(name=event.name)
    )


def checked(data: MailingData) -> MailingData:
    """The words cleaned.

    Raises:
        ProductError: something is missing or too long.
    """
    subject, body = clean_line(data.subject), clean_text(data.body)
    if not subject or len(subject) > SUBJECT_LENGTH:
        raise ProductError(f"件名を{SUBJECT_LENGTH}文字までで入れてください。", "subject")
    if not body or len(body) > BODY_LENGTH:
        raise ProductError(f"本文を{BODY_LENGTH:,}文字までで入れてください。", "body")
    return MailingData(subject, body)


def preview(event: RegionalEvent, data: MailingData, now: datetime) -> RenderedMail:
    """The mail as a guest would get it, with a made-up name and no working links."""
    url = f"{current_settings().resolved_public_url()}/event-tickets/…"
    context = {"recipient_name": "（お名前）", "service_name": "めぐりあわせ"}
    words = _context(event, data, url, _open_survey(event, now), is_guest=True)
    public = {"public_url": current_settings().resolved_public_url()}
    return render_mail(TEMPLATE, {**context, **public, **words})


def send(
    event: RegionalEvent, kind: MailingKind, data: MailingData, actor: Actor, now: datetime
) -> EventMailing:
    """Put the mail to all of its recipients into the outbox, once.

    Raises:
        Conflict: it was sent already (a double click, a second tab, a colleague).
        ProductError: the event is not over, nobody is there to write to, or words are missing.
    """
    data = checked(data)
    if now < event.ends_at:
        raise ProductError(NOT_OVER)
    audience = audience_of(event.id, kind)
    if not audience.people:
        raise ProductError(NOBODY)
    mailing_id = _claim(event.id, kind, data, audience, actor, now)
    survey = _open_survey(event, now)
    for person in audience.people:
        _queue(event, person, data, survey, mailing_id, now)
    details = {"kind": kind.value, "recipients": len(audience.people)}
    record(
        EventMailingSent(
            actor=actor, now=now, subject_id=event.id, mailing_id=mailing_id, kind=kind,
            details=details,
        )
    )  # fmt: skip
    return db.session.get_one(EventMailing, mailing_id)


def _claim(
    event_id: uuid.UUID,
    kind: MailingKind,
    data: MailingData,
    audience: Audience,
    actor: Actor,
    now: datetime,
) -> uuid.UUID:
    """Write the row that lets only one of two senders through."""
    mailing_id = new_id()
    statement = insert(EventMailing).values(
        id=mailing_id, event_id=event_id, kind=kind, subject=data.subject, body=data.body,
        recipients=len(audience.people), without_address=audience.without_address,
        actor_id=actor.user_id, actor_name=actor.name, sent_at=now,
    )  # fmt: skip
    if insert_or_skip(db.session(), statement, ["event_id", "kind"]) != 1:
        raise Conflict(SENT_ALREADY)
    return mailing_id


def _queue(
    event: RegionalEvent,
    person: Attendee,
    data: MailingData,
    survey: Survey | None,
    mailing_id: uuid.UUID,
    now: datetime,
) -> None:
    key = f"event-mailing:{mailing_id}:{person.id}"
    if person.user is not None:
        base = f"{current_settings().resolved_public_url()}/regional-events/{event.id}"
        words = _context(event, data, base, survey, is_guest=False)
        queue_mail(person.user, TEMPLATE, words, key, mailing_id, now)
        return
    words = _context(event, data, ticket_url(person), survey, is_guest=True)
    context = {**words, "recipient_name": person.name}
    queue_mail_to_address(address_of(person), TEMPLATE, context, key, mailing_id, now)


def _context(
    event: RegionalEvent, data: MailingData, url: str, survey: Survey | None, *, is_guest: bool
) -> dict[str, Any]:
    """Facts of a mail; ``url`` is the person's page."""
    public = current_settings().resolved_public_url()
    asked = f"{url}/surveys" if is_guest else f"{public}/surveys/{survey.id if survey else ''}"
    return {
        "subject": data.subject,
        "text": data.body,
        "event_name": event.name,
        "when": event_when(event),
        "materials_url": f"{url}/materials" if is_guest else url,
        "survey_url": asked if survey else "",
        "survey_closes": survey.closes_at if survey else None,
        "contact_name": event.contact_name,
        "contact_email": event.contact_email,
    }


def _open_survey(event: RegionalEvent, now: datetime) -> Survey | None:
    """The survey afterwards, as long as answers are taken (or soon will be)."""
    survey = db.session.get(Survey, event.survey_id) if event.survey_id else None
    if survey is None or state_at(survey.opens_at, survey.closes_at, now) is SurveyState.CLOSED:
        return None
    return survey


def mailings_of(event_id: uuid.UUID) -> dict[MailingKind, EventMailing]:
    """What was sent for an event."""
    query = select(EventMailing).where(EventMailing.event_id == event_id)
    return {
        mailing.kind: mailing for mailing in db.session.scalars(query.order_by(EventMailing.id))
    }


def delivery_of(mailing: EventMailing) -> dict[OutboxState, int]:
    """How many of its mails wait, were sent, or failed."""
    query = select(OutboxMessage.state, func.count()).where(*_mails(mailing))
    rows = db.session.execute(query.group_by(OutboxMessage.state)).tuples()
    return {OutboxState(state): number for state, number in rows}


def failures_of(mailing: EventMailing) -> Sequence[OutboxMessage]:
    """Mails that did not reach anybody, with the reason, at most :data:`MOST_FAILURES`."""
    query = (
        select(OutboxMessage)
        .where(
            *_mails(mailing),
            OutboxMessage.state.in_((OutboxState.FAILED, OutboxState.DROPPED)),
        )
        .order_by(OutboxMessage.address, OutboxMessage.id)
        .limit(MOST_FAILURES)
    )
    return db.session.scalars(query).all()


def _mails(mailing: EventMailing) -> tuple[Any, ...]:
    """They were all written at the moment of the mailing; that column has the index."""
    return OutboxMessage.created_at == mailing.sent_at, OutboxMessage.subject_id == mailing.id
