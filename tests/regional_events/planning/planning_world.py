"""People of every kind, for the tests of planning events."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from matchmaker.accounts.service import add_member, create_user, grant_global_role
from matchmaker.core import clock
from matchmaker.core.actor import SYSTEM, VISITOR, Actor, GlobalRole, OrganizationRole
from matchmaker.core.clock import JST
from matchmaker.core.db import db
from matchmaker.notifications.models import OutboxMessage
from matchmaker.organizations.domain import OrganizationData
from matchmaker.organizations.service import create_organization
from matchmaker.regional_events.planning import queries
from matchmaker.regional_events.planning.domain import Duty
from matchmaker.regional_events.planning.models import EventStaff, RegionalEvent
from tests.regional_events.builders import make_event

PASSWORD = "midori-no-yama-42"
MEMBERS = {"planner": "青空町", "receiver": "青空町", "host": "緑山工業", "outsider": "白浜運輸"}
GLOBAL = {"secretariat": GlobalRole.SECRETARIAT, "reviewer": GlobalRole.REVIEWER}
PEOPLE = (*MEMBERS, *GLOBAL, "alone")
"""The planner and the receiver get duties in a test; somebody alone has no organisation."""


def at(day: str, time: str = "14:00") -> datetime:
    """A moment in Japan: ``at("2026-12-31", "23:30")``."""
    return datetime.fromisoformat(f"{day}T{time}").replace(tzinfo=JST).astimezone(UTC)


class World:
    """The application with its people.

    Args:
        app: an application on an empty, migrated database.
    """

    def __init__(self, app: Flask) -> None:
        app.config["WTF_CSRF_ENABLED"] = False
        self.app = app
        self.users: dict[str, uuid.UUID] = {}
        self.organizations: dict[str, uuid.UUID] = {}
        with app.app_context():
            self._people()
            forget_mail()
            db.session.commit()

    def _people(self) -> None:
        past = clock.now() - timedelta(days=400)
        made = {}
        for name in sorted(set(MEMBERS.values())):
            data = OrganizationData(name=name, category="company", prefecture="高知県")
            made[name] = create_organization(data, SYSTEM, past)
            self.organizations[name] = made[name].id
        for name in PEOPLE:
            user = create_user(f"{name}@example.com", name, PASSWORD, past)
            self.users[name] = user.id
            if name in GLOBAL:
                grant_global_role(user, GLOBAL[name], now=past)
            elif name in MEMBERS:
                add_member(user, made[MEMBERS[name]], OrganizationRole.EDITOR, SYSTEM, past)

    def actor(self, name: str) -> Actor:
        """Somebody as policies see them."""
        if name == "visitor":
            return VISITOR
        roles = {}
        if name in MEMBERS:
            roles = {self.organizations[MEMBERS[name]]: OrganizationRole.EDITOR}
        words = frozenset({GLOBAL[name]}) if name in GLOBAL else frozenset()
        return Actor(user_id=self.users[name], name=name, roles=roles, global_roles=words)

    def client(self, name: str) -> FlaskClient:
        """A browser in which somebody is signed in; nobody for ``visitor``."""
        client = self.app.test_client()
        if name != "visitor":
            client.post("/sign-in", data={"email": f"{name}@example.com", "password": PASSWORD})
        return client

    def make(self, **changes: Any) -> uuid.UUID:
        """A stored event, for tests over HTTP; gives the id."""
        with self.app.app_context():
            event = make_event(**changes)
            forget_mail()
            db.session.commit()
            return event.id

    def give_duty(self, event_id: uuid.UUID, name: str, duty: Duty) -> None:
        """Let somebody work for an event."""
        with self.app.app_context():
            db.session.add(
                EventStaff(
                    event_id=event_id, user_id=self.users[name], duty=duty, created_at=clock.now()
                )
            )
            db.session.commit()

    def stored(self, event_id: uuid.UUID) -> RegionalEvent:
        """The event as it is stored; within an application context."""
        db.session.expire_all()
        return queries.get_event(event_id)


def mails() -> list[OutboxMessage]:
    """What waits to be sent, by address."""
    query = select(OutboxMessage).order_by(OutboxMessage.address, OutboxMessage.id)
    return list(db.session.scalars(query))


def forget_mail() -> None:
    """Begin with an empty outbox."""
    db.session.execute(OutboxMessage.__table__.delete())  # type: ignore[attr-defined]


def typed(**changes: str) -> dict[str, str]:
    """The form of an event as one fills it in, in Japan's calendar and wide digits."""
    year = clock.today(clock.now()).year + 1
    values = {
        "name": "地域イベント（高松）", "kind": "regional_dialogue", "audience": "public",
        "series_name": "地域イベント", "summary": "瀬戸内の循環を話します。",
        "starts_at-year": f"令和{year - 2018}", "starts_at-month": "２", "starts_at-day": "3",
        "starts_at-time": "１３：３０", "ends_at-time": "17時",
        "venue": "サンポート高松", "prefecture": "香川県", "address": "香川県高松市サンポート2-1",
        "map_point": "34.3525, 134.0466", "contact_name": "事務局",
        "contact_email": "events@example.com", "waiting_rule": "first_come", "hold_hours": "２４",
        "guest_retention_days": "90日",
        "organizers-0-role": "host", "organizers-0-name": "緑山工業",
        "organizers-1-role": "co_host", "organizers-1-name": "名簿にない会",
    }  # fmt: skip
    return {**values, **changes}
