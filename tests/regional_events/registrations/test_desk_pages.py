"""The staff's pages: lists, corrections, moves, what was not sent and why."""

from __future__ import annotations

import io

from flask import Flask
from openpyxl import load_workbook
from sqlalchemy import event as sqlalchemy_event
from sqlalchemy import select, update

from matchmaker.core.db import db
from matchmaker.notifications.domain import OutboxState
from matchmaker.notifications.models import OutboxMessage
from matchmaker.regional_events.registrations.models import Attendee
from tests.regional_events.registrations.booking_world import BookingWorld

MOST_STATEMENTS = 20


def test_the_list_is_narrowed_by_the_address(app: Flask) -> None:
    world = BookingWorld(app, capacity=1)
    world.fill("環境 花子", "循環 次郎")
    desk = world.visitor("desk@example.com")
    everybody = desk.open(world.base)
    assert "環境 花子" in everybody.text
    assert "循環 次郎" in everybody.text
    waiting = desk.open(f"{world.base}?state=waiting")
    assert "循環 次郎" in waiting.text
    assert "環境 花子" not in waiting.text
    by_name = desk.open(f"{world.base}?q=環境&sort=name&direction=desc")
    assert "循環 次郎" not in by_name.text
    by_number = desk.open(f"{world.base}?q=2")
    assert "循環 次郎" in by_number.text


def test_the_list_takes_as_many_statements_for_many_people_as_for_few(app: Flask) -> None:
    world = BookingWorld(app, capacity=100)
    desk = world.visitor("desk@example.com")
    world.fill("一人目")
    few = _statements(world, desk)
    world.fill(*(f"人 {number}" for number in range(12)))
    assert _statements(world, desk) <= few <= MOST_STATEMENTS


def _statements(world: BookingWorld, desk: object) -> int:
    seen: list[str] = []

    def note(*args: object) -> None:
        seen.append(str(args[2]))

    with world.app.app_context():
        engine = db.engine
    sqlalchemy_event.listen(engine, "before_cursor_execute", note)
    try:
        desk.open(world.base)  # type: ignore[attr-defined]
    finally:
        sqlalchemy_event.remove(engine, "before_cursor_execute", note)
    return len([text for text in seen if text.startswith("SELECT")])


def test_a_mail_that_bounced_is_told_and_goes_out_again_after_correction(app: Flask) -> None:
    world = BookingWorld(app)
    (person,) = world.fill("環境 花子")
    with app.app_context():
        db.session.execute(
            update(OutboxMessage).values(state=OutboxState.FAILED, reason="550 no such user")
        )
        registration_id = db.session.scalars(select(Attendee.registration_id)).one()
        db.session.commit()
    desk = world.visitor("desk@example.com")
    page = desk.open(f"{world.base}/{registration_id}")
    assert "550 no such user" in page.text
    path = f"/regional-events/{world.event_id}/attendees/{person}/edit"
    without = desk.send(path, name="環境 花子", email="right@example.jp")
    assert without.status_code == 422
    assert "理由" in without.text
    answer = desk.send(path, name="環境 花子", email="right@example.jp", reason="打ちまちがい")
    assert answer.status_code == 302
    again = world.mails("参加が確定しました")
    assert [mail.address for mail in again][-1] == "right@example.jp"
    assert len(again) == 2


def test_cancelled_people_come_back_with_a_reason(app: Flask) -> None:
    world = BookingWorld(app)
    (person,) = world.fill("環境 花子")
    desk = world.visitor("desk@example.com")
    path = f"/regional-events/{world.event_id}/attendees/{person}"
    assert desk.send(f"{path}/cancel").status_code == 422
    assert desk.send(f"{path}/cancel", reason="本人の電話").status_code == 302
    assert world.people() == [("環境 花子", "cancelled")]
    assert desk.send(f"{path}/restore", reason="まちがい").status_code == 302
    assert world.people() == [("環境 花子", "confirmed")]


def test_somebody_is_added_by_hand_and_moved(app: Flask) -> None:
    world = BookingWorld(app)
    desk = world.visitor("desk@example.com")
    base = f"/regional-events/{world.event_id}/attendees"
    person = {"name": "報道 記者", "role": "press", "seat": str(world.room_id)}
    answer = desk.send(base, from_page=f"{base}/new", submission_key="k", **person)
    assert answer.status_code == 302
    with app.app_context():
        person_id = db.session.scalars(select(Attendee.id)).one()
    moved = desk.send(f"{base}/{person_id}/move", seat=str(world.stream_id), reason="希望")
    assert moved.status_code == 302
    with app.app_context():
        assert db.session.scalars(select(Attendee.track_id)).one() == world.stream_id


def test_a_smaller_room_asks_whom_to_move(app: Flask) -> None:
    world = BookingWorld(app, capacity=2)
    first, second = world.fill("環境 花子", "循環 次郎")
    desk = world.visitor("desk@example.com")
    path = f"/regional-events/{world.event_id}/waiting-lists/{world.room_id}/capacity"
    refused = desk.send(path, capacity="1", reason="机を入れるため")
    assert refused.status_code in (409, 422)
    assert "環境 花子さん" in refused.text
    assert [state for _name, state in world.people()] == ["confirmed", "confirmed"]
    done = desk.send(
        path, capacity="1", reason="机を入れるため", people=str(second), target=str(world.stream_id)
    )
    assert done.status_code == 302
    with app.app_context():
        tracks = {row.id: row.track_id for row in db.session.scalars(select(Attendee))}
    assert tracks == {first: world.room_id, second: world.stream_id}


def test_the_file_holds_what_is_shown_and_needs_are_a_file_of_their_own(app: Flask) -> None:
    world = BookingWorld(app)
    world.fill("=環境 花子", "循環 次郎")
    desk = world.visitor("desk@example.com")
    page = desk.client.get(f"{world.base}/export?q=環境")
    sheet = load_workbook(io.BytesIO(page.data))["参加者"]
    rows = list(sheet.iter_rows(values_only=True))
    assert rows[0][:2] == ("受付番号", "名前")
    assert [row[1] for row in rows[1:]] == ["=環境 花子"]
    assert "手話通訳" not in rows[0]
    needs = desk.client.get(f"{world.base}/export-assistance")
    header = next(load_workbook(io.BytesIO(needs.data))["手助けの一覧"].iter_rows(values_only=True))
    assert "手話通訳" in header


def test_waiting_lists_show_why_each_waits(app: Flask) -> None:
    world = BookingWorld(app, capacity=1)
    world.fill("環境 花子", "循環 次郎")
    page = world.visitor("desk@example.com").open(
        f"/regional-events/{world.event_id}/waiting-lists"
    )
    assert "1番目" in page.text
    assert "申し込みの早い順にご案内します" in page.text
    assert "循環 次郎さん" in page.text


def test_the_organisation_is_put_right_and_a_full_one_asks_first(app: Flask) -> None:
    world = BookingWorld(app, capacity=5)
    with app.app_context():
        _event, room = world.event_and_room()
        room.per_organization_limit = 1
        db.session.commit()
    first, second = world.fill("環境 花子")[0], world.register()
    assert second.status_code in (200, 302)
    desk = world.visitor("desk@example.com")
    path = f"/regional-events/{world.event_id}/attendees/{first}/organization"
    page = desk.open(path)
    assert "循環商店" in page.text
    assert "上限をこえるとき" not in page.text
    unknown = desk.send(path, organization_name="知らない会", reason="電話")
    assert unknown.status_code == 422
    assert "名簿にありません" in unknown.text
    assert "知らない会" in unknown.text
    assert desk.send(path, organization_name="循環市").status_code == 422, "a reason is needed"
    done = desk.send(path, organization_name="循環市", reason="電話で確かめた")
    assert done.status_code == 302
    other = world.fill("循環 次郎")[-1]
    path = f"/regional-events/{world.event_id}/attendees/{other}/organization"
    asked = desk.send(path, organization_name="循環市", reason="同じ市の方")
    assert asked.status_code == 409
    assert "循環市は1席まで、いま1席" in asked.text
    assert "上限をこえて、いまの席のままにする" in asked.text
    before = len(world.mails())
    moved = desk.send(path, organization_name="循環市", reason="同じ市の方", when_full="line")
    assert moved.status_code == 302
    (mail,) = world.mails()[before:]
    assert "キャンセル待ちに移しました" in mail.subject
    assert "同じ市の方" in mail.body
    assert ("循環 次郎", "waiting") in world.people()
