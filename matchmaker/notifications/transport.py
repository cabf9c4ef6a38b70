"""Hands one finished message over: to a mail server, or into a folder of ``.eml`` files."""

from __future__ import annotations

import re
import smtplib
import ssl
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr
from pathlib import Path
from typing import Protocol

from config import Settings
from matchmaker.notifications.domain import Attachment
from matchmaker.notifications.models import OutboxMessage

TIMEOUT_SECONDS = 30
PERMANENT = 500
MAIL_FOLDER = "mail"
METHOD = re.compile(r"^METHOD:([A-Z]+)\r?$", re.M)


class NotDelivered(Exception):
    """The message was not taken; ``is_final`` says that trying again is useless."""

    def __init__(self, reason: str, *, is_final: bool = False) -> None:
        super().__init__(reason)
        self.reason = reason
        self.is_final = is_final


class Transport(Protocol):
    """Where mail goes."""

    def send(self, message: EmailMessage) -> None:
        """Hand one message over.

        Raises:
            NotDelivered: it was not taken.
        """
        ...


class SmtpTransport:
    """A mail server."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def send(self, message: EmailMessage) -> None:
        """One connection for one message: the volume is small and failures stay apart."""
        try:
            with self._connect() as server:
                server.send_message(message)
        except smtplib.SMTPRecipientsRefused as error:
            code, text = next(iter(error.recipients.values()))
            raise NotDelivered(_said(code, text), is_final=code >= PERMANENT) from error
        except smtplib.SMTPResponseException as error:
            is_final = error.smtp_code >= PERMANENT and not isinstance(
                error, smtplib.SMTPAuthenticationError | smtplib.SMTPConnectError
            )
            reason = _said(error.smtp_code, error.smtp_error)
            raise NotDelivered(reason, is_final=is_final) from error
        except (smtplib.SMTPException, OSError) as error:
            raise NotDelivered(f"{type(error).__name__}: {error}") from error

    def _connect(self) -> smtplib.SMTP:
        settings = self._settings
        host, port = settings.smtp_host, settings.smtp_port
        if settings.smtp_security == "tls":
            context = ssl.create_default_context()
            server: smtplib.SMTP = smtplib.SMTP_SSL(
                host, port, timeout=TIMEOUT_SECONDS, context=context
            )
        else:
            server = smtplib.SMTP(host, port, timeout=TIMEOUT_SECONDS)
        try:
            if settings.smtp_security == "starttls":
                server.starttls(context=ssl.create_default_context())
            if settings.smtp_user:
                server.login(settings.smtp_user, settings.smtp_password)
        except BaseException:
            server.close()
            raise
        return server


class FolderTransport:
    """A folder of ``.eml`` files, for development: any mail program opens them."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def send(self, message: EmailMessage) -> None:
        """Write the file whole or not at all; the same message again replaces it."""
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        name = str(message["Message-ID"]).strip("<>").partition("@")[0]
        temporary = self._folder / f".{name}.part"
        temporary.write_bytes(message.as_bytes(policy=SMTP))
        temporary.replace(self._folder / f"{name}.eml")


def transport_of(settings: Settings) -> Transport:
    """The mail server when one is set, else the folder ``mail`` in the instance folder."""
    if settings.smtp_host:
        return SmtpTransport(settings)
    return FolderTransport(settings.instance_dir / MAIL_FOLDER)


def as_email(row: OutboxMessage, settings: Settings) -> EmailMessage:
    """The message as it is sent. Its id is that of the row: whoever gets it twice can tell."""
    message = EmailMessage(policy=SMTP)
    sender_name, sender_address = parseaddr(settings.mail_from)
    message["From"] = _address(sender_name, sender_address)
    message["To"] = _address(row.recipient_name, row.address)
    message["Subject"] = row.subject
    message["Date"] = format_datetime(row.created_at)
    message["Message-ID"] = f"<{row.id}@{sender_address.rpartition('@')[2]}>"
    for name, value in row.headers.items():
        message[name] = str(value)
    message.set_content(row.body)
    if row.calendar:
        _attach_calendar(message, row.calendar)
    for data in row.attachments:
        _attach(message, Attachment.from_data(data))
    return message


def _attach(message: EmailMessage, attachment: Attachment) -> None:
    main, _, sub = attachment.media_type.partition("/")
    message.add_attachment(attachment.content, maintype=main, subtype=sub, filename=attachment.name)


def _attach_calendar(message: EmailMessage, calendar: str) -> None:
    """Add a calendar file that mail programs offer to enter (RFC 6047, 2.4)."""
    found = METHOD.search(calendar)
    message.add_attachment(
        calendar.encode(),
        maintype="text",
        subtype="calendar",
        filename="yotei.ics",
        params={"charset": "utf-8", "method": found[1] if found else "PUBLISH"},
    )


def _address(name: str, address: str) -> Address:
    local, _, domain = address.rpartition("@")
    return Address(name, local, domain)


def _said(code: int, text: bytes | str) -> str:
    words = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
    return f"{code} {words}"
