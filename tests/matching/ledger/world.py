"""A town's need, a firm's offering, and judges: staff, a second one, and a reviewer."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any

from matchmaker.accounts.service import create_user, grant_global_role
from matchmaker.core import clock
from matchmaker.core.actor import Actor, GlobalRole
from matchmaker.core.db import db
from matchmaker.matching.ledger import queries, service
from matchmaker.matching.ledger.domain import Fit, Opinion, Pair, Side
from matchmaker.needs.types import NEED
from matchmaker.offerings.types import OFFERING
from matchmaker.posts import queries as post_queries
from matchmaker.posts import service as post_service
from matchmaker.posts.domain import Move
from matchmaker.posts.types import PostType
from tests.matching.conftest import index_all
from tests.posts.file_world import NEED_VALUES, OFFERING_VALUES, PASSWORD, World

KOCHI = {"materials": ["bamboo_wood"], "prefecture": "高知県"}


@dataclass(frozen=True, slots=True)
class Bench:
    """What the tests of the ledger need.

    Args:
        pair: ids of the need of the town and the offering of the firm.
        second: another one of the secretariat.
        reviewer: an expert.
    """

    world: World
    pair: Pair
    second: Actor
    reviewer: Actor

    @property
    def address(self) -> str:
        """Address of the page of the pair."""
        return f"/evaluation-ledger/needs/{self.pair[0]}/offerings/{self.pair[1]}"

    def judge(self, actor: Actor, fit: Fit, reason: str = "", **changes: Any) -> Any:
        """Let somebody judge the pair as it stands; commits."""
        need, offering = load(self.pair)
        values: dict[str, Any] = opinion_values(actor, need, offering)
        given = Opinion(**{**values, "fit": fit, "reason": reason, **changes})
        judgement = service.judge(need, offering, given, actor, clock.now())
        db.session.commit()
        return judgement


def opinion_values(actor: Actor, need: Any, offering: Any) -> dict[str, Any]:
    """What the form would send along."""
    judging = queries.judging_for(actor, [(need, offering)])[need.id, offering.id]
    return {
        "side": Side.BOTH,
        "need_hash": judging.need_mark,
        "offering_hash": judging.offering_mark,
        "expected_revision": judging.revision,
    }


def load(pair: Pair) -> tuple[Any, Any]:
    """Both posts with tags and organisations."""
    return post_queries.get(NEED, pair[0]), post_queries.get(OFFERING, pair[1])


def publish(world: World, post_type: PostType, owner: uuid.UUID, **values: Any) -> uuid.UUID:
    """A published post of an organisation; commits."""
    base = NEED_VALUES if post_type is NEED else OFFERING_VALUES
    now = clock.now()
    post = post_service.create(post_type, owner, {**base, **values}, world.secretariat, now)
    post_service.move(post_type, post, Move.SUBMIT, world.secretariat, now)
    post_service.move(post_type, post, Move.PUBLISH, world.secretariat, now)
    db.session.commit()
    post_id: uuid.UUID = post.id
    return post_id


def make_bench(world: World) -> Bench:
    """Fill the world; commits."""
    with world.app.app_context():
        need = publish(world, NEED, world.organization_id, **KOCHI)
        offering = publish(
            world, OFFERING, world.other_id, input_materials=["bamboo_wood"],
            service_area=["高知県"], prefecture="高知県",
        )  # fmt: skip
        index_all()
        people = {
            name: _person(name, role)
            for name, role in (
                ("second", GlobalRole.SECRETARIAT), ("reviewer", GlobalRole.REVIEWER),
            )
        }  # fmt: skip
        db.session.commit()
    return Bench(world, (need, offering), **people)


def _person(name: str, role: GlobalRole) -> Actor:
    user = create_user(f"{name}@example.com", f"{name}さん", PASSWORD, clock.now())
    grant_global_role(user, role, now=clock.now())
    return Actor(user_id=user.id, name=user.name, global_roles=frozenset({role}))
