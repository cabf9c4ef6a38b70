"""Reads mails from the outbox as a mail server would get them."""

from __future__ import annotations

import re
import threading
import time
import uuid
from datetime import datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP, default

from flask import Flask
from sqlalchemy import select

from config import Settings
from matchmaker.core.db import db
from matchmaker.core.dialect import reading_only
from matchmaker.notifications.models import OutboxMessage
from matchmaker.notifications.transport import as_email

LINK = re.compile(r"https?://[^/\s]+(/event-tickets/[^\s/]+(?:/confirm)?)")
CONFIRM, OFFER = "registration-confirm:", "registration-offer:"
TICKETS = ("registration-seat:", "registration-line:", OFFER)
POLL_SECONDS, PATIENCE_SECONDS = 0.25, 90.0


def words_of(row: OutboxMessage, settings: Settings) -> str:
    """The text of a mail after its way through the mail server."""
    message = message_from_bytes(as_email(row, settings).as_bytes(policy=SMTP), policy=default)
    body = message.get_body(("plain",)) if isinstance(message, EmailMessage) else None
    return str(body.get_content()) if body is not None else ""


class Mailbox:
    """The mails of one run, found by address.

    Args:
        app: for the database.
        settings: of the service.
        since: mails from before are not looked at.
    """

    def __init__(self, app: Flask, settings: Settings, since: datetime) -> None:
        self._app, self._settings, self._since = app, settings, since
        self._lock = threading.Lock()
        self._read = 0.0
        self._keys: dict[str, list[tuple[str, uuid.UUID]]] = {}
        self._seen: set[uuid.UUID] = set()

    def link(self, address: str, kinds: tuple[str, ...], *, waits: bool = True) -> str:
        """The path of the link in the latest mail of these kinds; empty when none comes."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while True:
            found = [one for key, one in self._of(address) if key.startswith(kinds)]
            if found:
                return self._link_in(found[-1])
            if not waits or time.monotonic() > deadline:
                return ""
            time.sleep(POLL_SECONDS)

    def offers(self) -> dict[str, str]:
        """Addresses to which seats were offered, by the key of the mail."""
        self._look()
        with self._lock:
            return {
                key: address
                for address, mails in self._keys.items()
                for key, _ in mails
                if key.startswith(OFFER)
            }

    def _of(self, address: str) -> list[tuple[str, uuid.UUID]]:
        if time.monotonic() - self._read > POLL_SECONDS:
            self._look()
        with self._lock:
            return list(self._keys.get(address, ()))

    def _look(self) -> None:
        with self._lock, self._app.app_context(), reading_only():
            self._read = time.monotonic()
            query = select(OutboxMessage.id, OutboxMessage.dedupe_key, OutboxMessage.address)
            new = query.where(OutboxMessage.created_at >= self._since).order_by(OutboxMessage.id)
            for row in db.session.execute(new):
                if row.id not in self._seen:
                    self._seen.add(row.id)
                    self._keys.setdefault(row.address, []).append((row.dedupe_key, row.id))
            db.session.remove()

    def _link_in(self, message_id: uuid.UUID) -> str:
        with self._app.app_context(), reading_only():
            row = db.session.get_one(OutboxMessage, message_id)
            found = LINK.search(words_of(row, self._settings))
            db.session.remove()
        return found[1] if found else ""
