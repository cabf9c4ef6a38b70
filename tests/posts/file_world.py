"""People, an organisation and words for the tests of files, imports and exports."""

from __future__ import annotations

import io
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import Flask, g, has_app_context
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from matchmaker.accounts.service import add_member, create_user, grant_global_role
from matchmaker.core import clock
from matchmaker.core.actor import SYSTEM, Actor, GlobalRole, OrganizationRole
from matchmaker.core.db import db
from matchmaker.core.spreadsheets.record_columns import header_of
from matchmaker.needs.types import NEED
from matchmaker.offerings.types import OFFERING
from matchmaker.organizations.domain import OrganizationData
from matchmaker.organizations.models import Municipality
from matchmaker.organizations.service import create_organization
from matchmaker.posts import service as post_service
from matchmaker.posts.domain import Move
from matchmaker.posts.models import Material
from matchmaker.posts.types import PostType
from tests.accounts.pages import token_of
from tests.core.office_files import workbook
from tests.pages.page_checker import PageCheckingClient


class FreshClient(PageCheckingClient):
    """A browser whose requests do not see who was signed in during an earlier one.

    ``g`` outlives a request when a test holds an application context.
    """

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        """Forget what earlier requests left, then send."""
        if has_app_context():
            vars(g).clear()
        return super().open(*args, **kwargs)


PASSWORD = "midori-no-yama-42"
MATERIALS = (("bamboo_wood", "竹・木質"), ("paper", "古紙・雑がみ"), ("food_waste", "生ごみ"))


@dataclass(frozen=True, slots=True)
class World:
    """One organisation with an editor, another with a reader of the first, and the secretariat."""

    app: Flask
    organization_id: uuid.UUID
    other_id: uuid.UUID
    editor: Actor
    secretariat: Actor
    stranger: Actor

    def client(self, name: str) -> FlaskClient:
        """A browser in which ``editor``, ``stranger`` or ``secretariat`` is signed in."""
        client = self.app.test_client()
        answer = send(client, "/sign-in", email=f"{name}@example.com", password=PASSWORD)
        assert answer.status_code == 302, answer.text
        return client


def make_world(app: Flask) -> World:
    """Fill an empty database; commits."""
    app.test_client_class = FreshClient
    now = clock.now()
    with app.app_context():
        _reference()
        town, firm = _organization("青空町", "municipality"), _organization("緑山工業", "company")
        people: dict[str, Actor] = {}
        for name, organization in (("editor", town), ("stranger", firm)):
            user = create_user(f"{name}@example.com", f"{name}さん", PASSWORD, now)
            add_member(user, organization, OrganizationRole.EDITOR, SYSTEM, now)
            roles = {organization.id: OrganizationRole.EDITOR}
            people[name] = Actor(user_id=user.id, name=user.name, roles=roles)
        user = create_user("secretariat@example.com", "事務局", PASSWORD, now)
        grant_global_role(user, GlobalRole.SECRETARIAT, now=now)
        people["secretariat"] = Actor(
            user_id=user.id, name=user.name, global_roles=frozenset({GlobalRole.SECRETARIAT})
        )
        ids = town.id, firm.id
        db.session.commit()
    return World(app, *ids, people["editor"], people["secretariat"], people["stranger"])


def _reference() -> None:
    for position, (code, name) in enumerate(MATERIALS):
        db.session.add(Material(code=code, name=name, position=position, is_active=True))
    for code, prefecture, name in (
        ("011002", "北海道", "札幌市"),
        ("393860", "高知県", "いの町"),
    ):
        db.session.add(
            Municipality(
                code=code, prefecture=prefecture, name=name, kana="", latitude=43.0,
                longitude=141.0, population=1000, url="",
            )
        )  # fmt: skip
    db.session.flush()


def _organization(name: str, category: str) -> Any:
    data = OrganizationData(name=name, category=category, prefecture="高知県")
    return create_organization(data, SYSTEM, clock.now())


NEED_VALUES: dict[str, Any] = {
    "title": "放置竹林の竹を使いたい",
    "problem": "山ぎわの竹が増えて困っています。",
    "visibility": "public",
}
OFFERING_VALUES: dict[str, Any] = {
    "kind": "technology",
    "title": "竹を炭にします",
    "description": "切った竹を炭にして、畑に返します。",
    "visibility": "public",
}


def published(world: World, post_type: PostType = NEED, **values: Any) -> uuid.UUID:
    """A published post of the first organisation; commits."""
    base = NEED_VALUES if post_type is NEED else OFFERING_VALUES
    now = clock.now()
    post = post_service.create(
        post_type, world.organization_id, {**base, **values}, world.editor, now
    )
    post_service.move(post_type, post, Move.SUBMIT, world.editor, now)
    post_service.move(post_type, post, Move.PUBLISH, world.secretariat, now)
    post_id: uuid.UUID = post.id
    db.session.commit()
    return post_id


def need_rows(number: int, **cells: Any) -> list[list[Any]]:
    """Header and good rows of a table of needs."""
    names = ["title", "problem", "materials", "quantity_min", "quantity_unit", *cells]
    header = [header_of(NEED.table.by_name[name]) for name in names]
    rows = [
        [
            f"竹の使い道{n}",
            f"{n}番目の竹林で困っています。",
            "竹・木質",
            n,
            "t（トン）",
            *cells.values(),
        ]
        for n in range(1, number + 1)
    ]
    return [header, *rows]


def need_workbook(number: int, **cells: Any) -> bytes:
    """Good rows of needs as a workbook."""
    return workbook(need_rows(number, **cells))


def send(
    client: FlaskClient, path: str, *, from_page: str | None = None, **fields: Any
) -> TestResponse:
    """Open the page of a form (``from_page`` when it is another one) and send it."""
    page = client.get(from_page or path, follow_redirects=True)
    return client.post(path, data={"csrf_token": token_of(page), **fields})


def upload(
    client: FlaskClient, path: str, name: str, content: bytes, **fields: Any
) -> TestResponse:
    """Send one file as a browser does."""
    field = fields.pop("field", "file")
    data = {"csrf_token": token_of(client.get(path)), **fields, field: (io.BytesIO(content), name)}
    return client.post(path, data=data, content_type="multipart/form-data")


POST_TYPES: Sequence[PostType] = (NEED, OFFERING)
