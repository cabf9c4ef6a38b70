"""An event that takes registrations, with a room, a stream and people, for the tests of pages."""

from __future__ import annotations

import re
import uuid
from datetime import timedelta
from typing import Any

from flask import Flask
from sqlalchemy import select

from matchmaker.accounts.service import add_member, create_user, grant_global_role
from matchmaker.core import clock
from matchmaker.core.actor import SYSTEM, GlobalRole, OrganizationRole
from matchmaker.core.db import db
from matchmaker.notifications.models import OutboxMessage
from matchmaker.organizations.domain import OrganizationData
from matchmaker.organizations.service import create_organization
from matchmaker.regional_events.planning.domain import TrackKind
from matchmaker.regional_events.planning.queries import get_event
from matchmaker.regional_events.registrations.forms import start_mark
from matchmaker.regional_events.registrations.models import Attendee
from tests.accounts.pages import Visitor
from tests.regional_events.builders import make_event, make_registration, make_track

PASSWORD = "midori-no-yama-42"
LINK = re.compile(r"https?://[^/\s]+(/event-tickets/[^\s/]+(?:/confirm)?)")


class BookingWorld:
    """The application with one event: a room (``capacity`` chairs) and a stream without a bound.

    Args:
        app: an application on an empty database.
        capacity: chairs in the room.
        changes: columns of the event.
    """

    def __init__(self, app: Flask, capacity: int = 2, **changes: Any) -> None:
        self.app = app
        with app.app_context():
            now = clock.now()
            self._people(now)
            event = make_event(now, online_url="https://stream.example.com/1", **changes)
            room = make_track(event, name="会場", capacity=capacity)
            stream = make_track(event, name="配信", kind=TrackKind.ONLINE, capacity=None, room="")
            self.event_id, self.room_id, self.stream_id = event.id, room.id, stream.id
            db.session.commit()

    def _people(self, now: Any) -> None:
        data = OrganizationData("循環市", "municipality", "愛知県", kana="ジュンカンシ")
        town = create_organization(data, SYSTEM, now)
        self.organization_id = town.id
        for name in ("officer", "colleague"):
            user = create_user(f"{name}@town.example", f"職員 {name}", PASSWORD, now)
            add_member(user, town, OrganizationRole.EDITOR, SYSTEM, now)
        desk = create_user("desk@example.com", "事務局 太郎", PASSWORD, now)
        grant_global_role(desk, GlobalRole.SECRETARIAT, now=now)

    @property
    def base(self) -> str:
        """Address of the event's registrations."""
        return f"/regional-events/{self.event_id}/registrations"

    def visitor(self, email: str = "") -> Visitor:
        """A browser; signed in when an address is given."""
        visitor = Visitor(self.app.test_client())
        if email:
            visitor.sign_in(email, PASSWORD)
        return visitor

    def form(self, **changes: Any) -> dict[str, Any]:
        """What a guest types who takes a minute for it."""
        with self.app.app_context():
            started = start_mark(clock.now() - timedelta(minutes=1))
        return {
            "started": started,
            "submission_key": uuid.uuid4().hex,
            "count": "1",
            "grouping": "together",
            "contact_name": "市民 花子",
            "contact_email": "hanako@example.net",
            "person0-name": "市民 花子",
            "person0-way": str(self.room_id),
            "consent": "y",
            **changes,
        }

    def register(self, visitor: Visitor | None = None, **changes: Any) -> Any:
        """Send the form."""
        visitor = visitor or self.visitor()
        return visitor.send(f"{self.base}/new", **self.form(**changes))

    def fill(self, *names: str) -> list[uuid.UUID]:
        """Seat people in the room; gives their ids."""
        with self.app.app_context():
            for name in names:
                event, room = self.event_and_room()
                make_registration(event, room, (name,), organization_name="循環商店")
            ids = list(db.session.scalars(select(Attendee.id).order_by(Attendee.created_at)))
            db.session.commit()
        return ids

    def event_and_room(self) -> tuple[Any, Any]:
        """The event and its room, within an application context."""
        event = get_event(self.event_id)
        return event, next(track for track in event.tracks if track.id == self.room_id)

    def mails(self, about: str = "") -> list[OutboxMessage]:
        """Mails in the outbox whose subject has these words, oldest first."""
        with self.app.app_context():
            rows = db.session.scalars(select(OutboxMessage).order_by(OutboxMessage.created_at))
            return [row for row in rows if about in row.subject]

    def link(self, about: str) -> str:
        """The path of the link in the latest mail about that."""
        found = LINK.search(self.mails(about)[-1].body)
        assert found
        return found.group(1)

    def people(self) -> list[tuple[str, str]]:
        """Name and state of everybody, in order."""
        with self.app.app_context():
            rows = db.session.scalars(select(Attendee).order_by(Attendee.created_at, Attendee.id))
            return [(row.name, row.state.value) for row in rows]
