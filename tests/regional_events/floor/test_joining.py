"""Joining without an account: the code of the room, tickets, cookies."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask

from matchmaker.core.actor import VISITOR, Actor
from matchmaker.core.db import db
from matchmaker.regional_events.floor import keys
from matchmaker.regional_events.floor.keys import Pass
from matchmaker.regional_events.floor.voices import voice_of
from matchmaker.regional_events.planning.policy import NO_STANDING, EventStanding
from matchmaker.regional_events.registrations.domain import AttendeeState
from matchmaker.regional_events.registrations.links import ticket_token
from tests.regional_events.floor.floor_world import FloorWorld


def test_the_code_changes_and_the_one_before_still_counts(world: FloorWorld) -> None:
    with world.app.app_context():
        code = keys.room_code(world.event_id, 1, world.now)
        step = timedelta(seconds=keys.CODE_SECONDS)
        assert keys.is_room_code(code.lower(), world.event_id, 1, world.now)
        assert keys.is_room_code(f"{code[:3]}-{code[3:]} ", world.event_id, 1, world.now + step)
        assert not keys.is_room_code(code, world.event_id, 1, world.now + 2 * step)
        assert not keys.is_room_code(code, world.event_id, 2, world.now)
        assert not keys.is_room_code("", world.event_id, 1, world.now)


def test_the_code_lets_anybody_in_and_each_browser_is_one_person(world: FloorWorld) -> None:
    first, second = world.guest(), world.guest()
    question = world.stored("みんなの質問", "somebody")
    for browser in (first, second, first):
        answer = browser.post(world.address(f"/questions/{question}/votes"), data={"wanted": "1"})
        assert answer.status_code == 302
    assert ">3<" in first.get(world.address()).text


@pytest.mark.parametrize("code", ["WRONG1", "' OR 1=1", "あ" * 5000, "\x00"])
def test_wrong_codes_let_nobody_in(world: FloorWorld, code: str) -> None:
    visitor = world.client("visitor")
    answer = visitor.get(world.address("/entrances"), query_string={"code": code})
    assert answer.status_code == 422
    assert "新しいコード" in answer.text
    assert visitor.post(world.address("/questions"), data={"text": "x"}).status_code == 302
    assert "コードを入れて" in visitor.get(world.address()).text


def test_a_cookie_is_good_for_its_event_only(world: FloorWorld) -> None:
    with world.app.app_context():
        value = keys.write_pass(world.event_id, keys.new_guest())
        assert keys.read_pass(world.event_id, value) is not None
        assert keys.read_pass(world.session_id, value) is None
        for forged in (value[:-2], value + "x", "", "[]", "x" * 5000):
            assert keys.read_pass(world.event_id, forged) is None


def test_a_ticket_opens_the_floor_until_it_is_handed_over_or_cancelled(world: FloorWorld) -> None:
    with world.app.app_context():
        attendee = world.attendee()
        db.session.commit()
        token, attendee_id = ticket_token(attendee), attendee.id
    visitor = world.client("visitor")
    assert visitor.get(world.address(f"/tickets/{token}")).status_code == 302
    assert "環境 花子さん" in visitor.get(world.address()).text
    with world.app.app_context():
        attendee = db.session.get_one(type(attendee), attendee_id)
        attendee.link_version += 1
        db.session.commit()
    assert "コードを入れて" in visitor.get(world.address()).text
    assert visitor.get(world.address(f"/tickets/{token}")).status_code == 422
    assert visitor.get(world.address("/tickets/forged")).status_code == 404


def test_a_cancelled_attendee_has_no_voice(world: FloorWorld) -> None:
    with world.app.app_context():
        attendee = world.attendee()
        shown = Pass(attendee_id=attendee.id, version=attendee.link_version)
        assert voice_of(world.event_id, VISITOR, NO_STANDING, shown) is not None
        attendee.state, attendee.track_id = AttendeeState.CANCELLED, None
        db.session.flush()
        assert voice_of(world.event_id, VISITOR, NO_STANDING, shown) is None


def test_an_account_and_its_ticket_are_one_voice(world: FloorWorld) -> None:
    with world.app.app_context():
        attendee = world.attendee()
        attendee.user_id = world.users["outsider"]
        db.session.flush()
        shown = Pass(attendee_id=attendee.id, version=attendee.link_version)
        actor = Actor(user_id=world.users["outsider"], name="outsider")
        signed_in = voice_of(world.event_id, actor, EventStanding(is_registered=True), None)
        by_ticket = voice_of(world.event_id, VISITOR, NO_STANDING, shown)
        assert signed_in is not None
        assert by_ticket is not None
        assert signed_in.key == by_ticket.key


def test_before_the_day_the_code_lets_nobody_in(app: Flask) -> None:
    world = FloorWorld(app, begins_in=timedelta(days=1))
    visitor = world.client("visitor")
    answer = visitor.get(world.address("/entrances"), query_string={"code": world.code()})
    assert answer.status_code == 422
    assert "当日" in answer.text


def test_somebody_signed_in_without_registration_has_to_join_first(world: FloorWorld) -> None:
    outsider = world.client("outsider")
    assert "コードを入れて" in outsider.get(world.address()).text
    assert outsider.post(world.address("/questions"), data={"text": "x"}).status_code == 403
    answer = outsider.get(world.address("/entrances"), query_string={"code": world.code()})
    assert answer.status_code == 302
    assert outsider.post(world.address("/questions"), data={"text": "今度は"}).status_code == 302
