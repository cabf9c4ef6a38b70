"""Three towns around a plant, each with too little for its minimum lot, and one town outside."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from flask import Flask, g, has_app_context
from sqlalchemy import select
from werkzeug.test import TestResponse

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
from matchmaker.organizations.models import Municipality
from matchmaker.organizations.service import create_organization
from matchmaker.partnering.coalitions import queries, rates, service
from matchmaker.partnering.coalitions.gathering import Wish
from matchmaker.partnering.coalitions.models import Coalition
from matchmaker.posts import queries as post_queries
from matchmaker.posts import service as posts
from matchmaker.posts.domain import Move
from matchmaker.posts.types import PostType
from matchmaker.secretariat.service import add_material
from tests.pages.page_checker import PageCheckingClient

PASSWORD = "midori-no-yama-42"
TOWNS = {"東町": (35.02, 137.05, 120), "西町": (34.98, 136.9, 110), "南町": (34.9, 137.0, 130)}
"""Latitude, longitude, tonnes a year."""
PLANT = "再生工業"
PLACE = (35.0, 137.0)
CODE_OUTSIDE = "232301"
OUTSIDE = Municipality(
    code=CODE_OUTSIDE, prefecture="愛知県", name="北村", kana="きたむら", latitude=35.1,
    longitude=137.0, population=20_000, url="",
)  # fmt: skip
PEOPLE = {"east": "東町", "west": "西町", "south": "南町", "maker": PLANT, "stranger": "遠市"}


class OnePerson(PageCheckingClient):
    """A browser of its own also within an application context, which remembers who came before."""

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        """Ask for a page as nobody but the person of this browser."""
        if has_app_context():
            vars(g._get_current_object()).clear()
        return super().open(*args, **kwargs)


@dataclass
class World:
    """The application with people, organisations and posts by name."""

    app: Flask
    users: dict[str, uuid.UUID]
    organizations: dict[str, uuid.UUID]
    posts: dict[str, uuid.UUID]
    now: datetime

    def actor(self, name: str) -> Actor:
        """The person as an actor."""
        if name == "secretariat":
            return Actor(self.users[name], name, {}, frozenset({GlobalRole.SECRETARIAT}))
        role = {self.organizations[PEOPLE[name]]: OrganizationRole.EDITOR}
        return Actor(self.users[name], name, role)

    def wish(self, need: str | None = "東町", **changes: Any) -> Wish:
        """A search from the need of a town, or from the offering."""
        values: dict[str, Any] = {
            "offering": post_queries.get(OFFERING, self.posts[PLANT]),
            "material_code": "bamboo",
            "need": post_queries.get(NEED, self.posts[need]) if need else None,
            "max_km": 100,
            "max_members": 8,
            "with_estimates": False,
        }
        return Wish(**{**values, **changes})

    def keys(self, *towns: str) -> list[str]:
        """Keys of these towns' needs."""
        return [f"need:{self.posts[town]}" for town in towns]

    def form(self, name: str = "east", key: str = "1", **changes: Any) -> Coalition:
        """Ask all three towns and the business; commits."""
        choice = service.Choice(self.keys(*TOWNS), "いっしょに相談しませんか。", key)
        made = service.form(self.wish(**changes), choice, self.actor(name), self.now).id
        db.session.commit()
        return queries.get(made)

    def mails(self, prefix: str = "coalition") -> list[tuple[str, str]]:
        """Kind of each mail and its address, in order."""
        query = (
            select(OutboxMessage.dedupe_key, OutboxMessage.address)
            .where(OutboxMessage.dedupe_key.startswith(prefix))
            .order_by(OutboxMessage.dedupe_key)
        )
        return sorted((row[0].partition(":")[0], row[1]) for row in db.session.execute(query))

    def visitor(self) -> OnePerson:
        """A browser in which nobody is signed in."""
        return OnePerson(self.app, self.app.response_class, use_cookies=True)

    def browser(self, name: str) -> OnePerson:
        """A browser in which that person is signed in."""
        client = self.visitor()
        sent = {"email": f"{name}@example.com", "password": PASSWORD}
        assert client.post("/sign-in", data=sent).status_code == 302
        return client


def build_world(app: Flask) -> World:
    """Write everything and bring the index into step; in an application context."""
    app.config["WTF_CSRF_ENABLED"] = False
    now = clock.now()
    add_material("bamboo", "竹", SYSTEM, now)
    db.session.add(
        Municipality(**{c.key: getattr(OUTSIDE, c.key) for c in Municipality.__table__.columns})
    )
    organizations = {name: _organization(name, now) for name in (*TOWNS, PLANT, "遠市")}
    people = {name: _person(name, now) for name in (*PEOPLE, "secretariat")}
    for name, organization in PEOPLE.items():
        role = OrganizationRole.EDITOR
        add_member(people[name], organizations[organization], role, SYSTEM, now)
    grant_global_role(people["secretariat"], GlobalRole.SECRETARIAT, now=now)
    made = {name: _need(organizations[name].id, TOWNS[name][2], now) for name in TOWNS}
    made[PLANT] = _offering(organizations[PLANT].id, now)
    db.session.commit()
    process_index_queue(now)
    rates.keep_rate("bamboo", Decimal(5), "竹の調査（令和5年度）", SYSTEM, now)
    db.session.commit()
    ids = {name: each.id for name, each in organizations.items()}
    return World(app, {name: each.id for name, each in people.items()}, ids, made, now)


def _organization(name: str, now: datetime) -> Any:
    latitude, longitude = TOWNS[name][:2] if name in TOWNS else PLACE
    data = OrganizationData(
        name=name, category="company" if name == PLANT else "municipality", prefecture="愛知県",
        latitude=latitude, longitude=longitude,
    )  # fmt: skip
    return create_organization(data, SYSTEM, now)


def _person(name: str, now: datetime) -> User:
    return create_user(f"{name}@example.com", name, PASSWORD, now)


def _need(organization_id: uuid.UUID, tonnes: int, now: datetime) -> uuid.UUID:
    values = {
        "title": "放置された竹を使い切りたい",
        "problem": "放置された竹林の竹を使い切りたい。",
        "materials": ["bamboo"],
        "quantity_min": Decimal(tonnes),
        "quantity_unit": "t",
        "quantity_period": "yearly",
        "prefecture": "愛知県",
        "visibility": "public",
    }
    return _published(NEED, organization_id, values, now)


def _offering(organization_id: uuid.UUID, now: datetime) -> uuid.UUID:
    values = {
        "title": "竹をまとめて引き取り、板にします",
        "kind": "recycling_capacity",
        "description": "竹を引き取って板にします。",
        "input_materials": ["bamboo"],
        "minimum_lot_tonnes_per_year": Decimal(300),
        "free_capacity_tonnes_per_year": Decimal(500),
        "capacity_tonnes_per_year": Decimal(900),
        "prefecture": "愛知県",
        "visibility": "public",
    }
    return _published(OFFERING, organization_id, values, now)


def _published(
    post_type: PostType, organization_id: uuid.UUID, values: dict[str, Any], now: datetime
) -> uuid.UUID:
    post = posts.create(post_type, organization_id, values, SYSTEM, now)
    posts.move(post_type, post, Move.SUBMIT, SYSTEM, now)
    posts.move(post_type, post, Move.PUBLISH, SYSTEM, now)
    return uuid.UUID(str(post.id))
