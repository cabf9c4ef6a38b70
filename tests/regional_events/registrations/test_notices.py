"""One notice to everybody registered, and one reminder on the day before."""

from __future__ import annotations

from datetime import timedelta

from flask import Flask

from matchmaker.core import clock
from matchmaker.core.actor import SYSTEM
from matchmaker.core.db import db
from matchmaker.regional_events.planning.domain import EventMove
from matchmaker.regional_events.planning.queries import get_event
from matchmaker.regional_events.planning.service import move_event
from matchmaker.regional_events.registrations.reminders import remind_of_tomorrow
from tests.regional_events.registrations.booking_world import BookingWorld


def test_a_cancelled_event_is_told_once_to_everybody(app: Flask) -> None:
    world = BookingWorld(app, capacity=1)
    world.fill("環境 花子", "循環 次郎")
    with app.app_context():
        move_event(get_event(world.event_id), EventMove.CANCEL, "台風のため", SYSTEM, clock.now())
        db.session.commit()
    told = world.mails("中止のお知らせ")
    assert len(told) == 2
    assert all("台風のため" in mail.body for mail in told)
    with_file = [mail.calendar for mail in told if mail.calendar]
    assert len(with_file) == 1
    assert "METHOD:CANCEL" in with_file[0]


def test_those_with_a_seat_are_reminded_once_on_the_day_before(app: Flask) -> None:
    world = BookingWorld(app, capacity=1)
    world.fill("環境 花子", "循環 次郎")
    with app.app_context():
        day_before = get_event(world.event_id).starts_at - timedelta(days=1)
        assert remind_of_tomorrow(day_before - timedelta(days=1)) == 0
        assert remind_of_tomorrow(day_before) == 1
        assert remind_of_tomorrow(day_before) == 0
    (mail,) = world.mails("あしたです")
    assert mail.attachments
