"""A group with people of every standing, on an empty database with real commits."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from flask import Flask

from matchmaker.accounts.models import User
from matchmaker.core import clock
from matchmaker.core.actor import SYSTEM, Actor, GlobalRole
from matchmaker.core.db import db
from matchmaker.organizations.domain import OrganizationData
from matchmaker.working_groups.groups.domain import (
    GroupData,
    GroupKind,
    GroupMove,
    GroupRole,
    Visibility,
)
from matchmaker.working_groups.groups.models import WorkingGroup
from matchmaker.working_groups.groups.service import add_group_member, found_group, move_group
from tests.accounts.conftest import PASSWORD, add_person, application
from tests.accounts.pages import Visitor

ROLES = {
    "chair": GroupRole.CHAIR,
    "member": GroupRole.MEMBER,
    "observer": GroupRole.OBSERVER,
}


@dataclass(slots=True)
class Cast:
    """An application, a group, and the ids of people by what they are.

    Args:
        app: the application.
        group_id: an active group that everybody may see.
        ids: people: chair, member, observer, stranger (another member of the partnership),
            outsider (an account without any role) and secretariat.
    """

    app: Flask
    group_id: uuid.UUID
    ids: dict[str, uuid.UUID] = field(default_factory=dict)

    def browser(self, who: str) -> Visitor:
        """A browser in which the person is signed in; nobody for ``visitor``."""
        visitor = Visitor(self.app.test_client())
        if who != "visitor":
            answer = visitor.sign_in(f"{who}@example.com", PASSWORD)
            assert answer.status_code == 302, answer.text
        return visitor

    def actor(self, who: str) -> Actor:
        """The person as an actor; only what the commands need."""
        roles = frozenset({GlobalRole.SECRETARIAT}) if who == "secretariat" else frozenset()
        return Actor(user_id=self.ids[who], name=who, global_roles=roles)

    def group(self) -> WorkingGroup:
        """The group, in the present application context."""
        return db.session.get_one(WorkingGroup, self.group_id)

    def user(self, who: str) -> User:
        """The person's account, in the present application context."""
        return db.session.get_one(User, self.ids[who])

    def path(self, rest: str = "") -> str:
        """Address of a page of the group."""
        return f"/working-groups/{self.group_id}{rest}"


@pytest.fixture
def cast(tmp_path: Path) -> Iterator[Cast]:
    """The group and its people."""
    with application(tmp_path) as app:
        company = OrganizationData(name="緑山工業", category="company", prefecture="高知県")
        ids = {who: add_person(app, f"{who}@example.com", who) for who in (*ROLES, "outsider")}
        ids["stranger"] = add_person(app, "stranger@example.com", "stranger", organization=company)
        ids["secretariat"] = add_person(
            app, "secretariat@example.com", "secretariat", GlobalRole.SECRETARIAT
        )
        with app.app_context():
            group_id = add_group("竹の資源循環WG", ids)
        yield Cast(app, group_id, ids)


def add_group(
    name: str, ids: dict[str, uuid.UUID], visibility: Visibility = Visibility.PUBLIC
) -> uuid.UUID:
    """Found an active group with a chair, a member and an observer, and commit."""
    now = clock.now()
    data = GroupData(kind=GroupKind.ASSEMBLY, name=name, visibility=visibility)
    group = found_group(data, SYSTEM, now)
    move_group(group, GroupMove.START, "", SYSTEM, now)
    for who, role in ROLES.items():
        add_group_member(group, db.session.get_one(User, ids[who]), None, role, SYSTEM, now)
    group_id = group.id
    db.session.commit()
    return group_id
