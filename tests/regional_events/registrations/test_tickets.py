"""The page behind the link of the mail: forged and void links, changes, offers, handing over."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
from flask import Flask

from matchmaker.core import clock
from matchmaker.core.db import db
from matchmaker.core.errors import ProductError
from matchmaker.regional_events.planning.queries import get_event
from matchmaker.regional_events.registrations import queries
from matchmaker.regional_events.registrations.links import (
    LinkPurpose,
    check_alive,
    ticket_token,
    token_for,
)
from tests.regional_events.registrations.booking_world import BookingWorld


def path_of(world: BookingWorld, attendee_id: uuid.UUID) -> str:
    """The path of one person's ticket."""
    with world.app.app_context():
        return f"/event-tickets/{ticket_token(queries.get_attendee(attendee_id))}"


def test_forged_links_reveal_nothing(app: Flask) -> None:
    world = BookingWorld(app)
    (person,) = world.fill("環境 花子")
    with app.app_context():
        wrong_purpose = token_for(LinkPurpose.CONFIRM, person, 1)
    for token in ("x", "x" * 500, wrong_purpose, path_of(world, person)[15:-2]):
        page = world.visitor().open(f"/event-tickets/{token}")
        assert page.status_code == 404
        assert "このリンクは使えません" in page.text
        assert "環境" not in page.text


def test_links_end_thirty_days_after_the_event() -> None:
    now = clock.now()
    check_alive(1, 1, now - timedelta(days=30) + timedelta(microseconds=1), now)
    with pytest.raises(ProductError):
        check_alive(1, 1, now - timedelta(days=30), now)


def test_a_hand_over_makes_the_old_link_void_and_tells_both(app: Flask) -> None:
    world = BookingWorld(app)
    (person,) = world.fill("環境 花子")
    old, visitor = path_of(world, person), world.visitor()
    page = visitor.send(f"{old}/hand-over", name="循環 次郎", email="jiro@example.jp")
    assert page.status_code == 200
    assert "循環 次郎さんに引き継ぎました" in page.text
    assert visitor.open(old).status_code == 410
    assert visitor.open(path_of(world, person)).status_code == 200
    assert len(world.mails("参加する方が代わりました")) == 1
    (mail,) = [m for m in world.mails("参加が確定しました") if m.address == "jiro@example.jp"]
    assert "代わって" in mail.body


def test_cancelling_gives_the_seat_to_the_next_who_answers_by_link(app: Flask) -> None:
    world = BookingWorld(app, capacity=1)
    first, second = world.fill("環境 花子", "循環 次郎")
    visitor = world.visitor()
    waiting = path_of(world, second)
    assert "キャンセル待ち：1番目" in visitor.open(waiting).text
    visitor.send(f"{path_of(world, first)}/cancel")
    assert len(world.mails("参加登録を取り消しました")) == 1
    assert len(world.mails("席が空きました")) == 1
    assert "席が空きました" in visitor.open(waiting).text
    visitor.send(f"{waiting}/accept", from_page=waiting)
    assert world.people() == [("環境 花子", "cancelled"), ("循環 次郎", "confirmed")]
    again = visitor.send(f"{waiting}/accept", from_page=f"{waiting}/cancel")
    assert again.status_code == 422


def test_a_track_is_changed_or_waited_for(app: Flask) -> None:
    world = BookingWorld(app, capacity=2)
    (person,) = world.fill("環境 花子")
    path, visitor = path_of(world, person), world.visitor()
    assert visitor.send(f"{path}/change").status_code == 422
    answer = visitor.send(f"{path}/change", track=str(world.stream_id))
    assert answer.status_code == 302
    assert "stream.example.com" in visitor.open(path).text
    world.fill("循環 次郎", "循環 三郎")
    full = visitor.send(f"{path}/change", track=str(world.room_id))
    assert full.status_code in (409, 422)
    waits = visitor.send(f"{path}/change", track=str(world.room_id), wait_if_full="y")
    assert waits.status_code == 302
    assert "キャンセル待ち：1番目" in visitor.open(path).text


def test_after_the_deadline_the_page_tells_whom_to_ask(app: Flask) -> None:
    world = BookingWorld(app)
    (person,) = world.fill("環境 花子")
    with app.app_context():
        get_event(world.event_id).change_until = clock.now() - timedelta(minutes=1)
        db.session.commit()
    path, visitor = path_of(world, person), world.visitor()
    page = visitor.open(path)
    assert "期限" in page.text
    assert "events@example.com" in page.text
    assert visitor.open(f"{path}/cancel").status_code == 422
    assert world.people() == [("環境 花子", "confirmed")]


def test_what_is_cancelled_is_not_called_late(app: Flask) -> None:
    world = BookingWorld(app)
    (person,) = world.fill("環境 花子")
    path, visitor = path_of(world, person), world.visitor()
    visitor.send(f"{path}/cancel")
    page = visitor.open(f"{path}/cancel")
    assert page.status_code == 422
    assert "この参加登録は終わっているため、変えられません" in page.text
    assert "期限を過ぎ" not in page.text


def test_the_calendar_file_is_handed_out(app: Flask) -> None:
    world = BookingWorld(app)
    (person,) = world.fill("環境 花子")
    page = world.visitor().client.get(f"{path_of(world, person)}/calendar")
    assert page.status_code == 200
    assert b"BEGIN:VEVENT" in page.data
