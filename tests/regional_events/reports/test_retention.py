"""Guests are erased when their time is over: everywhere, once, with the counts left."""

from __future__ import annotations

import sqlite3
import uuid
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from matchmaker.accounts.models import User
from matchmaker.accounts.service import create_user, grant_global_role
from matchmaker.core import clock
from matchmaker.core.actor import GlobalRole
from matchmaker.core.audit import AuditEntry
from matchmaker.core.db import Base, db
from matchmaker.core.errors import Conflict, ProductError
from matchmaker.notifications.models import OutboxMessage
from matchmaker.notifications.service import queue_mail_to_address
from matchmaker.regional_events.floor.models import FloorQuestion
from matchmaker.regional_events.planning.models import EventInvitee, RegionalEvent
from matchmaker.regional_events.planning.queries import get_event
from matchmaker.regional_events.registrations.domain import AttendeeState, Source
from matchmaker.regional_events.registrations.models import Attendee, Registration
from matchmaker.regional_events.registrations.queries import counts_of
from matchmaker.regional_events.reports.figures import figures_of
from matchmaker.regional_events.reports.retention import jobs, queries
from matchmaker.regional_events.reports.retention.service import forget_registration
from tests.regional_events.builders import make_event, make_registration, make_track, person_data
from tests.regional_events.reports.conftest import COORDINATOR, Hold, check_in, people_of

SECRETS = (
    "天野 秘密", "アマノ ヒミツ", "secret-guest@example.net", "secret-contact@example.net",
    "秘密の会社", "秘密の役職", "03-1234-9876", "秘密の答え", "秘密の連絡", "手話と秘密の配慮",
    "秘密の同行者", "秘密の理由",
)  # fmt: skip
KEPT = timedelta(days=90)


def leave_traces(event: RegionalEvent, guest: Attendee, now: datetime) -> None:
    """A question, an invitation, an entry of the log and a mail that name the guest."""
    question = FloorQuestion(
        event_id=event.id, number=1, kind="question", source="beforehand",
        original_text="質問です", text="質問です", author_key="a0", attendee_id=guest.id,
        author_name="天野 秘密", shows_name=True, state="accepted", submission_key="k",
        created_at=now, updated_at=now,
    )  # fmt: skip
    invited = EventInvitee(
        event_id=event.id, email_key="secret-guest@example.net", name="天野 秘密"
    )
    db.session.add_all([question, invited])
    entry = AuditEntry(
        at=now, tag="registrations:seat:cancelled", actor_name="天野 秘密", reason="秘密の理由",
        subject_id=guest.id, details={},
    )  # fmt: skip
    db.session.add(entry)
    facts = {
        "subject": "天野 秘密 様", "recipient_name": "天野 秘密", "text": "秘密の連絡",
        "event_name": event.name, "when": "", "survey_url": "", "materials_url": "",
        "contact_name": "", "contact_email": "",
    }  # fmt: skip
    key = "test:secret-guest@example.net"
    queue_mail_to_address("secret-guest@example.net", "event-thanks", facts, key, None, now)


def make_secret_guest(app: Flask) -> uuid.UUID:
    """An event that ended an hour ago, with one guest who typed something everywhere."""
    with app.app_context():
        now = clock.now()
        event = make_event(now)
        track = make_track(event)
        person = person_data(
            track, "天野 秘密", kana="アマノ ヒミツ", email="secret-guest@example.net",
            job_title="秘密の役職", assistance=("sign_language",),
            assistance_note="手話と秘密の配慮", companions=("秘密の同行者",),
        )  # fmt: skip
        made = make_registration(
            event, track, people=[person], contact_name="天野 秘密",
            contact_email="secret-contact@example.net", contact_phone="03-1234-9876",
            organization_name="秘密の会社", category="company", answers={"wish": "秘密の答え"},
            note="秘密の連絡", desk_note="秘密の連絡",
        )  # fmt: skip
        guest = people_of(made)[0]
        check_in(guest, now)
        guest.state_reason = "秘密の理由"
        leave_traces(event, guest, now)
        event = get_event(event.id)
        event.starts_at, event.ends_at = now - timedelta(hours=4), now - timedelta(hours=1)
        db.session.commit()
        return event.id


def dump(app: Flask) -> str:
    """The whole database as text."""
    with app.app_context():
        path = db.engine.url.database
        db.session.remove()
    assert path
    connection = sqlite3.connect(path)
    text = "\n".join(connection.iterdump())
    connection.close()
    return text


def found_in(text: str) -> list[str]:
    escaped = {word: word.encode("unicode_escape").decode() for word in SECRETS}
    return [word for word in SECRETS if word in text or escaped[word] in text]


def test_nothing_of_a_guest_is_left_in_the_whole_database(app: Flask) -> None:
    event_id = make_secret_guest(app)
    assert set(found_in(dump(app))) == set(SECRETS)
    with app.app_context():
        before, figures = counts_of(event_id), figures_of(event_id)
        assert jobs.delete_due_guests(clock.now() + KEPT) == 2  # the guest and who comes along
        assert counts_of(event_id) == before
        assert figures_of(event_id) == figures
    assert found_in(dump(app)) == []


def personal_columns() -> Iterator[tuple[str, str]]:
    for mapper in Base.registry.mappers:
        if mapper.class_.__module__.startswith("matchmaker.regional_events"):
            for column in mapper.local_table.columns:
                if "personal" in column.info and "guests" in str(column.info["retention"]):
                    yield str(mapper.local_table), column.name


def test_every_column_marked_personal_is_looked_at(app: Flask) -> None:
    """A new one makes this fail until somebody has seen that :mod:`erasing` reaches it."""
    assert app
    tables = {table for table, _column in personal_columns()}
    assert tables <= {
        "registrations", "attendees", "event_invitees", "floor_questions", "floor_votes",
        "floor_poll_answers", "table_wishes", "meeting_outcomes",
    }  # fmt: skip


def test_a_second_run_finds_nothing_and_the_day_before_nothing_is_due(
    app: Flask, hold: Hold
) -> None:
    held = hold()
    with app.app_context():
        end = get_event(held.event_id).ends_at
        assert jobs.delete_due_guests(end + KEPT - timedelta(microseconds=1)) == 0
        assert jobs.delete_due_guests(end + KEPT) == 8
        assert jobs.delete_due_guests(end + KEPT) == 0
        tags = [
            entry.details
            for entry in db.session.scalars(
                select(AuditEntry).where(AuditEntry.tag == "event_reports:guests:deleted")
            )
        ]
        assert tags == [{"people": 8}]
        codes = db.session.scalars(select(Attendee.code)).all()
        assert len(set(codes)) == len(codes)
        assert {p.name for p in db.session.scalars(select(Attendee))} == {"（削除済み）"}


def test_batches_reach_everybody(app: Flask, hold: Hold, monkeypatch: pytest.MonkeyPatch) -> None:
    held = hold()
    monkeypatch.setattr(queries.next_guests, "__defaults__", (3,))
    with app.app_context():
        assert jobs.delete_due_guests(held.now + KEPT) == 8
        assert queries.guest_counts(held.event_id) == queries.GuestCounts()


def test_people_with_an_account_stay_for_three_years(app: Flask, hold: Hold) -> None:
    held = hold()
    with app.app_context():
        person = create_user("own@example.com", "会員 一郎", None, held.now)
        kept = db.session.get_one(Attendee, held.came[0])
        registration = db.session.get_one(Registration, kept.registration_id)
        registration.user_id = kept.user_id = person.id
        kept.assistance, kept.assistance_note = ["captions"], "前の席"
        db.session.commit()
        assert jobs.delete_due_guests(held.now + KEPT) == 7
        kept = db.session.get_one(Attendee, held.came[0])
        assert (kept.name, kept.assistance, kept.assistance_note) == ("参加 者0", [], "")
        assert jobs.delete_due_guests(held.now + timedelta(days=3 * 365 + 1)) == 1
        db.session.expire_all()
        assert db.session.get_one(Attendee, held.came[0]).name == "（削除済み）"


def test_the_staff_is_told_once_a_week_before(app: Flask, hold: Hold) -> None:
    held = hold()
    with app.app_context():
        person = create_user("coordinator@example.com", "調整 太郎", None, held.now)
        from_secretariat(person.id, held.now)
        soon = held.now + KEPT - timedelta(days=5)
        assert jobs.tell_of_deletion(held.now) == 0
        assert jobs.tell_of_deletion(soon) == 1
        assert jobs.tell_of_deletion(soon + timedelta(days=1)) == 0
        mails = db.session.scalars(
            select(OutboxMessage).where(OutboxMessage.recipient_user_id == person.id)
        ).all()
        assert [("8件の参加登録（8人）" in mail.body) for mail in mails] == [True]


def from_secretariat(user_id: uuid.UUID, now: datetime) -> None:
    grant_global_role(db.session.get_one(User, user_id), GlobalRole.SECRETARIAT, now=now)
    db.session.commit()


def test_a_guest_may_be_forgotten_at_once_and_the_seat_goes_on(app: Flask) -> None:
    with app.app_context():
        now = clock.now()
        event = make_event(now)
        track = make_track(event, capacity=1)
        first = make_registration(event, track, ("先の 人",), source=Source.SELF)
        second = make_registration(event, track, ("次の 人",))
        first_id, second_id = people_of(first)[0].id, people_of(second)[0].id
        db.session.commit()
        event, first = get_event(event.id), reload(first.id)
        assert forget_registration(event, first, "電話で希望", COORDINATOR, now) == 1
        db.session.commit()
        gone = db.session.get_one(Attendee, first_id)
        assert (gone.name, gone.state) == ("（削除済み）", AttendeeState.CANCELLED)
        assert db.session.get_one(Attendee, second_id).state is not AttendeeState.CANCELLED
        with pytest.raises(Conflict):
            forget_registration(event, reload(first.id), "もう一度", COORDINATOR, now)
    assert "先の 人" not in dump(app)
    assert "次の 人" in dump(app)


def reload(registration_id: uuid.UUID) -> Registration:
    found = queries.registration_with_number(
        db.session.get_one(Registration, registration_id).event_id,
        db.session.get_one(Registration, registration_id).number,
    )
    assert found is not None
    return found


def test_a_reason_is_needed_and_accounts_are_left_alone(app: Flask, hold: Hold) -> None:
    held = hold(came=1, missed=0)
    with app.app_context():
        event = get_event(held.event_id)
        registration = reload(db.session.get_one(Attendee, held.came[0]).registration_id)
        with pytest.raises(ProductError) as missing:
            forget_registration(event, registration, "　", COORDINATOR, held.now)
        assert missing.value.field == "reason"
        registration.user_id = create_user("own@example.com", "会員", None, held.now).id
        with pytest.raises(ProductError, match="アカウント"):
            forget_registration(event, registration, "希望", COORDINATOR, held.now)


def test_an_address_used_for_another_event_keeps_its_mails_there(app: Flask, hold: Hold) -> None:
    held = hold(came=1, missed=0)
    with app.app_context():
        address = db.session.get_one(Attendee, held.came[0]).email
        other = make_event(held.now, name="次の催し")
        track = make_track(other)
        make_registration(other, track, contact_email=address)
        db.session.commit()
        about = {"title": "次の催し", "about": "次の催し", "closes": "", "introduction": ""}
        facts = {**about, "is_anonymous": True, "is_reminder": False, "url": ""}
        queue_mail_to_address(
            address, "event-thanks-survey", {**facts, "recipient_name": "参加 者0"}, "other",
            other.id, held.now,
        )  # fmt: skip
        db.session.commit()
        jobs.delete_due_guests(held.now + KEPT)
        left = select(OutboxMessage.subject_id).where(OutboxMessage.address == address)
        assert other.id in db.session.scalars(left).all()
        assert db.session.get_one(RegionalEvent, other.id).guests_deleted_at is None
