"""Checking people in: once, on the day, with words for everything else."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from matchmaker.core.audit import AuditEntry
from matchmaker.core.db import db
from matchmaker.core.errors import Conflict, ProductError
from matchmaker.regional_events.planning.domain import EventState
from matchmaker.regional_events.reception import queries, service
from matchmaker.regional_events.reception.domain import (
    CheckInWay,
    Door,
    Outcome,
    door_of,
    moment_of_scan,
    reached,
    read_code,
    search_form,
)
from matchmaker.regional_events.reception.models import CheckIn, RoomNotice
from matchmaker.regional_events.registrations.models import Attendee
from matchmaker.regional_events.registrations.service import cancel_attendee
from tests.regional_events.reception.door_world import DoorWorld


@pytest.fixture(name="world")
def door_world(app: Flask) -> DoorWorld:
    return DoorWorld(app)


def receive(world: DoorWorld, attendee: Attendee, now: datetime | None = None) -> bool:
    now = now or world.now
    received = service.receive(
        world.event, attendee.id, CheckInWay.QR, now, world.actor(), now, "受付1"
    )
    return received.is_new


def test_second_scan_gives_the_first(world: DoorWorld) -> None:
    with world.app.app_context():
        person = world.person("山田 花子")
        assert receive(world, person)
        assert not receive(world, person, world.now + timedelta(minutes=5))
        noted = queries.check_in_of(person.id)
        assert noted is not None
        assert noted.at == world.now
        assert (noted.actor_name, noted.device) == ("receptionist", "受付1")
        assert db.session.scalar(select(func.count(CheckIn.id))) == 1


def test_cancelled_and_waiting_people_are_refused(world: DoorWorld) -> None:
    with world.app.app_context():
        gone = world.person("取消 太郎")
        cancel_attendee(gone, "都合", world.actor("secretariat"), world.now)
        for number in range(10):
            world.person(f"参加者{number}")
        late = world.person("待機 次郎")
        with pytest.raises(service.NotReceived) as refused:
            receive(world, gone)
        assert refused.value.outcome is Outcome.CANCELLED
        with pytest.raises(service.NotReceived) as refused:
            receive(world, late)
        assert refused.value.outcome is Outcome.WAITING
        assert db.session.scalar(select(func.count(CheckIn.id))) == 0


def test_online_people_are_not_let_in_by_code(world: DoorWorld) -> None:
    with world.app.app_context():
        person = world.person("遠隔 三郎", world.stream_id)
        with pytest.raises(service.NotReceived) as refused:
            receive(world, person)
        assert refused.value.outcome is Outcome.ELSEWHERE


def test_not_before_the_day(world: DoorWorld) -> None:
    with world.app.app_context():
        person = world.person("早川 四郎")
        with pytest.raises(Conflict):
            receive(world, person, world.now - timedelta(days=2))


def test_undoing_needs_a_reason_and_is_recorded(world: DoorWorld) -> None:
    with world.app.app_context():
        person = world.person("山田 花子")
        receive(world, person)
        with pytest.raises(ProductError) as refused:
            service.undo_check_in(world.event, person.id, "  ", world.actor(), world.now)
        assert refused.value.field == "reason"
        assert service.undo_check_in(world.event, person.id, "人ちがい", world.actor(), world.now)
        assert not service.undo_check_in(world.event, person.id, "同じ", world.actor(), world.now)
        assert queries.check_in_of(person.id) is None
        tag = "regional-events:attendee:reception-undone"
        entries = db.session.scalars(select(AuditEntry).where(AuditEntry.tag == tag)).all()
        assert [entry.reason for entry in entries] == ["人ちがい"]
        assert receive(world, person)


def test_thresholds_are_told_once(world: DoorWorld) -> None:
    with world.app.app_context():
        people = [world.person(f"参加者{number}") for number in range(10)]
        for person in people[:5]:
            receive(world, person)
        assert _told() == [50]
        service.undo_check_in(world.event, people[0].id, "練習", world.actor(), world.now)
        receive(world, people[0])
        assert _told() == [50]
        for person in people[5:]:
            receive(world, person)
        assert _told() == [50, 80, 100]
        presence = queries.presence_of(world.event_id)
        assert (presence.present, presence.expected) == (10, 10)
        assert presence.tracks[0].percent == 100


def _told() -> list[int]:
    return sorted(db.session.scalars(select(RoomNotice.threshold)))


def test_presence_for_others(world: DoorWorld) -> None:
    with world.app.app_context():
        there, absent = world.person("来た 人"), world.person("来ない 人")
        receive(world, there)
        assert [each.id for each in queries.present_attendees(world.event_id)] == [there.id]
        assert absent.id != there.id


START = datetime(2026, 12, 31, 13, 0, tzinfo=UTC)
"""22:00 on New Year's Eve in Japan."""


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        (datetime(2026, 12, 30, 14, 59, 59, 999999, tzinfo=UTC), Door.EARLY),
        (datetime(2026, 12, 30, 15, 0, tzinfo=UTC), Door.OPEN),
        (datetime(2027, 1, 1, 14, 59, 59, 999999, tzinfo=UTC), Door.OPEN),
        (datetime(2027, 1, 1, 15, 0, tzinfo=UTC), Door.GRACE),
        (datetime(2027, 1, 8, 14, 59, 59, 999999, tzinfo=UTC), Door.GRACE),
        (datetime(2027, 1, 8, 15, 0, tzinfo=UTC), Door.CLOSED),
    ],
)
def test_the_door_of_an_event_across_the_turn_of_the_year(now: datetime, expected: Door) -> None:
    ends_at = START + timedelta(hours=4)
    assert door_of(EventState.PUBLISHED, START, ends_at, now) is expected
    assert door_of(EventState.CANCELLED, START, ends_at, now) is Door.OFF


def test_an_event_until_midnight_ends_on_its_day() -> None:
    midnight = datetime(2026, 12, 31, 15, 0, tzinfo=UTC)
    assert door_of(EventState.PUBLISHED, START, midnight, midnight) is Door.GRACE


def test_the_clock_of_a_device_counts_where_it_can_be_true() -> None:
    ends_at, now = START + timedelta(hours=2), START + timedelta(hours=1)
    earlier = START + timedelta(minutes=10)
    assert moment_of_scan(earlier, START, ends_at, now) == earlier
    assert moment_of_scan(START - timedelta(days=3), START, ends_at, now) == now
    assert moment_of_scan(now + timedelta(hours=3), START, ends_at, now) == now
    assert moment_of_scan(now + timedelta(minutes=1), START, ends_at, now) == now
    assert moment_of_scan(None, START, ends_at, now) == now


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("ﾔﾏﾀﾞ", "ヤマダ ハナコ"),
        ("やまだ　はなこ", "ヤマダ ハナコ"),
        ("葛城", "葛\U000e0100城 太郎"),
        ("葛\U000e0101城", "葛城 太郎"),
        ("高橋", "髙橋 一郎"),
        ("山崎", "山﨑 愛"),
        ("ABC", "ａｂｃ株式会社"),
        ("𠮷野", "吉野 家"),
    ],
)
def test_search_bears_widths_kana_and_variants(typed: str, stored: str) -> None:
    assert search_form(typed) in search_form(stored)


@pytest.mark.parametrize(
    "scanned",
    [
        "ABCD2345EFGH6789",
        " abcd-2345-efgh-6789 ",
        "ＡＢＣＤ２３４５ＥＦＧＨ６７８９",
        "https://example.com/t/ABCD2345EFGH6789/",
        "https://example.com/t?code=ABCD2345EFGH6789",
    ],
)
def test_codes_are_read_however_they_come(scanned: str) -> None:
    assert read_code(scanned) == "ABCD2345EFGH6789"


def test_reached_thresholds() -> None:
    assert reached(4, 10) == ()
    assert reached(5, 10) == (50,)
    assert reached(8, 10) == (50, 80)
    assert reached(11, 10) == (50, 80, 100)
    assert reached(5, None) == ()
