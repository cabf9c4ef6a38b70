"""The figures of registrations: they run, and each of the checks can fail."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import delete, select, update

from matchmaker.app import create_app
from matchmaker.benchmarks.registrations.checking import CODE, Findings, findings_of
from matchmaker.benchmarks.registrations.filling import Hall, add_halls
from matchmaker.benchmarks.registrations.running import (
    Size,
    render_registration_bench,
    run_registration_bench,
)
from matchmaker.core import clock
from matchmaker.core.actor import SYSTEM
from matchmaker.core.db import db, new_id
from matchmaker.notifications.models import OutboxMessage
from matchmaker.regional_events.planning.models import Track
from matchmaker.regional_events.planning.queries import get_event
from matchmaker.regional_events.registrations import service
from matchmaker.regional_events.registrations.models import Attendee, RegistrationHistory
from tests.regional_events.builders import make_registration


class Run:
    """An event of the figures with four people for three seats."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.hall: Hall = add_halls(app, 8, run=0)[0]
        with app.app_context():
            event = get_event(self.hall.event_id)
            room = db.session.get_one(Track, self.hall.room_id)
            self.ids: list[uuid.UUID] = []
            for number in range(4):
                now = clock.now() + timedelta(seconds=number)
                made = make_registration(event, room, (f"参加者{number}",), now=now)
                query = select(Attendee.id).where(Attendee.registration_id == made.id)
                self.ids.append(db.session.scalars(query).one())
            db.session.commit()

    def findings(self) -> Findings:
        """What the checks say now."""

        def fetch(path: str) -> tuple[int, str]:
            answer = self.app.test_client().get(path)
            return answer.status_code, answer.text

        settings = self.app.extensions["matchmaker.settings"]
        return findings_of(self.app, settings, [self.hall.event_id], fetch)

    def change(self, *statements: Any) -> None:
        """Break the data by hand."""
        with self.app.app_context():
            for statement in statements:
                db.session.execute(statement)
            db.session.commit()


@pytest.fixture(name="run")
def four_people(app: Flask) -> Run:
    return Run(app)


def test_nothing_is_found_where_nothing_is_wrong(run: Run) -> None:
    assert run.findings() == Findings(confirmed=3)


def test_a_seat_too_many_is_found(run: Run) -> None:
    seated = {"state": "confirmed", "track_id": run.hall.room_id, "seated_at": clock.now()}
    run.change(update(Attendee).where(Attendee.id == run.ids[3]).values(**seated))
    assert run.findings().oversold == 2  # a seat beyond the room, and one that is not counted


def test_a_person_who_is_there_twice_is_found(run: Run) -> None:
    with run.app.app_context():
        email = db.session.get_one(Attendee, run.ids[0]).email
    run.change(update(Attendee).where(Attendee.id == run.ids[1]).values(email=email.upper()))
    assert run.findings().doubled == 1


def _without_mail(run: Run) -> Any:
    return delete(OutboxMessage).where(OutboxMessage.subject_id == run.ids[0])


def _with_another_code(run: Run) -> Any:
    return update(Attendee).where(Attendee.id == run.ids[0]).values(code="ABCDEFGHJKLMNPQR")


def _with_a_void_link(run: Run) -> Any:
    return update(Attendee).where(Attendee.id == run.ids[0]).values(link_version=2)


@pytest.mark.parametrize("broken", [_without_mail, _with_another_code, _with_a_void_link])
def test_a_person_who_was_not_told_is_found(run: Run, broken: Callable[[Run], Any]) -> None:
    run.change(broken(run))
    assert run.findings().unmailed == 1


def test_a_second_mail_is_found(run: Run) -> None:
    with run.app.app_context():
        query = select(OutboxMessage).where(OutboxMessage.subject_id == run.ids[0])
        mail = db.session.scalars(query).one()
        columns = {each.key: getattr(mail, each.key) for each in OutboxMessage.__table__.columns}
        again = {**columns, "id": new_id(), "dedupe_key": f"{mail.dedupe_key}:2"}
        db.session.add(OutboxMessage(**again))
        db.session.commit()
    assert run.findings().unmailed == 1


def test_a_seat_that_was_given_past_somebody_is_found(run: Run) -> None:
    """The one who waits asked first now, and was never seated."""
    early = clock.now() - timedelta(minutes=1)
    mine = RegistrationHistory.attendee_id == run.ids[3]
    run.change(update(RegistrationHistory).where(mine).values(at=early))
    assert run.findings().order_violations >= 3


def test_a_free_seat_that_nobody_got_is_found(run: Run) -> None:
    with run.app.app_context():
        person = db.session.get_one(Attendee, run.ids[0])
        service.cancel_attendee(person, "", SYSTEM, clock.now() + timedelta(minutes=1))
        db.session.commit()
    assert run.findings().order_violations == 0
    moved = RegistrationHistory.attendee_id == run.ids[3]
    run.change(
        delete(RegistrationHistory).where(moved, RegistrationHistory.kind == "confirmed"),
    )
    assert run.findings().order_violations == 1


def test_thirty_people_register_at_two_processes() -> None:
    said: list[str] = []
    size = Size(people=30, seats=8, processes=2, runs=1, pace_seconds=2, rows=60)
    result = run_registration_bench(create_app, size, said.append)
    for row in (*result["runs"], result["crash"]):
        assert row["confirmed"] > 0
        wrong = ("oversold", "doubled", "unmailed", "order_violations", "failed", "refused")
        assert {name: row[name] for name in wrong} == dict.fromkeys(wrong, 0)
    assert result["crash"]["repeated"] > 0
    assert result["paced"]["registrations"] == 7
    assert result["list"]["pages"]["first page"]["queries"] < 30
    text = render_registration_bench(result)
    assert "registrations a minute" in text
    assert "list of 60 people" in text
    assert len(said) == 2


def test_a_part_of_a_link_is_no_code() -> None:
    link = "http://127.0.0.1:1/event-tickets/WyIwMWY3ZWU2YWY5ZTY5NTRmYiIsMV0.uV8J"
    mail = f"参加コードを伝えてください：QYDKR5A8Q7K8X7SN\r\n{link}\r\n"
    assert CODE.findall(mail) == ["QYDKR5A8Q7K8X7SN"]
    assert CODE.findall("<code>QYDKR5A8Q7K8X7SN</code>") == ["QYDKR5A8Q7K8X7SN"]
    assert CODE.findall("tickets/AAWY3ZWU2YWY5ZTY5N-aQYDKR5A8Q7K8X7SN") == []
