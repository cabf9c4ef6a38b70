"""Everybody who may stand in some relation to an event, and an event in every phase."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

from flask import Flask
from flask.testing import FlaskClient

from matchmaker.accounts.models import User
from matchmaker.accounts.service import add_member, create_user, grant_global_role
from matchmaker.core import clock
from matchmaker.core.actor import SYSTEM, GlobalRole, OrganizationRole
from matchmaker.core.db import db
from matchmaker.organizations.domain import OrganizationData
from matchmaker.organizations.models import Organization
from matchmaker.organizations.service import create_organization
from matchmaker.regional_events.planning.domain import Audience, Duty, EventState, Phase
from matchmaker.regional_events.planning.models import EventInvitee, EventStaff, RegionalEvent
from matchmaker.regional_events.registrations.links import ticket_token
from matchmaker.regional_events.registrations.queries import get_registration
from tests.regional_events.builders import make_event, make_registration, make_track, person_data

PASSWORD = "midori-no-yama-42"
VISITOR, ALONE, MEMBER, INVITED, REGISTERED = "visitor", "alone", "member", "invited", "registered"
RECEIVER, MODERATOR, PLANNER = "receiver", "moderator", "planner"
SECRETARIAT, OPERATOR = "secretariat", "operator"
EVERYBODY = (VISITOR, ALONE, MEMBER, INVITED, REGISTERED, RECEIVER, MODERATOR, PLANNER,
             SECRETARIAT, OPERATOR)  # fmt: skip
WITHOUT_ORGANIZATION = (ALONE, SECRETARIAT, OPERATOR)
DUTIES = {
    RECEIVER: Duty.RECEPTION,
    MODERATOR: Duty.MODERATION,
    PLANNER: Duty.PLANNING,
}
STAFF = (*DUTIES, SECRETARIAT)
GLOBAL = {SECRETARIAT: GlobalRole.SECRETARIAT, OPERATOR: GlobalRole.OPERATOR}
NAME_MARK, GUEST_MARK = "めじるしの催し", "めじるし 花子"
DAY = timedelta(days=1)


class People:
    """People with their browsers; made within an application context."""

    def __init__(self, app: Flask) -> None:
        self._app, self._cookies = app, dict[str, str]()
        past = clock.now() - 400 * DAY
        self.organizations = {key: _organization(key) for key in (MEMBER, INVITED)}
        self.users: dict[str, uuid.UUID] = {}
        for key in EVERYBODY[1:]:
            user = create_user(f"{key}@example.com", f"{key}さん", PASSWORD, past)
            self.users[key] = user.id
            if key in GLOBAL:
                grant_global_role(user, GLOBAL[key], now=past)
            elif key not in WITHOUT_ORGANIZATION:
                home = self.organizations[INVITED if key == INVITED else MEMBER]
                add_member(user, home, OrganizationRole.EDITOR, SYSTEM, past)
        self.invited_organization_id = self.organizations[INVITED].id

    def browser(self, key: str) -> FlaskClient:
        """A browser in which that person is signed in; nobody for a visitor."""
        client = self._app.test_client()
        if key != VISITOR:
            if key not in self._cookies:
                self._cookies[key] = self._sign_in(key)
            client.set_cookie("session", self._cookies[key])
        return client

    def _sign_in(self, key: str) -> str:
        client = self._app.test_client()
        form = {"email": f"{key}@example.com", "password": PASSWORD}
        assert client.post("/sign-in", data=form).status_code == 302
        cookie = client.get_cookie("session")
        assert cookie is not None
        return cookie.value


def _organization(key: str) -> Organization:
    data = OrganizationData(name=f"{key}団体", category="company", prefecture="高知県")
    return create_organization(data, SYSTEM, clock.now())


def event_in(people: People, phase: Phase, audience: Audience) -> tuple[uuid.UUID, str]:
    """An event with staff, an invited organisation and two people registered: one with an account,
    one guest. Gives its id and the token of the guest's link."""
    now = clock.now()
    event = make_event(
        now, name=NAME_MARK, audience=audience, online_url="https://stream.example.com/secret"
    )
    track = make_track(event)
    user = db.session.get_one(User, people.users[REGISTERED])
    member = person_data(track, email=user.email, user_id=user.id)
    make_registration(event, track, people=[member], now=now)
    guest = make_registration(event, track, (GUEST_MARK,), now=now)
    for key, duty in DUTIES.items():
        db.session.add(
            EventStaff(event_id=event.id, user_id=people.users[key], duty=duty, created_at=now)
        )
    db.session.add(
        EventInvitee(
            event_id=event.id, organization_id=people.invited_organization_id, email_key=""
        )
    )
    _bring_into(event, phase)
    token = ticket_token(get_registration(guest.id).attendees[0])
    db.session.commit()
    return event.id, token


def _bring_into(event: RegionalEvent, phase: Phase) -> None:
    now = clock.now()
    changes: dict[Phase, dict[str, Any]] = {
        Phase.ANNOUNCED: {"opens_at": now + DAY},
        Phase.CLOSED: {"closes_at": now - DAY / 2},
        Phase.HELD: {"starts_at": now - DAY, "ends_at": now - DAY / 2},
    }
    if phase.value in set(EventState):
        event.state = EventState(phase.value)
    if phase is Phase.ARCHIVED:
        event.starts_at, event.ends_at = now - 20 * DAY, now - 19 * DAY
    for name, value in changes.get(phase, {}).items():
        setattr(event, name, value)
    db.session.flush()
