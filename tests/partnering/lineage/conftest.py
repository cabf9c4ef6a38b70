"""A town, a company and the secretariat, each with a published post, for tests of the lineage."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pytest
from flask import Flask

from matchmaker.core import clock
from matchmaker.core.actor import Actor, OrganizationRole
from matchmaker.core.db import db
from matchmaker.needs.types import NEED
from matchmaker.offerings.types import OFFERING
from matchmaker.partnering.introductions import queries as introductions
from matchmaker.partnering.introductions import service
from matchmaker.partnering.introductions.domain import (
    Answer,
    Interest,
    IntroductionMove,
    ReasonCode,
    Side,
)
from matchmaker.partnering.introductions.models import Introduction
from matchmaker.posts import service as posts
from matchmaker.posts.domain import Move
from matchmaker.posts.types import PostType
from tests.posts.file_world import NEED_VALUES, OFFERING_VALUES, World, make_world


@dataclass(frozen=True, slots=True)
class Site:
    """The world with a need of the town and an offering of the company."""

    world: World
    need_id: uuid.UUID
    offering_id: uuid.UUID

    @property
    def town(self) -> Actor:
        """Who writes for the town."""
        return self.world.editor

    @property
    def firm(self) -> Actor:
        """Who writes for the company."""
        return Actor(
            user_id=self.world.stranger.user_id,
            name="企業の人",
            roles={self.world.other_id: OrganizationRole.EDITOR},
        )

    def send(self, now: datetime | None = None, **changes: Any) -> Introduction:
        """Interest of the town in the offering."""
        values: dict[str, Any] = {
            "need_id": self.need_id, "offering_id": self.offering_id,
            "note": "話を聞かせてください。", "from_side": Side.TOWN,
        }  # fmt: skip
        return service.send(Interest(**{**values, **changes}), self.town, now or clock.now())

    def move(
        self,
        introduction: Introduction,
        move: IntroductionMove,
        actor: Actor | None = None,
        **said: Any,
    ) -> Introduction:
        """One move, by the company unless somebody else is named; declining has a reason."""
        if move is IntroductionMove.DECLINE:
            said.setdefault("reason_code", ReasonCode.DISTANCE)
        if move in (IntroductionMove.ASK_BACK, IntroductionMove.REPLY):
            said.setdefault("words", "量はどれくらいですか。")
        fresh = introductions.get(introduction.id)
        return service.move(fresh, move, Answer(**said), actor or self.firm, clock.now())


def publish(world: World, post_type: PostType, owner: uuid.UUID, **values: Any) -> uuid.UUID:
    """A published post of an organisation."""
    base = NEED_VALUES if post_type is NEED else OFFERING_VALUES
    now = clock.now()
    post = posts.create(post_type, owner, {**base, **values}, world.secretariat, now)
    posts.move(post_type, post, Move.SUBMIT, world.secretariat, now)
    posts.move(post_type, post, Move.PUBLISH, world.secretariat, now)
    found: uuid.UUID = post.id
    return found


@pytest.fixture
def site(app: Flask) -> Iterator[Site]:
    """The site, in an application context."""
    world = make_world(app)
    with app.app_context():
        need = publish(world, NEED, world.organization_id, prefecture="高知県")
        offering = publish(world, OFFERING, world.other_id)
        db.session.commit()
        yield Site(world, need, offering)
