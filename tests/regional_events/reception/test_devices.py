"""Several devices at once over HTTP: nobody twice, scans that arrive again do nothing."""

from __future__ import annotations

import json
import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from matchmaker.core.audit import AuditEntry
from matchmaker.core.db import db
from matchmaker.regional_events.reception.domain import code_digest
from matchmaker.regional_events.reception.models import CheckIn, ReceptionDevice
from tests.regional_events.reception.door_world import DoorWorld

PEOPLE, DEVICES = 120, 4


@pytest.fixture(name="world")
def door_world(app: Flask) -> DoorWorld:
    return DoorWorld(app, capacity=PEOPLE)


def scan(code: str, **more: Any) -> dict[str, Any]:
    return {"id": str(uuid.uuid4()), "code": code, **more}


def send(world: DoorWorld, client: Any, scans: list[dict[str, Any]], **more: Any) -> list[str]:
    answer = client.post(world.address("/scans"), json={"scans": scans, **more})
    assert answer.status_code == 200, answer.text
    return [each["outcome"] for each in answer.get_json()["results"]]


def test_four_devices_receive_everybody_once(world: DoorWorld) -> None:
    with world.app.app_context():
        codes = [world.person(f"参加者{number}").code for number in range(PEOPLE)]
        db.session.commit()
    clients = [world.client() for _ in range(DEVICES)]

    def work(number: int) -> list[str]:
        told: list[str] = []
        for start in range(0, PEOPLE, 10):
            part = [scan(code) for code in codes[start : start + 10]]
            told += send(world, clients[number], part, device_name=f"受付{number}")
        return told

    with ThreadPoolExecutor(DEVICES) as pool:
        told = [outcome for outcomes in pool.map(work, range(DEVICES)) for outcome in outcomes]
    assert told.count("taken") == PEOPLE
    assert told.count("already") == PEOPLE * (DEVICES - 1)
    with world.app.app_context():
        assert db.session.scalar(select(func.count(CheckIn.id))) == PEOPLE
        tag = "regional-events:attendee:received"
        query = select(func.count(AuditEntry.id)).where(AuditEntry.tag == tag)
        assert db.session.scalar(query) == PEOPLE


def test_a_scan_that_arrives_again_does_nothing_even_after_undoing(world: DoorWorld) -> None:
    attendee_id, code = world.stored_person("山田 花子")
    desk, once = world.client(), scan(code)
    assert send(world, desk, [once]) == ["taken"]
    desk.post(world.address(f"/people/{attendee_id}/undoings"), data={"reason": "人ちがい"})
    assert send(world, desk, [once, once]) == ["taken", "taken"]
    with world.app.app_context():
        assert db.session.scalar(select(func.count(CheckIn.id))) == 0
    assert send(world, desk, [scan(code)]) == ["taken"]


def test_digests_and_the_time_of_the_device(world: DoorWorld) -> None:
    _, code = world.stored_person("山田 花子")
    at = world.now - timedelta(minutes=20)
    late = {"id": str(uuid.uuid4()), "digest": code_digest(world.event_id, code), "way": "list"}
    assert send(world, world.client(), [{**late, "at": at.isoformat()}]) == ["taken"]
    with world.app.app_context():
        noted = db.session.scalars(select(CheckIn)).one()
        assert noted.at == at
        assert noted.way.value == "list"


@pytest.mark.parametrize(
    "body",
    ["", "null", "[]", '{"scans": 1}', '{"scans": [1]}', '{"scans": [{"id": "x"}]}',
     '{"scans": [{"id": "01a20000-0000-7000-8000-000000000000"}]}',
     json.dumps({"scans": [scan("A")] * 201})],
)  # fmt: skip
def test_rubbish_is_refused(world: DoorWorld, body: str) -> None:
    answer = world.client().post(
        world.address("/scans"), data=body, content_type="application/json"
    )
    assert answer.status_code == 422
    assert "読み取れません" in answer.get_json()["message"]


def test_a_list_is_taken_and_taken_away(world: DoorWorld) -> None:
    _, code = world.stored_person("山田 花子", organization="青空リサイクル")
    desk = world.client()
    assert desk.post(world.address("/devices"), json={"name": " "}).status_code == 422
    told = desk.post(world.address("/devices"), json={"name": "受付1"}).get_json()
    assert code not in json.dumps(told)
    assert [person["name"] for person in told["people"]] == ["山田 花子"]
    state = world.address("/state")
    assert desk.get(state, query_string={"device": told["device"]}).get_json()["may_keep"]
    path = world.address(f"/devices/{told['device']}/revocations")
    page = desk.post(path, follow_redirects=True).text
    assert "名簿を取り消しました" in page
    assert not desk.get(state, query_string={"device": told["device"]}).get_json()["may_keep"]
    with world.app.app_context():
        assert db.session.scalars(select(ReceptionDevice)).one().revoked_at is not None
