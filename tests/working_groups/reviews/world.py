"""A call whose deadline is over, with proposals, reviewers and two people of the secretariat."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from flask import Flask
from flask.testing import FlaskClient

from matchmaker.accounts.models import User
from matchmaker.accounts.queries import roles_in_organizations
from matchmaker.accounts.service import add_member, create_user, grant_global_role
from matchmaker.core import clock
from matchmaker.core.actor import SYSTEM, Actor, GlobalRole, OrganizationRole
from matchmaker.core.db import db, new_id
from matchmaker.organizations.domain import OrganizationData
from matchmaker.organizations.models import Organization
from matchmaker.organizations.service import create_organization
from matchmaker.working_groups.calls.domain import CallKind, CallState
from matchmaker.working_groups.calls.models import Call, CallReviewer, Criterion
from matchmaker.working_groups.groups.domain import GroupData, GroupKind
from matchmaker.working_groups.groups.service import found_group
from matchmaker.working_groups.proposals.domain import AuthorRole, OriginKind, ProposalState
from matchmaker.working_groups.proposals.models import (
    Proposal,
    ProposalAuthor,
    ProposalRevision,
)

TEXT = "竹を炭にして、畑の土づくりに使います。"
QUESTIONS: list[dict[str, Any]] = [
    {"id": "plan", "kind": "text", "label": "進め方", "required": True}
]


@dataclass
class World:
    """The ids of everything by name."""

    app: Flask
    now: datetime
    organizations: dict[str, uuid.UUID] = field(default_factory=dict)
    people: dict[str, uuid.UUID] = field(default_factory=dict)
    proposals: dict[str, uuid.UUID] = field(default_factory=dict)
    call_id: uuid.UUID = field(default_factory=new_id)
    parent_id: uuid.UUID = field(default_factory=new_id)

    def actor(self, name: str) -> Actor:
        """The person of that name as an actor, from the database."""
        user = db.session.get_one(User, self.people[name])
        roles = roles_in_organizations(user.id)
        global_roles = frozenset(role for who, role in GLOBAL if who == name)
        return Actor(user_id=user.id, name=user.name, roles=roles, global_roles=global_roles)

    def client(self, name: str) -> FlaskClient:
        """A browser in which that person is signed in."""
        with self.app.app_context():
            uniquifier = db.session.get_one(User, self.people[name]).fs_uniquifier
        client = self.app.test_client()
        with client.session_transaction() as session:
            session["_user_id"], session["_fresh"] = uniquifier, True
        return client


GLOBAL = (
    ("first", GlobalRole.REVIEWER),
    ("second", GlobalRole.REVIEWER),
    ("partial", GlobalRole.REVIEWER),
    ("foreign", GlobalRole.REVIEWER),
    ("secretary", GlobalRole.SECRETARIAT),
    ("colleague", GlobalRole.SECRETARIAT),
    ("operator", GlobalRole.OPERATOR),
)
NAMES = {
    "first": "第一審査太郎",
    "second": "第二審査花子",
    "partial": "中立でない三郎",
    "lead": "代表書き手",
    "partner": "共同書き手",
    "outsider": "よその人",
}


def build(app: Flask) -> World:
    """A world in the database of ``app`` (call it in an application context; it commits)."""
    world = World(app, clock.now())
    for name, title in (("town", "青空町"), ("recycler", "緑山工業"), ("third", "白浜運輸")):
        data = OrganizationData(name=title, category="company", prefecture="高知県")
        world.organizations[name] = create_organization(data, SYSTEM, world.now).id
    for who in dict.fromkeys((*NAMES, *(name for name, _ in GLOBAL))):
        user = create_user(
            f"{who}@example.com", NAMES.get(who, who), "midori-no-yama-42", world.now
        )
        world.people[who] = user.id
        for role in (role for name, role in GLOBAL if name == who):
            grant_global_role(user, role, now=world.now)
    for who, organization in (
        ("lead", "town"),
        ("partner", "recycler"),
        ("partial", "recycler"),
        ("outsider", "third"),
    ):
        join(world, who, organization)
    _call(world)
    add_proposal(world, "bamboo", "竹の炭", number=1, co_authors=(("partner", "recycler"),))
    add_proposal(world, "food", "食品残さの堆肥", number=2, lead=("outsider", "third"))
    db.session.commit()
    return world


def join(world: World, who: str, organization: str) -> None:
    """Let a person belong to an organisation."""
    user = db.session.get_one(User, world.people[who])
    place = db.session.get_one(Organization, world.organizations[organization])
    add_member(user, place, OrganizationRole.EDITOR, SYSTEM, world.now)


def _call(world: World) -> None:
    top = found_group(GroupData(name="総会", kind=GroupKind.ASSEMBLY), SYSTEM, world.now)
    parent = GroupData(name="連携促進WG", kind=GroupKind.WG, parent_id=top.id)
    world.parent_id = found_group(parent, SYSTEM, world.now).id
    db.session.add(
        Call(
            id=world.call_id,
            kind=CallKind.PILOT,
            title="実証の公募",
            categories=[],
            opens_at=world.now - timedelta(days=30),
            closes_at=world.now - timedelta(days=1),
            reviews_due_at=world.now + timedelta(days=10),
            timetable=[],
            questions=QUESTIONS,
            frozen_at=world.now,
            state=CallState.PUBLISHED,
            parent_group_id=world.parent_id,
            published_at=world.now - timedelta(days=30),
            created_at=world.now,
            updated_at=world.now,
            criteria=[
                Criterion(position=1, name="実現性", weight=3, points=5),
                Criterion(position=2, name="新しさ", weight=1, points=5),
            ],
        )
    )
    db.session.flush()
    for who in ("first", "second", "partial"):
        add_seat(world, who)


def add_seat(world: World, who: str) -> None:
    """Let a person review the call, without any event."""
    db.session.add(
        CallReviewer(call_id=world.call_id, user_id=world.people[who], added_at=world.now)
    )
    db.session.flush()


def add_proposal(
    world: World,
    name: str,
    title: str,
    *,
    number: int,
    lead: tuple[str, str] = ("lead", "town"),
    co_authors: Iterable[tuple[str, str]] = (),
    **changes: Any,
) -> None:
    """A handed-in proposal with its text and authors."""
    proposal_id = world.proposals[name] = new_id()
    columns: dict[str, Any] = {
        "id": proposal_id,
        "call_id": world.call_id,
        "number": number,
        "title": title,
        "lead_organization_id": world.organizations[lead[1]],
        "answers": {"plan": f"{title}：{TEXT}"},
        "state": ProposalState.SUBMITTED,
        "revision": 2,
        "submitted_revision": 2,
        "submitted_at": world.now - timedelta(days=2),
        "origin_kind": OriginKind.NOTHING,
        "origin_facts": {},
        "created_at": world.now,
        "updated_at": world.now,
    }
    db.session.add(Proposal(**{**columns, **changes}))
    db.session.flush()
    for (who, organization), role in [
        (lead, AuthorRole.LEAD),
        *((each, AuthorRole.CO_AUTHOR) for each in co_authors),
    ]:
        add_author(world, name, who, organization, role)
    _keep_text(world, proposal_id, title, columns["answers"])


def _keep_text(world: World, proposal_id: uuid.UUID, title: str, answers: dict[str, Any]) -> None:
    db.session.add(
        ProposalRevision(
            proposal_id=proposal_id, number=2, title=title, answers=answers, actor_name="書き手",
            at=world.now,
        )
    )  # fmt: skip
    db.session.flush()


def add_author(
    world: World, name: str, who: str, organization: str, role: AuthorRole = AuthorRole.CO_AUTHOR
) -> ProposalAuthor:
    """Let a person write a proposal in the name of an organisation."""
    author = ProposalAuthor(
        proposal_id=world.proposals[name],
        user_id=world.people[who],
        organization_id=world.organizations[organization],
        role=role,
        invited_at=world.now,
        accepted_at=world.now,
    )
    db.session.add(author)
    db.session.flush()
    return author
