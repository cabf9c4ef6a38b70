"""A town, two companies, a secretariat and an open call, for the tests of proposals."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask import Flask
from flask.testing import FlaskClient

from matchmaker.accounts.models import User
from matchmaker.accounts.service import add_member, create_user, grant_global_role
from matchmaker.core import clock
from matchmaker.core.actor import SYSTEM, Actor, GlobalRole, OrganizationRole
from matchmaker.core.db import db, new_id
from matchmaker.organizations.domain import OrganizationData
from matchmaker.organizations.service import create_organization
from matchmaker.working_groups.calls.domain import CallKind, CallState
from matchmaker.working_groups.calls.models import Call
from matchmaker.working_groups.calls.queries import get_call
from matchmaker.working_groups.proposals import authorship, queries, service
from matchmaker.working_groups.proposals.domain import Origin, ProposalText
from matchmaker.working_groups.proposals.models import Proposal

PASSWORD = "midori-no-yama-42"
QUESTIONS: list[dict[str, Any]] = [
    {"id": "plan", "kind": "text", "label": "取組の内容", "required": True,
     "multiline": True, "max_length": 4000},
    {"id": "effect", "kind": "text", "label": "期待する効果", "multiline": True,
     "max_length": 4000},
    {"id": "kind", "kind": "choice", "label": "取組の種類",
     "options": [{"id": "reuse", "label": "再使用"}, {"id": "recycle", "label": "再生利用"}]},
    {"id": "amount", "kind": "number", "label": "見込む量", "unit": "t/年", "minimum": 0},
    {"id": "budget", "kind": "table", "label": "費用",
     "columns": [{"id": "item", "label": "費目"},
                 {"id": "yen", "label": "金額", "kind": "number"}]},
    {"id": "papers", "kind": "file", "label": "資料", "most_files": 3},
]  # fmt: skip
PLAN = "放置された竹林の竹を切り出し、炭にして畑に使います。"


@dataclass
class World:
    """People by name, organisations by name, and the open call."""

    users: dict[str, uuid.UUID]
    organizations: dict[str, uuid.UUID]
    call_id: uuid.UUID

    def actor(self, name: str) -> Actor:
        """The person as an actor; ``officer``, ``maker`` and ``hauler`` write for theirs."""
        roles = MEMBERSHIPS.get(name, {})
        named = {self.organizations[key]: role for key, role in roles.items()}
        kinds = frozenset({GlobalRole.SECRETARIAT}) if name == "secretariat" else frozenset()
        return Actor(self.users[name], name, named, kinds)

    def call(self) -> Call:
        """The open call."""
        return get_call(self.call_id)

    def begin(self, name: str = "officer", title: str = "竹を炭に") -> Proposal:
        """A draft of that person's organisation."""
        organization = self.organizations[next(iter(MEMBERSHIPS[name]))]
        made = service.create_proposal(
            self.call(), organization, title, Origin(), self.actor(name), clock.now()
        )
        return queries.get_proposal(made.id)

    def write(self, proposal: Proposal, name: str = "officer", **answers: Any) -> Proposal:
        """Save answers from the newest revision on."""
        text = ProposalText(proposal.title, {**proposal.answers, **answers})
        service.save(proposal, text, proposal.revision, self.actor(name), clock.now())
        return queries.get_proposal(proposal.id)

    def join(self, proposal: Proposal, name: str = "maker") -> Proposal:
        """Invite somebody who accepts."""
        organization = self.organizations[next(iter(MEMBERSHIPS[name]))]
        email, now = f"{name}@example.com", clock.now()
        authorship.invite(proposal, organization, email, self.actor("officer"), now)
        proposal = queries.get_proposal(proposal.id)
        authorship.answer(proposal, True, self.actor(name), now)
        return queries.get_proposal(proposal.id)

    def submitted(
        self, name: str = "officer", title: str = "竹を炭に", plan: str = PLAN
    ) -> Proposal:
        """A proposal that was handed in."""
        proposal = self.write(self.begin(name, title), name, plan=plan)
        service.submit(proposal, self.actor(name), clock.now())
        return queries.get_proposal(proposal.id)


MEMBERSHIPS: dict[str, dict[str, OrganizationRole]] = {
    "officer": {"青空町": OrganizationRole.EDITOR},
    "chief": {"青空町": OrganizationRole.REPRESENTATIVE},
    "reader": {"青空町": OrganizationRole.READER},
    "maker": {"緑山工業": OrganizationRole.REPRESENTATIVE},
    "hauler": {"白浜運輸": OrganizationRole.EDITOR},
}


def build_world() -> World:
    """Write everything, in the present application context; commits."""
    now = clock.now()
    organizations = {
        name: create_organization(
            OrganizationData(name=name, category=category, prefecture="高知県"), SYSTEM, now
        )
        for name, category in (
            ("青空町", "municipality"), ("緑山工業", "company"), ("白浜運輸", "company"),
        )
    }  # fmt: skip
    people = {name: _person(name, now) for name in (*MEMBERSHIPS, "secretariat", "reviewer")}
    for name, roles in MEMBERSHIPS.items():
        for organization, role in roles.items():
            add_member(people[name], organizations[organization], role, SYSTEM, now)
    grant_global_role(people["secretariat"], GlobalRole.SECRETARIAT, now=now)
    grant_global_role(people["reviewer"], GlobalRole.REVIEWER, now=now)
    call = make_call(now)
    db.session.commit()
    return World(
        {name: each.id for name, each in people.items()},
        {name: each.id for name, each in organizations.items()},
        call.id,
    )


def _person(name: str, now: datetime) -> User:
    return create_user(f"{name}@example.com", name, PASSWORD, now)


def make_call(now: datetime, closes_in: timedelta = timedelta(days=7)) -> Call:
    """A published call, open since yesterday."""
    call = Call(
        id=new_id(), kind=CallKind.SUB_WG, title="サブWGの公募", categories=[],
        opens_at=now - timedelta(days=1), closes_at=now + closes_in, timetable=[],
        questions=QUESTIONS, state=CallState.PUBLISHED, created_at=now, updated_at=now,
        published_at=now - timedelta(days=1),
    )  # fmt: skip
    db.session.add(call)
    db.session.flush()
    return call


def browser(app: Flask, name: str) -> FlaskClient:
    """A browser in which that person is signed in."""
    client = app.test_client()
    answer = client.post("/sign-in", data={"email": f"{name}@example.com", "password": PASSWORD})
    assert answer.status_code == 302, answer.text
    return client
