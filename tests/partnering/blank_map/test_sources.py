"""What the map reads, against the same posts put together one by one from whole objects."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import delete, func, select
from sqlalchemy.orm import joinedload, selectinload

from embeddings.facts import NeedFacts, OfferingFacts
from embeddings.reading.stated import ONE_OFF, state_need, state_offering
from matchmaker.core import clock
from matchmaker.core.db import db
from matchmaker.core.prefectures import PREFECTURES
from matchmaker.matching.engine import GEOGRAPHY, geography
from matchmaker.matching.facts import from_json
from matchmaker.matching.models import IndexEntry
from matchmaker.needs.models import Need, NeedTag
from matchmaker.offerings.models import Offering, OfferingTag
from matchmaker.partnering.blank_map import sources
from matchmaker.partnering.blank_map.domain import waste_of
from matchmaker.partnering.introductions.domain import IntroductionState
from matchmaker.partnering.introductions.models import Introduction
from matchmaker.posts.content import tag_values
from matchmaker.posts.domain import PostKind, PostState
from matchmaker.posts.vocabularies import material_names
from tests.seeding.seeded import counted_statements


def published(model: Any, *, sees_members: bool) -> list[Any]:
    """All posts that are open, whole."""
    query = select(model).options(selectinload(model.tags), joinedload(model.organization))
    return [
        post
        for post in db.session.scalars(query)
        if post.state is PostState.PUBLISHED and (sees_members or post.visibility == "public")
    ]


def read_facts(kind: PostKind, post: Any) -> Any:
    """What was read in a post's text, if it is indexed."""
    entry = db.session.get(IndexEntry, post.id)
    return None if entry is None else from_json(kind, entry.facts)


def codes_of(names: Any) -> frozenset[str]:
    """Codes of materials."""
    codes = {name: code for code, name in material_names().items()}
    return frozenset(codes[name] for name in names or () if name in codes)


def plain_need(post: Need) -> tuple[Any, ...]:
    """One need as ADR 0068 says: its fields, or its text where it names no material."""
    materials = frozenset(tag_values(post).get("materials", []))
    high, waste = post.quantity_high_tonnes_per_year, post.waste_class
    tonnes = None if high is None or post.quantity_period == "one_off" else float(high)
    facts = None if materials else read_facts(PostKind.NEED, post)
    if isinstance(facts, NeedFacts):
        stated = state_need(facts)
        materials = codes_of(stated.materials.value)
        waste = waste or stated.waste_class.value
        if tonnes is None and stated.once.value != ONE_OFF and stated.quantity.value:
            tonnes = stated.quantity.value[1]
    place = post.prefecture or post.organization.prefecture or ""
    return post.id, place, materials, tonnes, waste_of(waste)


def plain_taker(post: Offering) -> tuple[Any, ...]:
    """One offering, likewise."""
    tags = tag_values(post)
    materials = frozenset(tags.get("input_materials", []))
    area = set(tags.get("service_area", []))
    whole, free = post.capacity_tonnes_per_year, post.free_capacity_tonnes_per_year
    capacity = free if free is not None else whole
    tonnes = None if capacity is None else float(capacity)
    lowest = post.minimum_lot_tonnes_per_year
    lot = None if lowest is None else float(lowest)
    facts = None if materials else read_facts(PostKind.OFFERING, post)
    if isinstance(facts, OfferingFacts):
        stated, places = state_offering(facts), geography(GEOGRAPHY)
        materials = codes_of(stated.materials.value)
        named = stated.service_area.value or ()
        area = area or {name for name in PREFECTURES if named and places.covers(named, name)}
        tonnes = stated.capacity.value if tonnes is None else tonnes
        lot = stated.minimum_lot.value if lot is None else lot
    own = post.prefecture or post.organization.prefecture
    served = set(PREFECTURES) if "全国" in area else area or ({own} if own else set())
    tonnes = None if post.kind == "technology" else tonnes
    licences = frozenset(tags.get("licences", []))
    return post.id, materials, frozenset(served), tonnes, lot or 0.0, licences


def leave_some_to_their_texts() -> None:
    """Every third post loses its field for materials, one need is answered."""
    for model, tag, facet in (
        (Need, NeedTag, "materials"),
        (Offering, OfferingTag, "input_materials"),
    ):
        ids = db.session.scalars(select(model.id).order_by(model.id)).all()[::3]
        db.session.execute(delete(tag).where(tag.post_id.in_(ids), tag.facet == facet))


def answered_needs() -> set[Any]:
    """Needs with an accepted introduction."""
    accepted = Introduction.state == IntroductionState.ACCEPTED
    return set(db.session.scalars(select(Introduction.need_id).where(accepted)))


@pytest.mark.parametrize("sees_members", [True, False])
def test_posts_are_read_as_the_tables_and_their_texts_have_them(
    app: Flask, sees_members: bool
) -> None:
    """Needs and offerings of the demo, a third of them without materials of their own."""
    with app.app_context():
        leave_some_to_their_texts()
        needs = sources.unmet_needs(clock.now(), 0, sees_members=sees_members)
        answered = answered_needs()
        wanted = published(Need, sees_members=sees_members)
        plain = [plain_need(need) for need in wanted if need.id not in answered]
        assert answered
        found = {
            (sources.id_of(n), n.prefecture, frozenset(n.materials), n.tonnes, n.waste)
            for n in needs
        }
        assert found == set(plain)
        takers = sources.open_takers(sees_members=sees_members)
        offerings = map(plain_taker, published(Offering, sees_members=sees_members))
        assert {
            (sources.id_of(t), frozenset(t.materials), t.area, t.tonnes, t.lot, t.licences)
            for t in takers
        } == {each for each in offerings if each[1]}


def test_needs_come_oldest_first_and_by_age(app: Flask) -> None:
    """In the order in which they were published."""
    with app.app_context():
        now = clock.now()
        rows = db.session.execute(select(Need.id, Need.published_at)).tuples()
        moments = {id: moment for id, moment in rows if moment is not None}
        found = [moments[sources.id_of(n)] for n in sources.unmet_needs(now, 0, sees_members=True)]
        assert found == sorted(found)
        middle = found[len(found) // 2]
        days = 30
        older = sources.unmet_needs(middle + timedelta(days=days), days, sees_members=True)
        assert len(older) == sum(moment <= middle for moment in found)


def test_a_text_read_anew_counts_with_the_next_page(app: Flask) -> None:
    """What is kept of a text belongs to the number of its entry, which is not read twice."""
    with app.app_context():
        leave_some_to_their_texts()
        read_twice = [sources.unmet_needs(clock.now(), 0, sees_members=True) for _ in range(2)]
        assert read_twice[0] == read_twice[1]
        with counted_statements(app) as statements:
            sources.unmet_needs(clock.now(), 0, sees_members=True)
        assert not any("index_entries.facts" in each for each in statements)
        entry = next(e for need in read_twice[0] if (e := unfilled_entry(need)) is not None)
        newest = db.session.scalar(select(func.max(IndexEntry.seq))) or 0
        code, name = next((c, n) for c, n in material_names().items() if n not in str(entry.facts))
        entry.facts, entry.seq = {**entry.facts, "materials": [name]}, newest + 1
        db.session.flush()
        anew = sources.unmet_needs(clock.now(), 0, sees_members=True)
        assert next(n for n in anew if sources.id_of(n) == entry.post_id).materials == (code,)


def unfilled_entry(need: sources.UnmetNeed) -> IndexEntry | None:
    """The entry of a need that names no material itself; None for others."""
    own = select(NeedTag).where(
        NeedTag.post_id == sources.id_of(need), NeedTag.facet == "materials"
    )
    if db.session.scalar(own.limit(1)) is not None:
        return None
    return db.session.get(IndexEntry, sources.id_of(need))
