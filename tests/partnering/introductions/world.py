"""A town with a need, two companies with offerings, and a secretariat."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from matchmaker.accounts.models import User
from matchmaker.accounts.service import add_member, create_user, grant_global_role
from matchmaker.core import clock
from matchmaker.core.actor import SYSTEM, Actor, GlobalRole, OrganizationRole
from matchmaker.core.db import db
from matchmaker.matching.jobs import process_index_queue
from matchmaker.needs.types import NEED
from matchmaker.notifications.models import OutboxMessage
from matchmaker.offerings.types import OFFERING
from matchmaker.organizations.domain import OrganizationData
from matchmaker.organizations.service import create_organization
from matchmaker.partnering.introductions import queries, service
from matchmaker.partnering.introductions.domain import (
    Answer,
    Interest,
    IntroductionMove,
    ReasonCode,
    Side,
)
from matchmaker.partnering.introductions.models import Introduction
from matchmaker.posts import queries as post_queries
from matchmaker.posts import service as posts
from matchmaker.posts.domain import Move
from matchmaker.posts.types import PostType
from matchmaker.secretariat.service import add_material

PASSWORD = "midori-no-yama-42"
NOTE = "竹の引き取りについて、お話ししたいです。"
MEMBERSHIPS: dict[str, tuple[str, OrganizationRole]] = {
    "officer": ("青空町", OrganizationRole.EDITOR),
    "chief": ("青空町", OrganizationRole.REPRESENTATIVE),
    "reader": ("青空町", OrganizationRole.READER),
    "maker": ("緑山工業", OrganizationRole.EDITOR),
    "hauler": ("白浜運輸", OrganizationRole.REPRESENTATIVE),
}
NEED_TEXT = {
    "title": "放置された竹を使い切りたい",
    "problem": "放置された竹林の竹を使い切りたい。年に200トンほど出る。",
    "materials": ["bamboo"],
    "circulation_methods": ["local_resource_recycling"],
    "visibility": "public",
}
OFFERING_TEXT = {
    "title": "竹を引き取って炭にします",
    "kind": "technology",
    "description": "放置された竹林の竹を引き取り、炭にします。",
    "input_materials": ["bamboo"],
    "circulation_methods": ["local_resource_recycling"],
    "visibility": "public",
}
REASON = {
    IntroductionMove.ACCEPT: Answer(words="ぜひお願いします。"),
    IntroductionMove.DECLINE: Answer(ReasonCode.QUANTITY, "量が足りません。"),
    IntroductionMove.ASK_BACK: Answer(words="月に何トンまで引き取れますか。"),
    IntroductionMove.REPLY: Answer(words="月に20トンまでです。"),
    IntroductionMove.WITHDRAW: Answer(reason="予定が変わりました。"),
    IntroductionMove.EXPIRE: Answer(ReasonCode.NO_ANSWER),
    IntroductionMove.REOPEN: Answer(),
    IntroductionMove.UNDO: Answer(reason="まちがえて押したため"),
}
"""What belongs to each move."""


@dataclass
class World:
    """The application with people and organisations by name; posts by their owner."""

    app: Flask
    users: dict[str, uuid.UUID]
    organizations: dict[str, uuid.UUID]
    posts: dict[str, uuid.UUID]
    now: datetime

    def actor(self, name: str) -> Actor:
        """The person as an actor."""
        if name == "secretariat":
            return Actor(self.users[name], name, {}, frozenset({GlobalRole.SECRETARIAT}))
        organization, role = MEMBERSHIPS[name]
        return Actor(self.users[name], name, {self.organizations[organization]: role})

    def interest(self, **changes: Any) -> Interest:
        """The interest of the maker in the town's need."""
        told = Interest(self.posts["青空町"], self.posts["緑山工業"], NOTE, "月20トンまで")
        return replace(told, **changes)

    def send(self, name: str = "maker", now: datetime | None = None, **changes: Any) -> uuid.UUID:
        """Send it in the present application context; commits."""
        made = service.send(self.interest(**changes), self.actor(name), now or self.now)
        db.session.commit()
        return made.id

    def move(
        self,
        introduction_id: uuid.UUID,
        move: IntroductionMove,
        name: str = "officer",
        now: datetime | None = None,
        **changes: Any,
    ) -> Introduction:
        """Make a move with what belongs to it; commits."""
        told = replace(REASON[move], **changes)
        actor = SYSTEM if move is IntroductionMove.EXPIRE else self.actor(name)
        introduction = queries.get(introduction_id)
        service.move(introduction, move, told, actor, now or self.now)
        db.session.commit()
        return queries.get(introduction_id)

    def post(self, owner: str) -> Any:
        """Need or offering of an organisation."""
        post_type = NEED if owner == "青空町" else OFFERING
        return post_queries.get(post_type, self.posts[owner])

    def move_post(self, owner: str, move: Move, now: datetime | None = None) -> None:
        """Close or pause a post; commits."""
        post_type = NEED if owner == "青空町" else OFFERING
        reason = "別の方法で解決しました。" if move is Move.CLOSE else ""
        closing = posts.Closing("solved_elsewhere") if move is Move.CLOSE else None
        posts.move(
            post_type, self.post(owner), move, SYSTEM, now or self.now,
            reason=reason, closing=closing,
        )  # fmt: skip
        db.session.commit()

    def mails(self, prefix: str = "introduction") -> list[tuple[str, str]]:
        """Key and address of the mails whose key begins so, in order."""
        query = (
            select(OutboxMessage.dedupe_key, OutboxMessage.address)
            .where(OutboxMessage.dedupe_key.startswith(prefix))
            .order_by(OutboxMessage.dedupe_key)
        )
        return [(row[0], row[1]) for row in db.session.execute(query)]

    def browser(self, name: str) -> FlaskClient:
        """A browser in which that person is signed in."""
        client = self.app.test_client()
        sent = {"email": f"{name}@example.com", "password": PASSWORD}
        assert client.post("/sign-in", data=sent).status_code == 302
        return client


def day_fields(name: str, day: date) -> dict[str, str]:
    """A day as the three inputs of a form."""
    parts = {"year": day.year, "month": day.month, "day": day.day}
    return {f"{name}-{part}": str(value) for part, value in parts.items()}


def build_world(app: Flask, now: datetime | None = None) -> World:
    """Write everything and bring the index into step; in an application context."""
    app.config["WTF_CSRF_ENABLED"] = False
    now = now or clock.now()
    add_material("bamboo", "竹", SYSTEM, now)
    organizations = {
        name: create_organization(
            OrganizationData(name=name, category=category, prefecture="高知県"), SYSTEM, now
        )
        for name, category in (
            ("青空町", "municipality"), ("緑山工業", "company"), ("白浜運輸", "company"),
        )
    }  # fmt: skip
    people = {name: _person(name, now) for name in (*MEMBERSHIPS, "secretariat", "stranger")}
    for name, (organization, role) in MEMBERSHIPS.items():
        add_member(people[name], organizations[organization], role, SYSTEM, now)
    grant_global_role(people["secretariat"], GlobalRole.SECRETARIAT, now=now)
    made = {
        name: _published(
            NEED if name == "青空町" else OFFERING, each.id,
            NEED_TEXT if name == "青空町" else OFFERING_TEXT, now,
        )
        for name, each in organizations.items()
    }  # fmt: skip
    db.session.commit()
    process_index_queue(now)
    db.session.commit()
    ids = {name: each.id for name, each in organizations.items()}
    return World(app, {name: each.id for name, each in people.items()}, ids, made, now)


def _person(name: str, now: datetime) -> User:
    return create_user(f"{name}@example.com", name, PASSWORD, now)


def _published(
    post_type: PostType, organization_id: uuid.UUID, text: dict[str, Any], now: datetime
) -> uuid.UUID:
    post = posts.create(post_type, organization_id, text, SYSTEM, now)
    posts.move(post_type, post, Move.SUBMIT, SYSTEM, now)
    posts.move(post_type, post, Move.PUBLISH, SYSTEM, now)
    return uuid.UUID(str(post.id))


def side_of(name: str) -> Side:
    """The side of a person of this world."""
    return Side.TOWN if name in ("officer", "chief", "reader") else Side.BUSINESS
