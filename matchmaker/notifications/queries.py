"""Reads of the outbox."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from sqlalchemy import select

from matchmaker.core.db import db
from matchmaker.core.errors import NotFound
from matchmaker.core.paging import Page, paginate
from matchmaker.notifications.models import OutboxMessage

MOST_MESSAGES = 100


def messages_page(number: int) -> Page[OutboxMessage]:
    """One page of all messages, newest first."""
    query = select(OutboxMessage).order_by(OutboxMessage.created_at.desc(), OutboxMessage.id.desc())
    return paginate(query, number)


def message_of(message_id: uuid.UUID) -> OutboxMessage:
    """One message.

    Raises:
        NotFound: there is none.
    """
    message = db.session.get(OutboxMessage, message_id)
    if message is None:
        raise NotFound
    return message


def messages_about(subject_ids: Sequence[uuid.UUID]) -> Sequence[OutboxMessage]:
    """The latest messages about these records, newest first (at most :data:`MOST_MESSAGES`)."""
    query = (
        select(OutboxMessage)
        .where(OutboxMessage.subject_id.in_(subject_ids))
        .order_by(OutboxMessage.created_at.desc(), OutboxMessage.id.desc())
        .limit(MOST_MESSAGES)
    )
    return db.session.scalars(query).all()
