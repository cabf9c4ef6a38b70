"""A group with people of every role, for the tests of planning meetings."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from matchmaker.accounts.models import User
from matchmaker.accounts.service import add_member, create_user, grant_global_role
from matchmaker.core import clock
from matchmaker.core.actor import SYSTEM, VISITOR, Actor, GlobalRole, OrganizationRole
from matchmaker.core.clock import JST
from matchmaker.core.db import db
from matchmaker.notifications.models import OutboxMessage
from matchmaker.organizations.domain import OrganizationData
from matchmaker.organizations.service import create_organization
from matchmaker.working_groups.groups.domain import (
    GroupData,
    GroupKind,
    GroupMove,
    GroupRole,
    Visibility,
)
from matchmaker.working_groups.groups.models import WorkingGroup
from matchmaker.working_groups.groups.service import add_group_member, found_group, move_group
from matchmaker.working_groups.meetings import queries, service
from matchmaker.working_groups.meetings.domain import MeetingData, MeetingMove
from matchmaker.working_groups.meetings.models import Meeting

PASSWORD = "midori-no-yama-42"
LINK = "https://meet.example.com/secret-room-774"
NOW = datetime(2026, 11, 2, 3, 0, tzinfo=UTC)
"""Monday noon in Japan; meetings of these tests lie some weeks ahead."""

IN_GROUP = {
    "chair": GroupRole.CHAIR,
    "member": GroupRole.MEMBER,
    "observer": GroupRole.OBSERVER,
    "expert": GroupRole.EXPERT,
}
OUTSIDE = ("outsider", "proxy")
GLOBAL = {"secretariat": GlobalRole.SECRETARIAT, "operator": GlobalRole.OPERATOR}
PEOPLE = (*IN_GROUP, *OUTSIDE, *GLOBAL)


def at(day: str, time: str = "14:00") -> datetime:
    """A moment in Japan: ``at("2026-12-01", "14:00")``."""
    return datetime.fromisoformat(f"{day}T{time}").replace(tzinfo=JST).astimezone(UTC)


def details(**changes: Any) -> MeetingData:
    """An ordinary hybrid meeting, two hours long, with the changes."""
    values: dict[str, Any] = {
        "title": "第1回会合",
        "round": 1,
        "starts_at": at("2026-12-01", "14:00"),
        "ends_at": at("2026-12-01", "16:00"),
        "place": "青空町役場 会議室",
        "online_url": LINK,
        "online_policy": "WGの参加者はどこからでも参加できます。",
        "answers_until": at("2026-11-27", "17:00"),
    }
    return MeetingData(**{**values, **changes})


class World:
    """The application with its people.

    Args:
        app: an application on an empty, migrated database.
        visibility: who may read the group's pages.
    """

    def __init__(self, app: Flask, visibility: Visibility = Visibility.PUBLIC) -> None:
        app.config["WTF_CSRF_ENABLED"] = False
        self.app = app
        self.users: dict[str, uuid.UUID] = {}
        with app.app_context():
            self._people()
            self._group(visibility)
            forget_mail()
            db.session.commit()

    def _people(self) -> None:
        past = NOW - timedelta(days=400)
        data = OrganizationData(name="青空町", category="municipality", prefecture="高知県")
        town = create_organization(data, SYSTEM, past)
        self.organization_id = town.id
        for name in PEOPLE:
            user = create_user(f"{name}@example.com", name, PASSWORD, past)
            self.users[name] = user.id
            if name in GLOBAL:
                grant_global_role(user, GLOBAL[name], now=past)
            else:
                add_member(user, town, OrganizationRole.EDITOR, SYSTEM, past)

    def _group(self, visibility: Visibility) -> None:
        past = NOW - timedelta(days=300)
        data = GroupData(name="竹の活用WG", kind=GroupKind.ASSEMBLY, visibility=visibility)
        group = found_group(data, SYSTEM, past)
        for name, role in IN_GROUP.items():
            user = db.session.get_one(User, self.users[name])
            add_group_member(
                group, user, self.organization_id, role, SYSTEM, past, without_mail=True
            )
        move_group(group, GroupMove.START, "", SYSTEM, past)
        self.group_id = group.id

    @property
    def group(self) -> WorkingGroup:
        """The group, in the present session."""
        return db.session.get_one(WorkingGroup, self.group_id)

    def actor(self, name: str) -> Actor:
        """Somebody as policies see them."""
        if name == "visitor":
            return VISITOR
        if name in GLOBAL:
            roles = frozenset({GLOBAL[name]})
            return Actor(user_id=self.users[name], name=name, global_roles=roles)
        member = {self.organization_id: OrganizationRole.EDITOR}
        return Actor(user_id=self.users[name], name=name, roles=member)

    def client(self, name: str) -> FlaskClient:
        """A browser in which somebody is signed in; nobody for ``visitor``."""
        client = self.app.test_client()
        if name != "visitor":
            client.post("/sign-in", data={"email": f"{name}@example.com", "password": PASSWORD})
        return client

    def plan(self, *, announced: bool = True, now: datetime = NOW, **changes: Any) -> Meeting:
        """A planned meeting; an announced one unless told otherwise. Mail of it is forgotten."""
        meeting = service.plan_meeting(self.group, details(**changes), self.actor("chair"), now)
        if announced:
            service.move_meeting(meeting, MeetingMove.ANNOUNCE, "", self.actor("chair"), now)
        forget_mail()
        return meeting

    def plan_for_pages(self, *, announced: bool = True, **changes: Any) -> uuid.UUID:
        """The same three weeks from the real present, for tests over HTTP; gives the id."""
        day = clock.today(clock.now()) + timedelta(days=21)
        usual = {
            "starts_at": at(str(day), "14:00"),
            "ends_at": at(str(day), "16:00"),
            "answers_until": at(str(day - timedelta(days=3)), "17:00"),
        }
        with self.app.app_context():
            meeting = self.plan(announced=announced, now=clock.now(), **{**usual, **changes})
            db.session.commit()
            return meeting.id


def moved(meeting: Meeting, move: MeetingMove, reason: str = "", now: datetime = NOW) -> None:
    """A step by the service itself."""
    service.move_meeting(meeting, move, reason, SYSTEM, now)


def reloaded(meeting_id: uuid.UUID) -> Meeting:
    """The meeting as it is stored."""
    db.session.expire_all()
    return queries.get_meeting(meeting_id)


def mails() -> list[OutboxMessage]:
    """What waits to be sent, by address."""
    query = select(OutboxMessage).order_by(OutboxMessage.address, OutboxMessage.id)
    return list(db.session.scalars(query))


def addresses() -> list[str]:
    """To whom mail waits."""
    return [mail.address for mail in mails()]


def forget_mail() -> None:
    """Begin with an empty outbox."""
    db.session.execute(OutboxMessage.__table__.delete())  # type: ignore[attr-defined]
