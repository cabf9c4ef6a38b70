"""What was understood of a text goes into the post's entry and comes back unchanged."""

from __future__ import annotations

import json
from typing import Any

import pytest
from sqlalchemy import select

from embeddings.facts import NeedFacts, OfferingFacts, ReadingKind
from embeddings.reading.grouped import Readings, readings_of
from embeddings.reading.reader import with_readings
from embeddings.reading.thesaurus import Thesaurus
from matchmaker.core import clock
from matchmaker.core.db import db
from matchmaker.matching import indexing, jobs
from matchmaker.matching.facts import from_json, to_json
from matchmaker.matching.models import IndexEntry, IndexRequest
from matchmaker.matching.terms.queries import shipped_thesaurus
from matchmaker.offerings.types import OFFERING
from matchmaker.posts.domain import PostKind
from tests.matching.conftest import index_all
from tests.posts.file_world import World, published

OFFERED = "使用済み紙おむつを回収します。九州のみ対応。最低500トンから受け入れます。"


@pytest.mark.parametrize(
    ("kind", "facts"),
    [
        (PostKind.OFFERING, OfferingFacts(id="o", description=OFFERED)),
        (PostKind.NEED, NeedFacts(id="n", description="剪定枝が年10～20t出ます。")),
        (PostKind.NEED, NeedFacts(id="n", description="相談したい。")),
    ],
)
def test_readings_survive_json(kind: PostKind, facts: Any) -> None:
    read = with_readings(facts, shipped_thesaurus())
    again = from_json(kind, json.loads(json.dumps(to_json(read))))
    assert again == read
    assert isinstance(again.readings, Readings)
    assert from_json(kind, to_json(facts)).readings is None


def test_an_entry_holds_what_was_read_in_the_text(world: World) -> None:
    with world.app.app_context():
        published(world, OFFERING, description=OFFERED)
        index_all()
        entry = db.session.scalars(select(IndexEntry)).one()
        facts = from_json(PostKind.OFFERING, entry.facts)
        lots = readings_of(facts, ReadingKind.MINIMUM_LOT)
        assert [(lot.value, lot.phrase) for lot in lots] == [(500.0, "最低500トンから")]
        assert facts.description[lots[0].start : lots[0].end] == lots[0].phrase
        assert entry.text_version == indexing.entry_version(shipped_thesaurus())


def test_entries_read_with_another_vocabulary_are_asked_for_again(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    with world.app.app_context():
        post_id = published(world, OFFERING, description=OFFERED)
        index_all()
        assert jobs.request_what_is_missing(clock.now()) == 0
        other = Thesaurus(shipped_thesaurus().concepts[1:])
        monkeypatch.setattr(indexing, "current_thesaurus", lambda: other)
        assert jobs.request_what_is_missing(clock.now()) == 1
        assert db.session.scalar(select(IndexRequest.post_id)) == post_id
        assert jobs.request_what_is_missing(clock.now()) == 0
        index_all()
        assert jobs.request_what_is_missing(clock.now()) == 0
