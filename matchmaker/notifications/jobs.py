"""Delivers what waits in the outbox: at least once, by as many workers as there are.

A worker claims a message with one counted UPDATE and a lease. When it dies before it notes the
result, the lease runs out and another one sends the message (perhaps a second time, with the same
Message-ID). Jobs have transactions of their own and commit them here.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from sqlalchemy import ColumnElement, and_, delete, or_, select, update
from sqlalchemy.orm import joinedload

from config import Settings
from matchmaker.core import form_stash
from matchmaker.core.clock import now as present
from matchmaker.core.db import db
from matchmaker.core.settings import current_settings
from matchmaker.notifications.domain import LEASE, OutboxState, next_attempt
from matchmaker.notifications.models import OutboxMessage
from matchmaker.notifications.registry import can_still_receive
from matchmaker.notifications.transport import NotDelivered, Transport, as_email, transport_of

AT_ONCE = 100
REASON_LENGTH = 500
KEPT_FOR = timedelta(days=365)
log = structlog.get_logger()


@dataclass(slots=True)
class Delivery:
    """What one run did."""

    sent: int = 0
    retried: int = 0
    failed: int = 0
    dropped: int = 0


def deliver_due(now: datetime, limit: int = AT_ONCE) -> Delivery:
    """Send all messages that are due, oldest first.

    Args:
        now: messages are due whose next attempt, or whose lease, is not later.
        limit: most messages of one run.
    """
    settings = current_settings()
    transport = transport_of(settings)
    result = Delivery()
    for message_id in _due_ids(now, limit):
        if claim(message_id, now):
            _deliver(message_id, now, settings, transport, result)
    return result


def claim(message_id: uuid.UUID, now: datetime) -> bool:
    """Take one message for :data:`LEASE`; False when another worker was faster."""
    statement = (
        update(OutboxMessage)
        .where(OutboxMessage.id == message_id, _is_due(now))
        .values(
            state=OutboxState.SENDING,
            attempts=OutboxMessage.attempts + 1,
            next_attempt_at=now + LEASE,
        )
        .execution_options(synchronize_session=False)
    )
    claimed: bool = db.session.execute(statement).rowcount == 1  # type: ignore[attr-defined]
    db.session.commit()
    return claimed


def forget_old(now: datetime) -> int:
    """Delete finished messages after a year and stashed forms after a day; gives the number."""
    finished = (OutboxState.SENT, OutboxState.FAILED, OutboxState.DROPPED)
    statement = delete(OutboxMessage).where(
        OutboxMessage.state.in_(finished), OutboxMessage.created_at < now - KEPT_FOR
    )
    number = int(db.session.execute(statement).rowcount)  # type: ignore[attr-defined]
    number += form_stash.drop_expired(now)
    db.session.commit()
    return number


def _is_due(now: datetime) -> ColumnElement[bool]:
    """Waiting and due, or left behind by a worker whose lease has run out."""
    return and_(
        or_(
            OutboxMessage.state == OutboxState.WAITING,
            OutboxMessage.state == OutboxState.SENDING,
        ),
        OutboxMessage.next_attempt_at <= now,
    )


def _due_ids(now: datetime, limit: int) -> list[uuid.UUID]:
    query = (
        select(OutboxMessage.id)
        .where(_is_due(now))
        .order_by(OutboxMessage.next_attempt_at, OutboxMessage.id)
        .limit(limit)
    )
    ids = list(db.session.scalars(query))
    db.session.rollback()
    return ids


def _deliver(
    message_id: uuid.UUID,
    now: datetime,
    settings: Settings,
    transport: Transport,
    result: Delivery,
) -> None:
    query = (
        select(OutboxMessage)
        .options(joinedload(OutboxMessage.recipient))
        .where(OutboxMessage.id == message_id)
    )
    row = db.session.scalars(query).one()
    reason = _why_not(row)
    if reason:
        _finish(row, OutboxState.DROPPED, reason)
        result.dropped += 1
        return
    message = as_email(row, settings)
    db.session.commit()  # no transaction stays open while the mail server is asked
    try:
        transport.send(message)
    except NotDelivered as error:
        _note_failure(message_id, now, error, result)
    else:
        _finish(db.session.get_one(OutboxMessage, message_id), OutboxState.SENT, "")
        result.sent += 1


def _why_not(row: OutboxMessage) -> str:
    """Why the message may not go out any more, empty when it may."""
    if row.recipient_user_id is not None and (row.recipient is None or not row.recipient.active):
        return "宛先のアカウントが停止しています。"
    if not can_still_receive(row.subject_kind, row.recipient_user_id, row.subject_id):
        return "宛先の人は、この内容を見られなくなりました。"
    return ""


def _note_failure(
    message_id: uuid.UUID, now: datetime, error: NotDelivered, result: Delivery
) -> None:
    row = db.session.get_one(OutboxMessage, message_id)
    again_at = None if error.is_final else next_attempt(row.attempts, now)
    log.warning("mail_not_delivered", message=str(message_id), reason=error.reason)
    if again_at is None:
        _finish(row, OutboxState.FAILED, error.reason)
        result.failed += 1
        return
    row.state = OutboxState.WAITING
    row.reason = error.reason[:REASON_LENGTH]
    row.next_attempt_at = again_at
    db.session.commit()
    result.retried += 1


def _finish(row: OutboxMessage, state: OutboxState, reason: str) -> None:
    row.state = state
    row.reason = reason[:REASON_LENGTH]
    row.sent_at = present() if state is OutboxState.SENT else None
    db.session.commit()
