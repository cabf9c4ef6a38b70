"""The desk over HTTP: without scripts, by code, by name, walk-ins, undoing."""

from __future__ import annotations

import uuid

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from matchmaker.core.db import db
from matchmaker.regional_events.reception.models import CheckIn
from matchmaker.regional_events.registrations.checking import seat_report
from matchmaker.regional_events.registrations.models import Attendee
from matchmaker.regional_events.registrations.service import cancel_attendee
from tests.regional_events.reception.door_world import DoorWorld


@pytest.fixture(name="world")
def door_world(app: Flask) -> DoorWorld:
    return DoorWorld(app)


@pytest.fixture(name="desk")
def desk_client(world: DoorWorld) -> FlaskClient:
    return world.client()


def by_code(world: DoorWorld, desk: FlaskClient, code: str) -> str:
    answer = desk.post(world.address("/check-ins"), data={"code": code}, follow_redirects=True)
    return answer.get_data(as_text=True)


def test_a_code_is_typed(world: DoorWorld, desk: FlaskClient) -> None:
    _, code = world.stored_person("山田 花子", kana="ヤマダ ハナコ")
    assert "0人が参加中" in _text(desk.get(world.address()).text)
    page = by_code(world, desk, f" {code.lower()} ")
    assert "受け付けました" in page
    assert "山田 花子" in page
    again = by_code(world, desk, code)
    assert "に受付済みです" in again
    assert "receptionist" in again
    assert "1人が参加中" in _text(desk.get(world.address("/counts")).text)


def _text(page: str) -> str:
    return page.replace("</span>", "").replace('<span class="door-counts__number numeric">', "")


def test_an_unknown_code_is_told_at_the_field(world: DoorWorld, desk: FlaskClient) -> None:
    for code in ("ABCDEFGH23456789", "", "💥" * 400):
        answer = desk.post(world.address("/check-ins"), data={"code": code})
        assert answer.status_code == 422
    assert "受付コードを入れてください" in desk.post(world.address("/check-ins")).text


def test_the_search_bears_half_width_kana(world: DoorWorld, desk: FlaskClient) -> None:
    world.stored_person("髙橋 一郎", kana="タカハシ イチロウ")
    world.stored_person("佐藤 次郎", kana="サトウ ジロウ", organization="青空リサイクル")
    for text, name in (("ﾀｶﾊｼ", "髙橋"), ("高橋", "髙橋"), ("青空", "佐藤"), ("さとう", "佐藤")):
        page = desk.get(world.address(), query_string={"q": text}).text
        other = "佐藤 次郎" if name == "髙橋" else "髙橋 一郎"
        assert name in page
        assert other not in page
    assert "当てはまる人がいません" in desk.get(world.address(), query_string={"q": "無人"}).text


def test_from_the_list_and_back(world: DoorWorld, desk: FlaskClient) -> None:
    attendee_id, _ = world.stored_person("山田 花子")
    path = world.address(f"/people/{attendee_id}")
    assert "受け付ける" in desk.get(path).text
    assert "受け付けました" in desk.post(f"{path}/check-ins", follow_redirects=True).text
    refused = desk.post(f"{path}/undoings", data={"reason": ""})
    assert refused.status_code == 422
    assert "理由を入れてください" in refused.text
    undone = desk.post(f"{path}/undoings", data={"reason": "人ちがい"}, follow_redirects=True)
    assert "受付を取り消しました" in undone.text


def test_somebody_cancelled_is_told_of_the_way_in(world: DoorWorld, desk: FlaskClient) -> None:
    attendee_id, code = world.stored_person("取消 太郎")
    with world.app.app_context():
        attendee = db.session.get_one(Attendee, attendee_id)
        cancel_attendee(attendee, "都合", world.actor("secretariat"), world.now)
        db.session.commit()
    page = by_code(world, desk, code)
    assert "取り消された登録です" in page
    assert "当日参加として受け付ける" in page


def test_an_online_person_is_let_into_the_room(world: DoorWorld, desk: FlaskClient) -> None:
    attendee_id, code = world.stored_person("遠隔 三郎", track_id=world.stream_id)
    assert "会場の席がありません" in by_code(world, desk, code)
    page = desk.post(
        world.address(f"/people/{attendee_id}/admissions"),
        data={"track": str(world.room_id)},
        follow_redirects=True,
    )
    assert "受け付けました" in page.text
    assert differences(world) == []


def differences(world: DoorWorld) -> list[object]:
    with world.app.app_context():
        return list(seat_report(world.event_id))


def admit(world: DoorWorld, desk: FlaskClient, name: str, **data: str) -> tuple[int, str]:
    values = {"name": name, "track": str(world.room_id), "submission_key": uuid.uuid4().hex}
    answer = desk.post(world.address("/walk-ins"), data={**values, **data}, follow_redirects=True)
    return answer.status_code, answer.text


def present(world: DoorWorld) -> int:
    with world.app.app_context():
        return db.session.scalar(select(func.count(CheckIn.id))) or 0


def test_a_walk_in_takes_a_free_seat_once(world: DoorWorld, desk: FlaskClient) -> None:
    key = uuid.uuid4().hex
    for _ in range(2):
        status, page = admit(world, desk, "飛込 五郎", organization="海辺商店", submission_key=key)
        assert status == 200
        assert "飛込 五郎" in page
    assert present(world) == 1
    assert differences(world) == []


def test_walk_ins_take_the_seats_of_those_who_did_not_come(
    world: DoorWorld, desk: FlaskClient
) -> None:
    for number in range(10):
        world.stored_person(f"欠席{number}")
    for number in range(10):
        assert admit(world, desk, f"当日{number}")[0] == 200
    status, page = admit(world, desk, "当日10")
    assert status == 409
    assert "来ている人ですべて埋まっています" in page
    assert "当日10" in page
    assert present(world) == 10
    assert admit(world, desk, "当日10", reason="講師の同行者のため")[0] == 200
    assert present(world) == 11
    assert differences(world) == []


def test_a_walk_in_needs_a_name_and_a_room(world: DoorWorld, desk: FlaskClient) -> None:
    status, page = admit(world, desk, " ", track="nonsense")
    assert status == 422
    assert "氏名を入れてください" in page
    assert "案内する会場を選んでください" in page


def test_the_reception_is_for_its_staff(world: DoorWorld) -> None:
    for name, status in (("outsider", 403), ("visitor", 302), ("secretariat", 200)):
        assert world.client(name).get(world.address()).status_code == status
