"""A small world for the access table: people of every role, and one of each thing."""

from __future__ import annotations

import io
import sqlite3
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from PIL import Image

from matchmaker.accounts.invitations import invite
from matchmaker.accounts.models import User
from matchmaker.accounts.rate_limits import EXTENSION_KEY
from matchmaker.accounts.service import add_member, create_user, grant_global_role
from matchmaker.app import create_app
from matchmaker.cases.domain import CaseData, Confidence, NeedBasis
from matchmaker.cases.service import save_case
from matchmaker.core import clock
from matchmaker.core.actor import SYSTEM, Actor, GlobalRole, OrganizationRole
from matchmaker.core.db import db
from matchmaker.needs.types import NEED
from matchmaker.offerings.types import OFFERING
from matchmaker.organizations.domain import OrganizationData
from matchmaker.organizations.models import Organization
from matchmaker.organizations.service import create_organization
from matchmaker.posts import service as posts
from matchmaker.posts.attachments.service import Upload
from matchmaker.posts.attachments.service import add as attach
from matchmaker.posts.domain import Move
from matchmaker.posts.imports.service import check as check_import
from matchmaker.posts.types import PostType
from matchmaker.secretariat.service import add_material
from tests.architecture.access_parts import add_things
from tests.architecture.access_rules import (
    EDITOR,
    OPERATOR,
    READER,
    REPRESENTATIVE,
    REVIEWER,
    SECRETARIAT,
    STRANGER,
)
from tests.conftest import make_settings

PASSWORD = "midori-no-yama-42"
OWNERS = {
    READER: OrganizationRole.READER,
    EDITOR: OrganizationRole.EDITOR,
    REPRESENTATIVE: OrganizationRole.REPRESENTATIVE,
}
GLOBAL = {
    REVIEWER: GlobalRole.REVIEWER,
    SECRETARIAT: GlobalRole.SECRETARIAT,
    OPERATOR: GlobalRole.OPERATOR,
}
CONTENT: Mapping[str, dict[str, Any]] = {
    "need": {
        "title": "竹を使いたい",
        "problem": "放置された竹林の竹を使い切りたい。",
        "visibility": "public",
    },
    "offering": {
        "title": "竹を引き取ります",
        "kind": "technology",
        "description": "伐採した竹を炭にして、土づくりに使います。",
        "visibility": "public",
    },
}
IMPORTED = {
    "need": "件名,困っていること\n竹,竹が余っている。\n",
    "offering": "種類,件名,できること\n技術,竹炭,竹を炭にします。\n",
}
CASE = CaseData(
    key="case-1",
    title="竹を炭に",
    municipality="青空町",
    municipality_code="392014",
    prefecture="高知県",
    need="竹林の手入れ",
    business="緑山工業",
    offering="炭焼き窯",
    source_url="https://example.com/case",
    year=2024,
    confidence=Confidence.HIGH,
    need_basis=NeedBasis.STATED,
)


class World:
    """An application with its database, people signed in, and the ids of things.

    Args:
        folder: where the database and files live.
        migrated_database: a migrated, empty database.
    """

    def __init__(self, folder: Path, migrated_database: Path) -> None:
        self._live = folder / "meguriawase.db"
        self._kept = folder / "kept.db"
        _copy(migrated_database, self._live)
        self.app: Flask = create_app(make_settings(folder))
        self.app.config["WTF_CSRF_ENABLED"] = False
        self.ids: dict[str, Any] = {}
        with self.app.app_context():
            self._people()
            self._things()
            add_things(self)
            db.session.commit()
        self._cookies = {role: self._sign_in(role) for role in (*OWNERS, *GLOBAL, STRANGER)}
        self.keep()

    def client(self, role: str) -> FlaskClient:
        """A fresh browser in which somebody of ``role`` is signed in; nobody for other words."""
        client = self.app.test_client()
        if role in self._cookies:
            client.set_cookie("session", self._cookies[role])
        return client

    def address(self, endpoint: str, values: Mapping[str, Any]) -> str:
        """Path of ``endpoint``; values that are names of things stand for their ids.

        Args:
            values: parameters; those left out get the thing of the same name.
        """
        adapter = self.app.url_map.bind("localhost")
        names = {name for rule in self.app.url_map.iter_rules(endpoint) for name in rule.arguments}
        wanted = {name: values.get(name, name) for name in names}
        found = {name: self.ids.get(value, value) for name, value in wanted.items()}
        return str(adapter.build(endpoint, found))

    def close(self) -> None:
        """Let go of the database."""
        with self.app.app_context():
            db.session.remove()
            db.engine.dispose()

    def keep(self) -> None:
        """What is written now is what :meth:`restore` brings back."""
        _copy(self._live, self._kept)

    def restore(self) -> None:
        """Undo whatever requests have written, and forget how many there were."""
        with self.app.app_context():
            db.session.remove()
        self.app.extensions[EXTENSION_KEY].reset()
        _copy(self._kept, self._live)

    def _people(self) -> None:
        now = clock.now()
        owners = [
            _organization(*each) for each in (("青空町", "municipality"), ("緑山工業", "company"))
        ]
        stranger = _organization("白浜運輸", "company")
        self.ids.update(organization_id=owners[0].id)
        for name, role in OWNERS.items():
            user = self._person(name)
            for organization in owners:
                add_member(user, organization, role, SYSTEM, now)
        add_member(self._person(STRANGER), stranger, OrganizationRole.EDITOR, SYSTEM, now)
        for name, global_role in GLOBAL.items():
            grant_global_role(self._person(name), global_role, now=now)
        self.ids["user_id"] = self.ids[f"{READER}_id"]
        self._owners = owners

    def _person(self, name: str) -> User:
        user = create_user(f"{name}@example.com", name, PASSWORD, clock.now())
        self.ids[f"{name}_id"] = user.id
        return user

    def _things(self) -> None:
        now = clock.now()
        actor = Actor(
            user_id=self.ids[f"{REPRESENTATIVE}_id"],
            name="代表",
            roles={each.id: OrganizationRole.REPRESENTATIVE for each in self._owners},
        )
        for post_type, owner in zip((NEED, OFFERING), self._owners, strict=True):
            self._posts(post_type, owner, actor)
        add_material("bamboo", "竹", SYSTEM, now)
        invitation = invite("guest@example.com", actor, now, organization=self._owners[0],
                            role=OrganizationRole.READER)  # fmt: skip
        self.ids.update(invitation_id=invitation.id, case_id=save_case(CASE, SYSTEM, now).id)

    def _posts(self, post_type: PostType, owner: Organization, actor: Actor) -> None:
        now, kind = clock.now(), str(post_type.kind)
        made = {}
        for state in ("draft", "submitted", "published"):
            made[state] = posts.create(post_type, owner.id, CONTENT[kind], actor, now)
            self.ids[f"{state}_{kind}_id"] = made[state].id
        for state in ("submitted", "published"):
            posts.move(post_type, made[state], Move.SUBMIT, actor, now)
        posts.move(post_type, made["published"], Move.PUBLISH, SYSTEM, now)
        picture = Upload("竹.png", _picture())
        (attached,) = attach(post_type, made["published"], [picture], "", actor, now)
        table = IMPORTED[kind].encode("utf-8-sig")
        job = check_import(post_type, owner.id, "表.csv", table, actor, now)
        self.ids.update({"attachment_id": attached.id, f"{kind}_job_id": job.id})

    def _sign_in(self, role: str) -> str:
        client = self.app.test_client()
        answer = client.post(
            "/sign-in", data={"email": f"{role}@example.com", "password": PASSWORD}
        )
        cookie = client.get_cookie("session")
        assert answer.status_code == 302, answer.text
        assert cookie is not None
        return cookie.value


def _organization(name: str, category: str) -> Organization:
    data = OrganizationData(name=name, category=category, prefecture="高知県")
    return create_organization(data, SYSTEM, clock.now())


def _picture() -> bytes:
    target = io.BytesIO()
    Image.new("RGB", (8, 8), "green").save(target, "PNG")
    return target.getvalue()


def _copy(source: Path, target: Path) -> None:
    with sqlite3.connect(source) as read, sqlite3.connect(target) as written:
        read.backup(written)
    read.close()
    written.close()
