"""Commands whose process is killed leave nothing; pressed by many at once they happen once."""

from __future__ import annotations

import uuid
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask

from matchmaker.core import clock
from matchmaker.core.db import db
from matchmaker.regional_events.planning.models import RegionalEvent, SeatWave, Track
from matchmaker.regional_events.registrations.checking import line_report, seat_report
from tests.attacks.pressing import PRESSES, SERVICE, Service, ask, mails
from tests.regional_events.registrations.booking_world import BookingWorld
from tests.working_groups.proposals.test_last_second import served

OFFICER, DESK = "officer@town.example", "desk@example.com"


def _service(port: int, world: BookingWorld, folder: Path) -> Service:
    """The service, with the officer and the desk signed in."""
    cookies = {}
    for name in (OFFICER, DESK):
        cookie = world.visitor(name).client.get_cookie("session")
        assert cookie is not None
        cookies[name] = cookie.value
    return Service(port, folder, cookies)


@pytest.fixture
def planned(app: Flask) -> BookingWorld:
    """A room with three seats of five; the others come with a wave."""
    world = BookingWorld(app, capacity=5)
    with app.app_context():
        db.session.get_one(Track, world.room_id).first_seats = 3
        wave = SeatWave(track_id=world.room_id, release_at=clock.now() + timedelta(days=3))
        db.session.add(wave)
        db.session.commit()
    return world


def group_of_three(world: BookingWorld) -> dict[str, str]:
    """What an officer types who brings two colleagues."""
    fields = {"organization_id": str(world.organization_id), "count": "3"}
    for n in range(3):
        fields[f"person{n}-name"] = f"職員 {n}"
        fields[f"person{n}-email"] = f"p{n}@town.example"
        fields[f"person{n}-way"] = str(world.room_id)
    return world.form(**fields)


def test_all_or_nothing_and_each_mail_once(
    app: Flask, planned: BookingWorld, tmp_path: Path
) -> None:
    """Registering, releasing a wave and cancelling, each killed once and pressed by many."""
    with served(tmp_path, SERVICE) as port:
        service = _service(port, planned, tmp_path)
        _register(service, planned)
        planned.fill("先に 待つ", "次に 待つ")
        _release(service, planned)
        _accept(service, planned)
        _cancel(service, planned)
        _thank(app, service, planned)
    with app.app_context():
        assert seat_report(planned.event_id) == []
        assert line_report(planned.event_id) == []


def test_a_guest_who_confirms_in_many_tabs_is_seated_once(
    app: Flask, planned: BookingWorld, tmp_path: Path
) -> None:
    assert planned.register().status_code in (200, 302)
    path = planned.link("確認")
    with served(tmp_path, SERVICE) as port:
        answers = _service(port, planned, tmp_path).press_at_once(OFFICER, path, {})
    assert answers.count(302) >= 1
    assert planned.people() == [("市民 花子", "confirmed")]
    assert len(planned.mails("参加が確定しました")) == 1
    with app.app_context():
        assert seat_report(planned.event_id) == []


def _register(service: Service, world: BookingWorld) -> None:
    path, fields = f"{world.base}/new", group_of_three(world)
    answers = service.killed_then_pressed("SeatConfirmed", OFFICER, path, fields)
    assert answers == [302] * PRESSES
    states = "SELECT state, COUNT(*) FROM attendees GROUP BY state"
    assert ask(service.folder, states) == [("confirmed", 3)]
    assert mails(service.folder, "参加が確定しました") == {
        f"p{n}@town.example": 1 for n in range(3)
    }


def _release(service: Service, world: BookingWorld) -> None:
    ((id_,),) = ask(service.folder, "SELECT id FROM seat_waves")
    path = f"/regional-events/{world.event_id}/waiting-lists/waves/{uuid.UUID(str(id_))}"
    answers = service.killed_then_pressed("SeatOffered", DESK, path, {"reason": "早めます"})
    assert set(answers) <= {302, 409}
    states = "SELECT state, offers FROM waiting_entries"
    assert ask(service.folder, states) == [("offered", 1)] * 2
    assert sorted(mails(service.folder, "席が空きました").values()) == [1, 1]


def _accept(service: Service, world: BookingWorld) -> None:
    """One of the two who are offered a seat presses in several tabs."""
    path = f"{world.link('席が空きました')}/accept"
    answers = service.press_at_once(OFFICER, path, {})
    assert answers.count(302) >= 1
    assert set(answers) <= {302, 404, 409, 422}
    states = "SELECT state, COUNT(*) FROM attendees GROUP BY state ORDER BY state"
    assert ask(service.folder, states) == [("confirmed", 4), ("waiting", 1)]
    assert set(mails(service.folder, "参加が確定しました").values()) == {1}


def _cancel(service: Service, world: BookingWorld) -> None:
    path = f"/regional-events/{world.event_id}/moves"
    answers = service.press_at_once(DESK, path, {"move": "cancel", "reason": "台風のため"})
    assert answers.count(302) >= 1
    assert set(answers) <= {302, 404, 409, 422}
    assert ask(service.folder, "SELECT state FROM regional_events") == [("cancelled",)]
    told = mails(service.folder, "中止")
    assert len(told) == 5
    assert set(told.values()) == {1}


def _thank(app: Flask, service: Service, world: BookingWorld) -> None:
    """After an event that took place (the cancellation is undone for that)."""
    with app.app_context():
        event, now = db.session.get_one(RegionalEvent, world.event_id), clock.now()
        event.state = "published"  # type: ignore[assignment]
        event.starts_at, event.ends_at = now - timedelta(hours=3), now - timedelta(hours=1)
        db.session.commit()
    path = f"/regional-events/{world.event_id}/report/mailings/missed"
    words = {"subject": "資料のご案内です", "body": "資料を公開しました。"}
    answers = service.press_at_once(DESK, path, words)
    assert sorted(answers, key=str) == [302, *[409] * (PRESSES - 1)]
    assert set(mails(service.folder, "資料のご案内です").values()) == {1}
