"""A small town of people and organisations to found working groups with."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime

from flask import Flask
from flask.testing import FlaskClient

from matchmaker.accounts.models import User
from matchmaker.accounts.service import add_member, create_user, grant_global_role
from matchmaker.core.actor import SYSTEM, Actor, GlobalRole, OrganizationRole
from matchmaker.core.clock import JST
from matchmaker.core.db import db
from matchmaker.organizations.domain import OrganizationData
from matchmaker.organizations.models import Organization
from matchmaker.organizations.service import create_organization
from matchmaker.working_groups.groups import queries
from matchmaker.working_groups.groups.domain import GroupData, GroupKind, GroupMove, GroupRole
from matchmaker.working_groups.groups.models import GroupMember, WorkingGroup
from matchmaker.working_groups.groups.service import add_group_member, found_group, move_group

PASSWORD = "midori-no-yama-42"
NOW = datetime(2026, 6, 15, 3, 0, tzinfo=UTC)
TODAY = date(2026, 6, 15)
PEOPLE = {
    "hana": ("青空町", OrganizationRole.EDITOR),
    "ken": ("青空町", OrganizationRole.REPRESENTATIVE),
    "mio": ("緑山工業", OrganizationRole.REPRESENTATIVE),
    "ryo": ("緑山工業", OrganizationRole.READER),
    "sora": ("白浜運輸", OrganizationRole.EDITOR),
}


def jst(year: int, month: int, day: int, hour: int, minute: int) -> datetime:
    """A moment given as it is read from a clock in Japan."""
    return datetime(year, month, day, hour, minute, tzinfo=JST).astimezone(UTC)


@dataclass
class Town:
    """People by name, in an application context.

    Args:
        app: an application on a migrated database.
    """

    app: Flask
    users: dict[str, User] = field(default_factory=dict)
    organizations: dict[str, Organization] = field(default_factory=dict)

    def build(self) -> Town:
        """Make everybody."""
        for name, category in (
            ("青空町", "municipality"),
            ("緑山工業", "company"),
            ("白浜運輸", "company"),
        ):
            data = OrganizationData(name=name, category=category, prefecture="高知県")
            self.organizations[name] = create_organization(data, SYSTEM, NOW)
        for key, (organization, role) in PEOPLE.items():
            self.users[key] = create_user(f"{key}@example.com", key, PASSWORD, NOW)
            add_member(self.users[key], self.organizations[organization], role, SYSTEM, NOW)
        for key, global_role in (
            ("office", GlobalRole.SECRETARIAT),
            ("expert", GlobalRole.REVIEWER),
        ):
            self.users[key] = create_user(f"{key}@example.com", key, PASSWORD, NOW)
            grant_global_role(self.users[key], global_role, now=NOW)
        db.session.commit()
        return self

    def actor(self, key: str) -> Actor:
        """The person as somebody who acts."""
        if key == "office":
            return Actor(self.users[key].id, key, global_roles=frozenset({GlobalRole.SECRETARIAT}))
        if key == "expert":
            return Actor(self.users[key].id, key, global_roles=frozenset({GlobalRole.REVIEWER}))
        organization, role = PEOPLE[key]
        return Actor(self.users[key].id, key, roles={self.organizations[organization].id: role})

    def organization_id(self, key: str) -> uuid.UUID | None:
        """The organisation a person stands for."""
        return self.organizations[PEOPLE[key][0]].id if key in PEOPLE else None

    def group(self, name: str = "検討WG", *, started: bool = True, **more: object) -> WorkingGroup:
        """A group below the assembly."""
        values = {"kind": GroupKind.WG, "parent_id": self.assembly().id, **more}
        made = found_group(GroupData(name=name, **values), SYSTEM, NOW)  # type: ignore[arg-type]
        if started:
            move_group(made, GroupMove.START, "", SYSTEM, NOW)
        return made

    def assembly(self) -> WorkingGroup:
        """The root, made when it is asked for first."""
        known = queries.group_called("総会")
        return known or found_group(GroupData("総会", GroupKind.ASSEMBLY), SYSTEM, NOW)

    def join(
        self, group: WorkingGroup, key: str, role: GroupRole, starts_on: date | None = None
    ) -> GroupMember:
        """Give a person a role."""
        return add_group_member(
            group, self.users[key], self.organization_id(key), role, SYSTEM, NOW, starts_on
        )

    @contextmanager
    def at_work(self) -> Iterator[None]:
        """An application context for preparing or checking; what was made stays readable after."""
        with self.app.app_context():
            yield
            db.session.commit()
            for thing in list(db.session):
                db.session.refresh(thing)
            db.session.expunge_all()

    def browser(self, key: str = "") -> FlaskClient:
        """A browser in which the person is signed in; nobody without a name."""
        client = self.app.test_client()
        if key:
            form = {"email": f"{key}@example.com", "password": PASSWORD}
            assert client.post("/sign-in", data=form).status_code == 302
        return client
