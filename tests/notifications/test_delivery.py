"""Delivery: to a real mail server, at least once, with patience."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
import threading
import uuid
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from icalendar import Calendar
from sqlalchemy import select

from config import ROOT
from matchmaker.accounts import service as accounts
from matchmaker.accounts.models import User
from matchmaker.core.actor import SYSTEM
from matchmaker.core.calendar_files import CalendarEntry, calendar_file
from matchmaker.core.db import db
from matchmaker.core.qr_codes import qr_png
from matchmaker.notifications import registry
from matchmaker.notifications.domain import BACK_OFF, LEASE, Attachment
from matchmaker.notifications.jobs import claim, deliver_due, forget_old
from matchmaker.notifications.models import OutboxMessage
from matchmaker.notifications.service import queue_mail, queue_mail_to_address
from tests.accounts.conftest import application
from tests.notifications.conftest import Mailbox

NOW = datetime(2026, 4, 1, 3, 0, tzinfo=UTC)
PASSWORD = "midori-no-yama-42"


@pytest.fixture
def message_id(app: Flask) -> uuid.UUID:
    return put(app)


def put(app: Flask, subject_kind: str = "") -> uuid.UUID:
    """One mail in the outbox."""
    with app.app_context():
        user = accounts.create_user("hanako@town.example", "田中花子", PASSWORD, NOW)
        context = {"locked_until": NOW}
        queue_mail(user, "account-locked", context, "key", user.id, NOW, subject_kind=subject_kind)
        db.session.commit()
        return db.session.scalars(select(OutboxMessage.id)).one()


def state(app: Flask) -> tuple[str, int]:
    with app.app_context():
        row = db.session.scalars(select(OutboxMessage)).one()
        return row.state, row.attempts


def deliver(app: Flask, after: timedelta = timedelta()) -> None:
    with app.app_context():
        deliver_due(NOW + after)


def test_a_mail_arrives_as_it_was_written(
    app: Flask, mailbox: Mailbox, message_id: uuid.UUID
) -> None:
    deliver(app)
    deliver(app)
    assert state(app) == ("sent", 1)
    (mail,) = mailbox.messages
    assert mailbox.recipients == ["hanako@town.example"]
    assert mail["Subject"] == "アカウントを一時的に止めました"
    assert mail["To"].addresses[0].display_name == "田中花子"
    assert mail["From"].addresses[0].display_name == "めぐりあわせ事務局"
    assert mail["Message-ID"] == f"<{message_id}@meguriawase.example>"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail.get_content_type() == "text/plain"
    assert "田中花子 様" in mail.get_content()
    assert "2026年4月1日（令和8年）12:00まで" in mail.get_content()


def test_a_calendar_file_goes_with_its_mail(app: Flask, mailbox: Mailbox) -> None:
    entry = CalendarEntry("1@example.com", 2, NOW, NOW + timedelta(hours=1), "第1回", NOW)
    with app.app_context():
        user = accounts.create_user("hanako@town.example", "田中花子", PASSWORD, NOW)
        for number, cancelled in enumerate((False, True)):
            calendar = calendar_file([replace(entry, is_cancelled=cancelled)])
            queue_mail(
                user, "account-locked", {"locked_until": NOW}, f"key-{number}", user.id, NOW,
                calendar=calendar,
            )  # fmt: skip
        db.session.commit()
    deliver(app)
    methods = []
    for mail in mailbox.messages:
        (part,) = mail.iter_attachments()
        assert part.get_content_type() == "text/calendar"
        assert part.get_filename() == "yotei.ics"
        (event,) = Calendar.from_ical(part.get_content()).walk("VEVENT")
        assert event["SUMMARY"] == "第1回"
        methods.append(part["Content-Type"].params["method"])
    assert sorted(methods) == ["CANCEL", "PUBLISH"]


def test_a_server_that_is_busy_is_asked_again_later(
    app: Flask, mailbox: Mailbox, message_id: uuid.UUID
) -> None:
    mailbox.refusal = "451 try again later"
    deliver(app)
    assert state(app) == ("waiting", 1)
    deliver(app, BACK_OFF[0] - timedelta(seconds=1))
    assert state(app) == ("waiting", 1)
    mailbox.refusal = ""
    deliver(app, BACK_OFF[0])
    assert state(app) == ("sent", 2)


def test_a_final_refusal_ends_the_matter(
    app: Flask, mailbox: Mailbox, message_id: uuid.UUID
) -> None:
    mailbox.refusal = "550 no such mailbox"
    deliver(app)
    assert state(app) == ("failed", 1)
    with app.app_context():
        reason = db.session.scalars(select(OutboxMessage.reason)).one()
    assert "550" in reason


def test_a_server_that_is_away_is_tried_until_patience_ends(tmp_path: Path) -> None:
    with application(tmp_path, smtp_host="127.0.0.1", smtp_port=9) as app:
        put(app)
        moment = timedelta()
        for attempt in range(1, len(BACK_OFF) + 2):
            deliver(app, moment)
            assert state(app)[1] == attempt
            moment += timedelta(days=2)
        assert state(app)[0] == "failed"


def test_without_a_server_mail_is_written_to_files(tmp_path: Path) -> None:
    with application(tmp_path) as app:
        message_id = put(app)
        deliver(app)
        assert state(app) == ("sent", 1)
    files = list((tmp_path / "mail").iterdir())
    assert [file.name for file in files] == [f"{message_id}.eml"]
    assert b"To: " in files[0].read_bytes()


def test_who_may_no_longer_see_the_subject_gets_nothing(app: Flask, mailbox: Mailbox) -> None:
    registry.register_check("test:secret", lambda _user_id, _subject_id: False)
    put(app, "test:secret")
    deliver(app)
    assert state(app)[0] == "dropped"
    assert mailbox.messages == []


def test_whose_account_was_closed_meanwhile_gets_nothing(
    app: Flask, mailbox: Mailbox, message_id: uuid.UUID
) -> None:
    with app.app_context():
        row = db.session.scalars(select(OutboxMessage)).one()
        assert row.recipient_user_id is not None
        user = db.session.get_one(User, row.recipient_user_id)
        accounts.deactivate(user, "退職", SYSTEM, NOW)
        db.session.commit()
    deliver(app)
    assert state(app)[0] == "dropped"
    assert mailbox.messages == []


def test_of_many_workers_one_gets_a_message(app: Flask, message_id: uuid.UUID) -> None:
    results: list[bool] = []

    def work() -> None:
        with app.app_context():
            results.append(claim(message_id, NOW))

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(results) == [False] * 7 + [True]


def test_a_message_whose_worker_was_killed_is_sent_after_the_lease(
    app: Flask, mailbox: Mailbox, message_id: uuid.UUID, tmp_path: Path
) -> None:
    program = f"""
        import sys, time, uuid
        from datetime import datetime
        from pathlib import Path
        from matchmaker.app import create_app
        from matchmaker.notifications.jobs import claim
        from tests.conftest import make_settings
        app = create_app(make_settings(Path({str(tmp_path)!r})))
        with app.app_context():
            moment = datetime.fromisoformat({NOW.isoformat()!r})
            assert claim(uuid.UUID({str(message_id)!r}), moment)
            print("claimed", flush=True)
            time.sleep(60)
    """
    worker = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(program)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    assert worker.stdout is not None
    assert worker.stdout.readline().strip() == "claimed"
    worker.send_signal(signal.SIGKILL)
    worker.wait()
    worker.stdout.close()
    deliver(app, LEASE - timedelta(seconds=1))
    assert state(app) == ("sending", 1)
    assert mailbox.messages == []
    deliver(app, LEASE)
    assert state(app) == ("sent", 2)
    assert len(mailbox.messages) == 1


def test_finished_mail_is_forgotten_after_a_year(app: Flask, message_id: uuid.UUID) -> None:
    deliver(app)
    with app.app_context():
        assert forget_old(NOW + timedelta(days=365)) == 0
        assert forget_old(NOW + timedelta(days=366)) == 1


def test_small_files_go_with_their_mail_as_they_are(app: Flask, mailbox: Mailbox) -> None:
    picture = qr_png("https://meguriawase.example/1")
    with app.app_context():
        queue_mail_to_address(
            "guest@example.com", "account-locked", {"locked_until": NOW, "recipient_name": "客"},
            "key", None, NOW, attachments=[Attachment("uketsuke.png", "image/png", picture)],
        )  # fmt: skip
        db.session.commit()
    deliver(app)
    (mail,) = mailbox.messages
    (part,) = mail.iter_attachments()
    assert part.get_content_type() == "image/png"
    assert part.get_filename() == "uketsuke.png"
    assert part.get_content() == picture
