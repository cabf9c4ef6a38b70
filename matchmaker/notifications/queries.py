"""Reads of the outbox."""

from __future__ import annotations

import uuid

from sqlalchemy import select

from matchmaker.core.db import db
from matchmaker.core.errors import NotFound
from matchmaker.core.paging import Page, paginate
from matchmaker.notifications.models import OutboxMessage


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
