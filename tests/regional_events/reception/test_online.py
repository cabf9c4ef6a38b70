"""Attendance online: by one's own link on the day, and from the list of the stream."""

from __future__ import annotations

import pytest
from flask import Flask

from matchmaker.core.db import db
from matchmaker.regional_events.planning.extensions import participation_of
from matchmaker.regional_events.reception.queries import check_in_of
from matchmaker.regional_events.registrations.links import ticket_token
from matchmaker.regional_events.registrations.models import Attendee
from tests.regional_events.reception.door_world import DoorWorld


@pytest.fixture(name="world")
def door_world(app: Flask) -> DoorWorld:
    return DoorWorld(app)


def own_page(world: DoorWorld, attendee_id: object) -> str:
    with world.app.app_context():
        attendee = db.session.get_one(Attendee, attendee_id)
        return f"/event-tickets/{ticket_token(attendee)}/attendance"


def test_somebody_online_says_so_once(world: DoorWorld) -> None:
    attendee_id, _ = world.stored_person(
        "遠隔 三郎", track_id=world.stream_id, user_id=world.users["outsider"]
    )
    path, visitor = own_page(world, attendee_id), world.client("visitor")
    assert "参加しました" in visitor.get(path).text
    for _ in range(2):
        assert "ありがとうございます" in visitor.post(path, follow_redirects=True).text
    with world.app.app_context():
        assert participation_of(world.event_id, world.users["outsider"]).has_attended


def test_people_of_the_room_come_to_the_door(world: DoorWorld) -> None:
    attendee_id, _ = world.stored_person("会場 花子")
    answer = world.client("visitor").post(own_page(world, attendee_id))
    assert answer.status_code == 409
    with world.app.app_context():
        assert check_in_of(attendee_id) is None


def test_a_forged_link_opens_nothing(world: DoorWorld) -> None:
    assert world.client("visitor").get("/event-tickets/abc.def/attendance").status_code == 404


def test_the_list_of_the_stream(world: DoorWorld) -> None:
    world.stored_person("遠隔 三郎", track_id=world.stream_id, email="saburo@example.com")
    world.stored_person("髙橋 一郎", track_id=world.stream_id, kana="タカハシ イチロウ")
    world.stored_person("会場 花子")
    desk, path = world.client(), world.address("/online-attendances")
    pasted = "SABURO@example.com\nﾀｶﾊｼ ｲﾁﾛｳ\r\n\n会場 花子\nだれ か\nだれ か"
    page = desk.post(path, data={"people": pasted}).text
    assert "2人の出席を記録しました" in page
    assert "当てはまる人がいない行が2行" in page
    assert "だれ か" in page
    again = desk.post(path, data={"people": "saburo@example.com"}).text
    assert "もう記録されていました" in again
    assert desk.post(path, data={"people": " \n "}).status_code == 422
    assert (
        desk.post(path, data={"people": "x\n" + "\n".join(map(str, range(10_001)))}).status_code
        == 422
    )
