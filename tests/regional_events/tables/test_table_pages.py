"""Pages of the staff, of a person signed in, of a person with the link; refusals stay secret."""

from __future__ import annotations

import io
import uuid
from datetime import timedelta

from flask import Flask
from openpyxl import load_workbook

from matchmaker.core import clock
from matchmaker.core.actor import SYSTEM
from matchmaker.core.db import db
from matchmaker.regional_events.registrations.links import ticket_token
from matchmaker.regional_events.registrations.models import Attendee
from matchmaker.regional_events.tables import queries, service, versions
from matchmaker.regional_events.tables.models import MeetingOutcome
from tests.regional_events.tables.room_world import RoomWorld, mails

SETTINGS = {
    "slot_minutes": "２０分", "break_minutes": "5", "slots": "2", "tables": "3", "seats": "4",
    "note": "2階の会議室です。",
}  # fmt: skip


def _link(world: RoomWorld, name: str, rest: str = "") -> str:
    with world.app.app_context():
        token = ticket_token(db.session.get_one(Attendee, world.attendees[name]))
    return f"/event-tickets/{token}/tables{rest}"


def test_the_staff_solves_swaps_and_releases(app: Flask) -> None:
    world = RoomWorld(app)
    boss = world.client()
    assert "参加する" in boss.get(world.address()).text
    made = boss.post(world.address("/versions"))
    assert made.status_code == 302
    page = boss.get(made.location).text
    assert "まだ参加する人には知らせていません" in page
    assert "テーブル1" in page
    with app.app_context():
        version = queries.newest_ready(world.plan_id)
        assert version is not None
        guest = queries.seats_of(version.id)[0].guest_id
    swap = {"slot": "1", "guest": str(guest), "target": "table:0", "reason": ""}
    refused = boss.post(f"{made.location}/swap", data=swap)
    assert refused.status_code == 422
    assert "理由を入れてください" in refused.text
    swapped = boss.post(f"{made.location}/swap", data={**swap, "reason": "体調のため"})
    assert swapped.status_code == 302
    assert "体調のため" in boss.get(swapped.location).text
    for _ in range(2):
        assert boss.post(f"{swapped.location}/release").status_code == 302
    assert "もう知らせてあります" in boss.get(swapped.location).text
    assert boss.get(f"{swapped.location}/people/{guest}").status_code == 200
    with app.app_context():
        assert len(mails()) == 8


def test_settings_are_checked_and_kept(app: Flask) -> None:
    world = RoomWorld(app, 1, 1)
    boss = world.client()
    with app.app_context():
        begin = world.event.starts_at.astimezone(clock.JST)
        revision = str(world.plan.revision)
    moment = {
        "first_starts_at-year": str(begin.year), "first_starts_at-month": str(begin.month),
        "first_starts_at-day": str(begin.day), "first_starts_at-time": f"{begin:%H:%M}",
    }  # fmt: skip
    data = {**SETTINGS, **moment, "revision": revision}
    wrong = boss.post(world.address("/settings"), data={**data, "slot_minutes": "40"})
    assert wrong.status_code == 422
    assert "15〜25分で入れてください" in wrong.text
    early = boss.post(world.address("/settings"), data={**data, "first_starts_at-time": "0:00"})
    assert early.status_code in {302, 422}
    stale = boss.post(world.address("/settings"), data={**data, "revision": "99"})
    assert stale.status_code == 422


def test_a_person_answers_signed_in_and_by_link(app: Flask) -> None:
    world = RoomWorld(app, 2, 2)
    town, guest = world.client("町1"), app.test_client()
    page = town.get(world.address("/mine")).text
    assert "町1の竹を使いたい" in page
    with app.app_context():
        revision = world.guest("町1").revision
        company = world.organizations["会社1"]
    data = {"takes_part": "yes", "posts": str(world.posts["町1"]), "revision": str(revision)}
    assert town.post(world.address("/mine"), data={**data, "meet": str(company)}).status_code == 302
    both = {**data, "meet": str(company), "avoid": str(company), "revision": str(revision + 1)}
    refused = guest.post(_link(world, "町1"), data=both)
    assert refused.status_code == 422
    assert "両方で選ぶことはできません" in refused.text
    answered = guest.post(_link(world, "町1"), data={"takes_part": "no", "revision": revision + 1})
    assert answered.status_code == 302
    with app.app_context():
        assert not world.guest("町1").is_taking_part
    rubbish = guest.post(_link(world, "町1"), data={"takes_part": "perhaps", "posts": "x"})
    assert rubbish.status_code == 422


def test_a_forged_link_opens_nothing(app: Flask) -> None:
    world = RoomWorld(app, 1, 1)
    client = app.test_client()
    assert client.get("/event-tickets/forged/tables").status_code in {404, 410}
    assert client.get(_link(world, "町1")[:-10] + "x/tables").status_code in {404, 410}
    assert app.test_client().get(world.address("/mine")).status_code in {302, 401}
    assert world.client("会社1").get(world.address()).status_code == 403


def test_refusals_are_read_by_nobody_else(app: Flask) -> None:
    """町1 refuses 会社1: the words and the marked choice stand only before 町1 and the staff."""
    world = RoomWorld(app, 3, 3)
    with app.app_context():
        world.wishes("町1", avoid=["会社1"])
        version = world.made()
        service.release(world.plan, version, SYSTEM, world.now)
        marked = f'name="avoid" value="{world.organizations["会社1"]}" checked'
        bodies = [f"{mail.subject}{mail.body}{mail.calendar}" for mail in mails()]
        version_id, guests = version.id, [each.id for each in queries.guests_of(world.plan_id)]
        others = [name for name in world.organizations if name != "町1"]
        db.session.commit()
    assert marked in world.client("町1").get(world.address("/mine")).text
    assert "会社1</span></td>" in world.client().get(world.address("/people")).text
    for name in others:
        client = world.client(name)
        pages = ["", "/mine", "/mine/calendar", "/people", "/outcomes", f"/versions/{version_id}"]
        pages += [f"/versions/{version_id}/people/{guest}" for guest in guests]
        pages += [f"/mine/outcomes/{slot}/{guest}" for slot in (1, 2, 3) for guest in guests]
        texts = [client.get(world.address(page)) for page in pages]
        texts += [client.get(f"/regional-events/{world.event_id}"), client.get(_link(world, name))]
        for answer in texts:
            assert "checked" not in answer.text or marked not in answer.text
            assert "頼まれている" not in answer.text
        assert client.get(world.address("/people")).status_code == 403
    assert all("同じテーブルにしない" not in body for body in bodies)


def test_outcomes_are_read_by_the_two_and_the_staff_only(app: Flask) -> None:
    # The event began an hour ago, so that the first slot is going on.
    world = RoomWorld(app, 3, 3)
    with app.app_context():
        plan = world.plan
        plan.first_starts_at = world.now - timedelta(minutes=1)
        world.event.starts_at = world.now - timedelta(hours=1)
        version = world.made()
        service.release(plan, version, SYSTEM, world.now)
        meeting = next(each for each in queries.meetings_of(version.id) if each.slot == 1)
        names = {world.guest(name).id: name for name in world.organizations}
        first, second = names[meeting.first_id], names[meeting.second_id]
        partner, own = meeting.second_id, meeting.first_id
        db.session.commit()
    client = world.client(first)
    page = client.get(world.address("/mine")).text
    assert "結果を記録する" in page
    address = world.address(f"/mine/outcomes/1/{partner}")
    assert client.post(address, data={"verdict": "great", "revision": "0"}).status_code == 422
    said = {"verdict": "follow_up", "note": "窯の見学に行く", "revision": "0"}
    assert client.post(address, data=said).status_code == 302
    assert client.post(address, data=said).status_code == 422
    assert "窯の見学" in client.get(address).text
    theirs = f"/outcomes/1/{own}"
    assert "窯の見学" in app.test_client().get(_link(world, second, theirs)).text
    _is_secret_and_counted(world, first, second, [own, partner])


def _is_secret_and_counted(world: RoomWorld, first: str, second: str, ids: list[uuid.UUID]) -> None:
    """A third person reads nothing of it; the staff reads it, also in Excel."""
    third = next(name for name in world.organizations if name not in {first, second})
    for rest in ("/mine", "/outcomes", *[f"/mine/outcomes/1/{each}" for each in ids]):
        assert "窯の見学" not in world.client(third).get(world.address(rest)).text
    boss = world.client()
    assert "窯の見学" in boss.get(world.address("/outcomes")).text
    sheet = load_workbook(io.BytesIO(boss.get(world.address("/outcomes/export")).data)).worksheets
    assert sheet[0]["G2"].value == "窯の見学に行く"
    with world.app.app_context():
        assert db.session.query(MeetingOutcome).count() == 1


def test_a_version_that_waits_for_the_worker_shows_its_progress(app: Flask) -> None:
    world = RoomWorld(app, 1, 1)
    boss = world.client()
    with app.app_context():
        version = versions.ask_for_version(world.plan, SYSTEM, world.now)
        db.session.commit()
        address = world.address(f"/versions/{version.id}")
    assert "座席表を作っています" in boss.get(address).text
    state = boss.get(f"{address}/progress").json
    assert state is not None
    assert state["state"] == "running"
    assert "いま作っている" in boss.post(world.address("/versions"), follow_redirects=True).text


def test_the_person_page_of_the_staff_adds_somebody(app: Flask) -> None:
    world = RoomWorld(app, 1, 1)
    with app.app_context():
        world.registered("飛び入り")
        db.session.commit()
    boss = world.client()
    address = world.address(f"/people/{world.attendees['飛び入り']}")
    assert boss.get(address).status_code == 200
    data = {"takes_part": "yes", "is_secretariat": "y", "revision": "0"}
    assert boss.post(address, data=data).status_code == 302
    with app.app_context():
        assert world.guest("飛び入り").is_secretariat
    assert boss.get(world.address(f"/people/{uuid.uuid4()}")).status_code == 404
