"""The planner's pages of tracks over HTTP."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from matchmaker.core.clock import JST
from matchmaker.core.db import db
from matchmaker.regional_events.planning.domain import ReserveKind
from matchmaker.regional_events.planning.models import Track
from matchmaker.regional_events.planning.queries import get_event
from matchmaker.regional_events.planning.tracks import guard
from tests.regional_events.programme.planner_world import MEMBER, PLANNER, PlannerWorld

ROOM = {"kind": "on_site", "name": "会場（机つきの席）", "capacity": "２００席", "seating": "desk"}
TAG = "regional-events:track:changed"


@pytest.fixture(name="world")
def planner_world(app: Flask) -> PlannerWorld:
    return PlannerWorld(app)


@pytest.fixture(autouse=True)
def own_guard() -> Iterator[None]:
    """Whatever guard the application registered is put back."""
    kept = list(guard._guards)
    yield
    guard._guards[:] = kept


def tracks_of(world: PlannerWorld) -> list[Track]:
    with world.app.app_context():
        return list(get_event(world.event_id).tracks)


def add(world: PlannerWorld, **changes: Any) -> Track:
    answer = world.client(PLANNER).post(world.path("/tracks/new"), data={**ROOM, **changes})
    assert answer.status_code == 302, answer.text
    return tracks_of(world)[-1]


def moment(world: PlannerWorld, days: float, name: str = "release_at") -> dict[str, str]:
    """What is typed for a moment so many days from now."""
    day = (world.now + timedelta(days=days)).astimezone(JST)
    era = f"令和{day.year - 2018}"
    return {f"{name}-year": era, f"{name}-month": str(day.month), f"{name}-day": str(day.day),
            f"{name}-time": "10:00"}  # fmt: skip


def test_a_track_is_added_with_quotas_and_kept_seats(world: PlannerWorld) -> None:
    values = {"overbooking_percent": "10", "per_organization_limit": "2", "quotas-company": "100",
              "reserves-press": "5", "reserves-speaker": "8"}  # fmt: skip
    track = add(world, **values)
    assert (track.capacity, track.overbooking_rate, track.per_organization_limit) == (200, 0.1, 2)
    assert {quota.category: quota.seats for quota in track.quotas} == {"company": 100}
    assert {each.kind: each.seats for each in track.reserves} == {
        ReserveKind.SPEAKER: 8, ReserveKind.PRESS: 5,
    }  # fmt: skip
    page = world.client(PLANNER).get(world.path("/tracks")).text
    assert "20人分多く受け付けます。来ない人が20人より少ないと、席が足りません。" in page
    assert world.count_of(TAG) == 1


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"capacity": ""}, "会場の席数を入れてください。"),
        ({"capacity": "たくさん"}, "数字で入れてください。"),
        ({"capacity": "9" * 30}, "数字で入れてください。"),
        ({"reserves-press": "300"}, "席数（200席）より多くなって"),
        ({"quotas-municipality": "201"}, "自治体（201席）を、受け付けられる席（200席）まで"),
        ({"overbooking_percent": "51"}, "0から50までの数"),
        ({"first_seats": "201"}, "最初に受け付ける席（201席）"),
        ({"kind": "invented"}, "種類を選んでください。"),
        ({"name": " "}, "名前を入れてください。"),
    ],
)
def test_what_cannot_be_is_told_at_its_field(
    world: PlannerWorld, typed: dict[str, str], words: str
) -> None:
    answer = world.client(PLANNER).post(world.path("/tracks/new"), data={**ROOM, **typed})
    assert answer.status_code == 422
    assert words in answer.text
    assert ROOM["name"] in answer.text or "name" in typed
    assert tracks_of(world) == []


def test_two_tabs_do_not_write_over_each_other(world: PlannerWorld) -> None:
    track = add(world)
    path = world.path(f"/tracks/{track.id}/edit")
    client = world.client(PLANNER)
    assert client.post(path, data={**ROOM, "name": "A", "revision": "1"}).status_code == 302
    answer = client.post(path, data={**ROOM, "name": "Bのつもり", "revision": "1"})
    assert answer.status_code == 422
    assert "ほかの人がこの参加方法を変えました" in answer.text
    assert "Bのつもり" in answer.text
    assert tracks_of(world)[0].name == "A"


def test_lowering_the_capacity_asks_whom_to_move_and_moves_nobody(world: PlannerWorld) -> None:
    track = add(world)
    asked: list[tuple[uuid.UUID, int]] = []

    def page(wanted: Track, capacity: int) -> str | None:
        asked.append((wanted.id, capacity))
        return "/whom-to-move" if capacity < 150 else None

    guard.set_seat_guard(page)
    path = world.path(f"/tracks/{track.id}/edit")
    changed = {**ROOM, "name": "新しい名前", "capacity": "100", "revision": "1"}
    answer = world.client(PLANNER).post(path, data=changed)
    assert answer.location == "/whom-to-move"
    kept = tracks_of(world)[0]
    assert (kept.name, kept.capacity) == ("新しい名前", 200)
    world.client(PLANNER).post(path, data={**changed, "capacity": "160", "revision": "2"})
    assert tracks_of(world)[0].capacity == 160
    world.client(PLANNER).post(path, data={**changed, "capacity": "180", "revision": "3"})
    assert asked == [(track.id, 100), (track.id, 160)]


def test_a_track_with_people_is_not_removed(world: PlannerWorld) -> None:
    track = add(world)
    guard.set_seat_guard(lambda _track, _capacity: "/whom-to-move")
    path = world.path(f"/tracks/{track.id}/deletions")
    answer = world.client(PLANNER).post(path, follow_redirects=True)
    assert "申し込みがあるため、消せません" in answer.text
    guard.set_seat_guard(lambda _track, _capacity: None)
    world.client(PLANNER).post(path)
    assert tracks_of(world) == []


def test_tracks_change_places(world: PlannerWorld) -> None:
    add(world, name="A")
    last = add(world, name="B")
    world.client(PLANNER).post(world.path(f"/tracks/{last.id}/moves"), data={"direction": "up"})
    world.client(PLANNER).post(world.path(f"/tracks/{last.id}/moves"), data={"direction": "up"})
    world.client(PLANNER).post(world.path(f"/tracks/{last.id}/moves"), data={"direction": "x"})
    assert [track.name for track in tracks_of(world)] == ["B", "A"]


def test_a_wave_is_planned_changed_and_taken_back(world: PlannerWorld) -> None:
    track = add(world, first_seats="100", per_organization_limit="1")
    waves, client = world.path(f"/tracks/{track.id}/waves"), world.client(PLANNER)
    typed = {**moment(world, 10), "seats": "150", "per_organization_limit": "2"}
    assert client.post(waves, data=typed).status_code == 302
    wave = tracks_of(world)[0].waves[0]
    assert (wave.seats, wave.per_organization_limit) == (150, 2)
    assert wave.release_at.astimezone(JST).hour == 10
    edit = f"{waves}/{wave.id}/edit"
    assert client.get(edit).status_code == 200
    answer = client.post(edit, data={**typed, "seats": "90"})
    assert answer.status_code == 422
    assert "その前より少なくなっています" in answer.text
    assert client.post(edit, data={**typed, "seats": "200"}).status_code == 302
    assert client.post(f"{waves}/{wave.id}/deletions").status_code == 302
    assert tracks_of(world)[0].waves == []
    assert world.count_of(TAG) == 4


@pytest.mark.parametrize(("days", "words"), [(-3, "受付の始まりより後"), (40, "始まるより前")])
def test_a_wave_lies_between_opening_and_beginning(
    world: PlannerWorld, days: float, words: str
) -> None:
    track = add(world, first_seats="100")
    answer = world.client(PLANNER).post(
        world.path(f"/tracks/{track.id}/waves"), data=moment(world, days)
    )
    assert answer.status_code == 422
    assert words in answer.text


def test_a_released_wave_stays_as_it_is(world: PlannerWorld) -> None:
    track = add(world, first_seats="100")
    waves, client = world.path(f"/tracks/{track.id}/waves"), world.client(PLANNER)
    client.post(waves, data=moment(world, 10))
    with world.app.app_context():
        wave = get_event(world.event_id).tracks[0].waves[0]
        wave.released_at, wave_id = world.now, wave.id
        db.session.commit()
    answer = client.post(f"{waves}/{wave_id}/edit", data={**moment(world, 12), "seats": "150"})
    assert "もう受け付けを始めました" in answer.text
    answer = client.post(f"{waves}/{wave_id}/deletions", follow_redirects=True)
    assert "もう受け付けを始めました" in answer.text
    assert len(tracks_of(world)[0].waves) == 1


def test_the_usual_assembly_comes_by_one_form(world: PlannerWorld) -> None:
    client, path = world.client(PLANNER), world.path("/tracks/presets")
    assert 'value="400"' in client.get(path).text
    typed = {"seats": "400", "desks_percent": "30", "limit": "1", "later_limit": "3",
             "has_stream": "y", **moment(world, 10)}  # fmt: skip
    assert client.post(path, data=typed).status_code == 302
    found = [(track.capacity, len(track.waves)) for track in tracks_of(world)]
    assert found == [(120, 1), (280, 0), (None, 0)]
    answer = client.post(path, data={**typed, **moment(world, 50)})
    assert answer.status_code == 422
    assert len(tracks_of(world)) == 3


def test_members_and_visitors_do_not_plan(world: PlannerWorld) -> None:
    assert world.client(MEMBER).get(world.path("/tracks")).status_code == 403
    assert world.client().get(world.path("/tracks")).status_code == 302
    assert world.client(MEMBER).post(world.path("/tracks/new"), data=ROOM).status_code == 403
    assert tracks_of(world) == []


def test_a_made_up_track_is_not_found(world: PlannerWorld) -> None:
    for page in ("edit", "waves"):
        path = world.path(f"/tracks/{uuid.uuid4()}/{page}")
        assert world.client(PLANNER).get(path).status_code == 404
