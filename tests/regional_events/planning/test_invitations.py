"""Who is invited by mail opens the event and registers without an account; nobody else does."""

from __future__ import annotations

import re
import uuid

import pytest
from flask import Flask
from sqlalchemy import select

from matchmaker.core.db import db
from matchmaker.core.signed_links import sign
from matchmaker.regional_events.planning import queries
from matchmaker.regional_events.planning.domain import INVITATION, Audience, EventState
from matchmaker.regional_events.planning.models import EventInvitee
from tests.regional_events.builders import make_track
from tests.regional_events.planning.planning_world import World, mails

LINK = re.compile(r"https?://[^/\s]+(/event-invitations/\S+)")


@pytest.fixture
def world(app: Flask) -> World:
    return World(app)


def invited_event(world: World, address: str = "guest@example.net") -> tuple[str, str]:
    """The paths of a published event by invitation and of the link in a guest's mail."""
    event_id = world.make(audience=Audience.INVITED, state=EventState.DRAFT)
    with world.app.app_context():
        make_track(queries.get_event(event_id))
        db.session.commit()
    path, desk = f"/regional-events/{event_id}", world.client("secretariat")
    desk.post(f"{path}/invitees", data={"lines": f"招待 花子, {address}"})
    answer = desk.post(f"{path}/moves", data={"move": "publish"})
    assert answer.status_code == 302
    with world.app.app_context():
        found = [LINK.search(mail.body) for mail in mails() if mail.address == address]
    assert len(found) == 1 and found[0] is not None
    return path, found[0].group(1)


def test_the_link_of_the_mail_opens_the_event_and_the_form(world: World) -> None:
    path, link = invited_event(world)
    guest, stranger = world.app.test_client(), world.app.test_client()
    assert guest.get(path).status_code in (302, 401, 404), "before the link it is nobody's"
    answer = guest.get(link)
    assert (answer.status_code, answer.location) == (302, path)
    assert guest.get(path).status_code == 200
    assert guest.get(f"{path}/registrations/new").status_code == 200
    assert guest.get(f"{path}/invitees").status_code in (302, 401, 403)
    assert stranger.get(path).status_code != 200


def test_an_invitation_that_was_taken_back_opens_nothing_any_more(world: World) -> None:
    path, link = invited_event(world)
    guest = world.app.test_client()
    guest.get(link)
    assert guest.get(path).status_code == 200
    with world.app.app_context():
        (invitee,) = queries.invitees_of(uuid.UUID(path.rsplit("/", 1)[1]))
        id_ = invitee.id
    world.client("secretariat").post(f"{path}/invitees/{id_}/removals")
    assert guest.get(path).status_code != 200
    assert guest.get(link).status_code == 404


def test_a_link_opens_its_own_event_alone(world: World) -> None:
    path, link = invited_event(world)
    other, _link = invited_event(world, "other@example.net")
    guest = world.app.test_client()
    guest.get(link)
    assert guest.get(path).status_code == 200
    assert guest.get(other).status_code != 200


@pytest.mark.parametrize("purpose", ["ticket", "", f"{INVITATION}s"])
def test_a_token_made_for_something_else_opens_nothing(world: World, purpose: str) -> None:
    path, _link = invited_event(world)
    with world.app.app_context():
        invitee_id = db.session.scalars(select(EventInvitee.id)).one()
        token = sign(purpose, invitee_id, 1)
    guest = world.app.test_client()
    assert guest.get(f"/event-invitations/{token}").status_code == 404
    assert guest.get(path).status_code != 200


def test_many_invitations_in_one_browser_are_bounded(world: World) -> None:
    guest = world.app.test_client()
    paths = []
    for number in range(22):
        path, link = invited_event(world, f"guest{number}@example.net")
        guest.get(link)
        paths.append(path)
    assert guest.get(paths[-1]).status_code == 200
    assert guest.get(paths[0]).status_code != 200, "the oldest is opened again from its mail"
