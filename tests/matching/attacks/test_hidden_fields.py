"""Two worlds that differ in what a reader may not see look alike to that reader, byte for byte."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator
from dataclasses import fields
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import insert, update

from embeddings.facts import NeedFacts, OfferingFacts
from matchmaker.core import clock
from matchmaker.core.actor import VISITOR
from matchmaker.core.db import db, new_id
from matchmaker.matching.engine import current_engine
from matchmaker.matching.facts import FIELD_OF_FACT, NEED_TEXTS, OFFERING_TEXTS, told_to_everybody
from matchmaker.matching.indexing import request_index
from matchmaker.matching.models import RecommendationFeedback
from matchmaker.matching.service import recommendations_for
from matchmaker.needs.models import Need
from matchmaker.needs.types import NEED
from matchmaker.offerings.models import Offering
from matchmaker.offerings.types import OFFERING
from matchmaker.posts import queries
from matchmaker.posts.domain import PostKind, PostState
from tests.matching.conftest import index_all
from tests.matching.test_recommendations import NEED_VALUES, OFFERING_VALUES
from tests.posts.file_world import World, published

CHANGING = re.compile(r'(name="csrf[-_]token"[^>]*(?:value|content)=|nonce=)"[^"]*"')
SEARCHES = ("竹を年120トンまで引き取ります。最低50トンから。", "竹を年900トン片づけたい")
AMOUNTS = {
    "quantity_min": Decimal(900), "quantity_low_tonnes_per_year": Decimal(900),
    "quantity_high_tonnes_per_year": Decimal(950),
}  # fmt: skip
ONCE = {"quantity_period": "one_off"}
FREE = {"free_capacity_tonnes_per_year": Decimal(3)}
PARTIES = {"contact": "0123-45-6789", "present_cost_yen_per_year": 7_654_321}
Ids = dict[str, uuid.UUID]


@pytest.fixture
def ids(world: World) -> Iterator[Ids]:
    """A need of 120 t with an offering from 300 t on, one for any amount, and drafts of both."""
    with world.app.app_context():
        made = {
            "need": published(world, NEED, **NEED_VALUES),
            "offering": published(world, OFFERING, **OFFERING_VALUES, **{
                "free_capacity_tonnes_per_year": Decimal(400)}),
            "small": published(world, OFFERING, **{
                **OFFERING_VALUES, "title": "竹の小さな炭窯", "description": "竹を少しから炭に。",
                "capacity_tonnes_per_year": Decimal(100),
                "minimum_lot_tonnes_per_year": Decimal(1)}),
        }  # fmt: skip
        index_all()
    yield made


def pages_of(world: World, ids: Ids, reader: str) -> dict[str, str]:
    """Everything that shows the pair to a reader, without what changes with each request."""
    client = world.client(reader) if reader else world.app.test_client()
    paths = [
        f"/{kind}s/{id_}{tail}" for kind, id_ in _posts(ids) for tail in ("", "/recommendations")
    ]
    paths += [f"/search?q={text}" for text in SEARCHES] + ["/needs", "/offerings", "/reliability"]
    return {path: CHANGING.sub("", client.get(path).text) for path in paths}


def _posts(ids: Ids) -> list[tuple[str, uuid.UUID]]:
    return [("need", ids["need"]), ("offering", ids["offering"]), ("offering", ids["small"])]


def change(world: World, model: Any, id_: uuid.UUID, values: dict[str, Any]) -> None:
    """Change columns of a post without any trace in its other columns, and index it anew."""
    with world.app.app_context():
        db.session.execute(update(model).where(model.id == id_).values(**values))
        kind = PostKind.NEED if model is Need else PostKind.OFFERING
        request_index(kind, id_, clock.now())
        db.session.commit()
        index_all()


@pytest.mark.parametrize(
    ("model", "name", "values"),
    [(Need, "need", AMOUNTS), (Need, "need", ONCE), (Offering, "offering", FREE),
     (Need, "need", PARTIES), (Offering, "small", {"price_note": "1トン9,876円"})],
)  # fmt: skip
def test_visitors_see_no_trace_of_fields_for_members(
    world: World, ids: Ids, model: Any, name: str, values: dict[str, Any]
) -> None:
    before = pages_of(world, ids, "")
    if set(values) & {"contact", "price_note"}:
        # That something is said there is shown; what, is not.
        change(world, model, ids[name], {key: _other(value) for key, value in values.items()})
        before = pages_of(world, ids, "")
    change(world, model, ids[name], values)
    assert pages_of(world, ids, "") == before


def _other(value: Any) -> Any:
    return 1 if isinstance(value, int) else "0"


def test_a_change_that_visitors_may_see_is_seen(world: World, ids: Ids) -> None:
    """The comparison would notice."""
    before = pages_of(world, ids, "")
    change(world, Offering, ids["small"], {"minimum_lot_tonnes_per_year": Decimal(7000)})
    assert pages_of(world, ids, "") != before


def test_other_members_see_no_trace_of_fields_for_the_parties(world: World, ids: Ids) -> None:
    first = {key: _other(value) for key, value in PARTIES.items()}
    change(world, Need, ids["need"], first)
    before = pages_of(world, ids, "stranger")
    change(world, Need, ids["need"], PARTIES)
    assert pages_of(world, ids, "stranger") == before


def test_nobody_sees_a_trace_of_foreign_drafts(world: World, ids: Ids) -> None:
    readers = ("", "stranger")
    before = [pages_of(world, ids, reader) for reader in readers]
    with world.app.app_context():
        draft = published(world, NEED, **{**NEED_VALUES, "title": "まだ秘密の竹"})
    change(world, Need, draft, {"state": PostState.DRAFT, "visibility": "members"})
    after = [pages_of(world, ids, reader) for reader in readers]
    assert after == before
    client = world.client("stranger")
    for path in ("", "/recommendations"):
        assert client.get(f"/needs/{draft}{path}").status_code == 404


def test_nobody_else_sees_what_was_said_of_a_pair(world: World, ids: Ids) -> None:
    readers = ("", "stranger")
    before = [pages_of(world, ids, reader) for reader in readers]
    with world.app.app_context():
        db.session.execute(
            insert(RecommendationFeedback).values(
                id=new_id(), need_id=ids["need"], offering_id=ids["small"],
                user_id=world.editor.user_id, organization_id=world.organization_id,
                seen_from="need", verdict="wrong", reason="cost", note="高すぎる", at=clock.now(),
            )
        )  # fmt: skip
        db.session.commit()
    assert [pages_of(world, ids, reader) for reader in readers] == before


def test_the_parts_of_the_score_do_not_know_what_visitors_may_not(world: World, ids: Ids) -> None:
    def seen() -> list[tuple[str, Any, Any]]:
        with world.app.app_context():
            need = queries.get(NEED, ids["need"])
            found = recommendations_for(current_engine(), NEED, need, VISITOR)
            return [(r.post.title, r.explanation, r.outlook) for r in found]

    before = seen()
    change(world, Need, ids["need"], {**AMOUNTS, **ONCE})
    assert seen() == before


def test_every_fact_that_is_not_for_everybody_is_taken_out() -> None:
    """A field that becomes one for members, or a new fact, is noticed here."""
    for kind, post_type, facts, texts in (
        (PostKind.NEED, NEED, NeedFacts, NEED_TEXTS),
        (PostKind.OFFERING, OFFERING, OfferingFacts, OFFERING_TEXTS),
    ):
        table = post_type.table.by_name
        assert [name for name in texts if table[name].stage != "public"] == []
        amounts: dict[str, Any] = dict.fromkeys(FIELD_OF_FACT[kind], 1.0)
        told = told_to_everybody(kind)(facts(id="x", **amounts))
        for field in fields(facts):
            source = FIELD_OF_FACT[kind].get(field.name, field.name)
            if source in table and table[source].stage != "public":
                assert getattr(told, field.name) == field.default, field.name
