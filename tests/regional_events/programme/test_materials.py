"""Materials and recordings over HTTP: to whom and from when they are shown."""

from __future__ import annotations

import io
import uuid
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from matchmaker.core.actor import SYSTEM
from matchmaker.core.clock import JST
from matchmaker.core.db import db
from matchmaker.core.storage import StoredFile
from matchmaker.regional_events.planning import extensions
from matchmaker.regional_events.planning.domain import EventState, MaterialAudience
from matchmaker.regional_events.planning.extensions import Participation
from matchmaker.regional_events.planning.programme.domain import Upload
from matchmaker.regional_events.planning.programme.service import add_material
from matchmaker.regional_events.planning.queries import get_event
from tests.regional_events.programme.planner_world import MEMBER, PLANNER, PlannerWorld

TEXT = b"\xe8\xb3\x87\xe6\x96\x99"
URL = "https://video.example.com/abc"


@pytest.fixture(name="world")
def planner_world(app: Flask) -> PlannerWorld:
    return PlannerWorld(app)


def make(world: PlannerWorld, audience: MaterialAudience, **more: Any) -> str:
    """A file that is shown to some; gives the path of its download."""
    with world.app.app_context():
        event = get_event(world.event_id)
        content = more.pop("content", Upload("資料.txt", TEXT))
        made = add_material(event, "当日の資料", content, audience, SYSTEM, world.now, **more)
        path = world.path(f"/materials/{made.id}/file")
        db.session.commit()
    return path


def takes_part(monkeypatch: pytest.MonkeyPatch, **how: bool) -> None:
    """Let the member be registered, or have been there."""
    monkeypatch.setattr(extensions, "_readers", [lambda _event, _user: Participation(**how)])


@pytest.mark.parametrize(
    ("audience", "visitor", "member", "registered", "attended"),
    [
        (MaterialAudience.PUBLIC, 200, 200, 200, 200),
        (MaterialAudience.MEMBERS, 302, 200, 200, 200),
        (MaterialAudience.REGISTERED, 302, 404, 200, 200),
        (MaterialAudience.ATTENDED, 302, 404, 404, 200),
    ],
)
def test_a_file_goes_to_those_it_is_meant_for(
    world: PlannerWorld, monkeypatch: pytest.MonkeyPatch, audience: MaterialAudience,
    visitor: int, member: int, registered: int, attended: int,
) -> None:  # fmt: skip
    path = make(world, audience)
    assert world.client().get(path).status_code == visitor
    for status, how in (
        (member, {}),
        (registered, {"is_registered": True}),
        (attended, {"is_registered": True, "has_attended": True}),
    ):
        takes_part(monkeypatch, **how)
        assert world.client(MEMBER).get(path).status_code == status
        page = world.client(MEMBER).get(world.path()).text
        assert ("当日の資料" in page) is (status == 200)
    assert world.client(PLANNER).get(path).data == TEXT


def test_before_its_moment_only_the_staff_sees_it(world: PlannerWorld) -> None:
    path = make(world, MaterialAudience.PUBLIC, publish_at=world.now + timedelta(hours=1))
    assert world.client(MEMBER).get(path).status_code == 404
    assert "当日の資料" not in world.client().get(world.path()).text
    assert world.client(PLANNER).get(path).status_code == 200
    assert "に公開" in world.client(PLANNER).get(world.path()).text


def test_a_draft_hides_its_materials(world: PlannerWorld) -> None:
    path = make(world, MaterialAudience.PUBLIC)
    with world.app.app_context():
        get_event(world.event_id).state = EventState.DRAFT
        db.session.commit()
    assert world.client(MEMBER).get(path).status_code == 404


def test_an_address_is_reached_through_the_same_check(world: PlannerWorld) -> None:
    path = make(world, MaterialAudience.MEMBERS, content=URL, is_recording=True)
    assert world.client(MEMBER).get(path).location == URL
    assert "/sign-in" in world.client().get(path).location


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({}, "ファイルを選ぶか、アドレスを入れてください。"),
        ({"url": "http://example.com/a", "title": "録画"}, "https:// で始まるアドレス"),
        ({"url": "ftp://example.com/a", "title": "録画"}, "https:// で始まるアドレス"),
        ({"url": URL}, "名前を入れてください。"),
        ({"url": URL, "title": "録画", "session_id": str(uuid.UUID(int=1))}, "選び直して"),
    ],
)
def test_what_cannot_be_is_told(world: PlannerWorld, typed: dict[str, str], words: str) -> None:
    values = {"audience": "public", "title": "", **typed}
    if not typed:
        values["title"] = "資料"
    answer = world.client(PLANNER).post(world.path("/materials"), data=values)
    assert answer.status_code == 422
    assert words in answer.text


def test_a_material_is_added_changed_and_removed(world: PlannerWorld) -> None:
    client = world.client(PLANNER)
    publish = (world.now + timedelta(days=2)).astimezone(JST)
    values = {
        "audience": "public", "file": (io.BytesIO(TEXT), "説明.txt"),
        "publish_at-year": f"R{publish.year - 2018}", "publish_at-month": str(publish.month),
        "publish_at-day": str(publish.day), "publish_at-time": "9:00",
    }  # fmt: skip
    assert client.post(world.path("/materials"), data=values).status_code == 302
    page = client.get(world.path("/materials")).text
    assert "説明" in page
    found = page.split("/materials/")[1].split("/")[0].split('"')[0]
    edit = world.path(f"/materials/{found}/edit")
    assert client.get(edit).status_code == 200
    change = {"audience": "members", "title": "説明の資料", "url": URL, "revision": "1"}
    assert client.post(edit, data=change).status_code == 302
    assert client.post(edit, data=change).status_code == 422
    assert client.get(world.path(f"/materials/{found}/file")).location == URL
    with world.app.app_context():
        assert db.session.query(StoredFile).count() == 0
    assert client.post(world.path(f"/materials/{found}/deletions")).status_code == 302
    assert client.get(edit).status_code == 404
