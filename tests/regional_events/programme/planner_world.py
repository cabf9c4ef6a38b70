"""An event with people around it, for the tests of what its planner writes."""

from __future__ import annotations

import io
import uuid
from datetime import timedelta
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import func, select

from matchmaker.accounts.models import User
from matchmaker.accounts.service import add_member, create_user, grant_global_role
from matchmaker.core import clock
from matchmaker.core.actor import SYSTEM, GlobalRole, OrganizationRole
from matchmaker.core.audit import AuditEntry
from matchmaker.core.db import db
from matchmaker.notifications.models import OutboxMessage
from matchmaker.organizations.domain import OrganizationData
from matchmaker.organizations.service import create_organization
from matchmaker.regional_events.planning.domain import Duty
from matchmaker.regional_events.planning.models import EventStaff
from tests.regional_events.builders import make_event

PASSWORD = "midori-no-yama-42"
MEMBER, PLANNER, SECRETARIAT = "member", "planner", "secretariat"
HONG_KONG_IVS = "葛\U000e0100城"
"""A name whose first character has a variation selector."""


def picture(colour: str = "green") -> io.BytesIO:
    """A small JPEG picture."""
    stream = io.BytesIO()
    Image.new("RGB", (40, 40), colour).save(stream, "JPEG")
    stream.seek(0)
    return stream


class PlannerWorld:
    """The application with an event, a planner of it, the secretariat and a member.

    Args:
        app: an application on an empty, migrated database.
        changes: fields of the event.
    """

    def __init__(self, app: Flask, **changes: Any) -> None:
        app.config["WTF_CSRF_ENABLED"] = False
        self.app, self.now = app, clock.now()
        self._clients: dict[str, FlaskClient] = {}
        with app.app_context():
            self._people(self.now - timedelta(days=100))
            event = make_event(self.now, **changes)
            self.event_id, self.starts_at = event.id, event.starts_at
            staff = EventStaff(
                event_id=event.id, user_id=self.users[PLANNER], duty=Duty.PLANNING,
                created_at=self.now,
            )  # fmt: skip
            db.session.add(staff)
            db.session.commit()

    def _people(self, past: Any) -> None:
        data = OrganizationData(name="青空町", category="municipality", prefecture="高知県")
        town = create_organization(data, SYSTEM, past)
        self.users: dict[str, uuid.UUID] = {}
        for name in (MEMBER, PLANNER, SECRETARIAT):
            user = create_user(f"{name}@example.com", name, PASSWORD, past)
            self.users[name] = user.id
            if name == SECRETARIAT:
                grant_global_role(user, GlobalRole.SECRETARIAT, now=past)
            else:
                add_member(user, town, OrganizationRole.EDITOR, SYSTEM, past)

    def client(self, name: str = "") -> FlaskClient:
        """A browser of that person; of a visitor for no name."""
        if name not in self._clients:
            client = self.app.test_client()
            if name:
                values = {"email": f"{name}@example.com", "password": PASSWORD}
                assert client.post("/sign-in", data=values).status_code == 302
            self._clients[name] = client
        return self._clients[name]

    def path(self, rest: str = "") -> str:
        """Address of a page of the event."""
        return f"/regional-events/{self.event_id}{rest}"

    def mails(self, template_word: str = "") -> list[tuple[str, str, str]]:
        """Address, subject and body of mail whose subject has that word."""
        with self.app.app_context():
            found = db.session.scalars(select(OutboxMessage).order_by(OutboxMessage.id)).all()
            return [(m.address, m.subject, m.body) for m in found if template_word in m.subject]

    def count_of(self, tag: str) -> int:
        """How many entries of the audit log have that tag."""
        with self.app.app_context():
            query = select(func.count()).select_from(AuditEntry).where(AuditEntry.tag == tag)
            return db.session.scalar(query) or 0

    def user(self, name: str) -> User:
        """The person; within an application context."""
        return db.session.get_one(User, self.users[name])
