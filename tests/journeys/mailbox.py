"""The mail that the service under test has sent, as its receivers see it."""

from __future__ import annotations

import time
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

from icalendar import Calendar, Event

PATIENCE = 90.0


@dataclass(frozen=True, slots=True)
class Letter:
    """One mail.

    Args:
        subject: its subject.
        text: its plain text, lines as they were written.
        calendar: the calendar file that came along, or nothing.
    """

    subject: str
    text: str
    calendar: bytes

    def entry(self) -> Event:
        """The one entry of the calendar file."""
        entries = Calendar.from_ical(self.calendar).walk("VEVENT")
        assert len(entries) == 1
        entry = entries[0]
        assert isinstance(entry, Event)
        return entry


def letter_to(folder: Path, address: str, words: str, patience: float = PATIENCE) -> Letter:
    """Wait for a mail and read it.

    Args:
        folder: instance folder of the service.
        address: whom it is sent to.
        words: part of its subject; with several such mails the newest counts.
        patience: seconds until the test fails.
    """
    deadline = time.monotonic() + patience
    while time.monotonic() < deadline:
        found = [mail for mail in _mails(folder, address) if words in mail["Subject"]]
        if found:
            return _letter(max(found, key=lambda mail: str(mail["Date"].datetime)))
        time.sleep(0.5)
    subjects = [str(mail["Subject"]) for mail in _mails(folder, address)]
    raise AssertionError(f"no mail to {address} about {words}, only {subjects}")


def letters_to(folder: Path, address: str) -> list[Letter]:
    """All mail that has been sent to somebody."""
    return [_letter(mail) for mail in _mails(folder, address)]


def _mails(folder: Path, address: str) -> list[EmailMessage]:
    read = (
        message_from_bytes(path.read_bytes(), policy=policy.default)
        for path in (folder / "mail").glob("*.eml")
    )
    return [mail for mail in read if mail["To"].addresses[0].addr_spec == address]


def _letter(mail: EmailMessage) -> Letter:
    body = mail.get_body(("plain",))
    assert body is not None
    files = [part for part in mail.iter_attachments() if part.get_content_type() == "text/calendar"]
    calendar = files[0].get_payload(decode=True) if files else b""
    assert isinstance(calendar, bytes)
    return Letter(str(mail["Subject"]), body.get_content().replace("\r\n", "\n"), calendar)
