"""Readings follow texts and reader, survive what fails, and never keep a page waiting."""

from __future__ import annotations

import uuid
from pathlib import Path

import pytest
from sqlalchemy import select, update

from matchmaker.core import clock
from matchmaker.core.db import db
from matchmaker.matching import jobs
from matchmaker.matching.indexing import request_index
from matchmaker.matching.models import IndexEntry
from matchmaker.matching.readings import service
from matchmaker.matching.readings import setup as readings_setup
from matchmaker.matching.readings.current import reader_of
from matchmaker.matching.readings.models import PairReading, PartnersRead
from matchmaker.matching.readings.queries import readings_for
from matchmaker.needs.types import NEED
from matchmaker.offerings.types import OFFERING
from matchmaker.posts import queries as posts
from matchmaker.posts import service as post_service
from matchmaker.posts.content import content_of
from matchmaker.posts.domain import Move, PostKind
from tests.conftest import make_settings
from tests.matching.conftest import index_all
from tests.matching.readings.world import SharedWords, stored, use, with_posts, work
from tests.posts.file_world import World, published


def test_each_pair_is_read_once_and_found_from_both_sides(world: World) -> None:
    with world.app.app_context():
        reader = use(world.app, SharedWords())
        needs, offerings = with_posts(world, 2, 3)
        assert work() == 5
        assert len(reader.read_pairs) == 6
        for need in needs:
            assert set(readings_for(PostKind.NEED, need)) == {str(id_) for id_ in offerings}
        from_need = readings_for(PostKind.NEED, needs[0])[str(offerings[0])]
        assert readings_for(PostKind.OFFERING, offerings[0])[str(needs[0])] == from_need


def test_having_no_reading_counts_for_nobody(world: World) -> None:
    with world.app.app_context():
        use(world.app, SharedWords())
        need = published(world)
        for text in (
            "瓦を砕いて道に敷きます。",
            "竹を炭にします。",
            "山ぎわの竹が増えたら竹を炭にします。",
        ):
            published(world, OFFERING, title=text, description=text)
        index_all()
        work()
        found = readings_for(PostKind.NEED, need).values()
        assert len(set(found)) == 3
        assert sum(found) == pytest.approx(0)


def test_texts_are_read_without_the_organisation(world: World) -> None:
    with world.app.app_context():
        reader = use(world.app, SharedWords())
        published(world, problem="青空町の竹が増えています。")
        published(world, OFFERING)
        index_all()
        work()
        assert reader.read_pairs
        assert not any("青空町" in text for pair in reader.read_pairs for text in pair)


def test_only_what_changed_is_read_again(world: World) -> None:
    with world.app.app_context():
        reader = use(world.app, SharedWords())
        needs, _offerings = with_posts(world, 2, 3)
        work()
        reader.read_pairs.clear()
        request_index(PostKind.NEED, needs[0], clock.now())
        db.session.commit()
        index_all()
        assert work() == 1
        assert reader.read_pairs == []
        change(world, needs[0], problem="古い瓦が余っています。")
        assert readings_for(PostKind.NEED, needs[0]) == {}, "readings of an earlier text count"
        work()
        assert len(reader.read_pairs) == 3
        assert len(readings_for(PostKind.NEED, needs[0])) == 3


def test_another_reader_reads_everything_anew(world: World) -> None:
    with world.app.app_context():
        use(world.app, SharedWords("first"))
        needs, _offerings = with_posts(world, 1, 3)
        work()
        second = use(world.app, SharedWords("second"))
        assert readings_for(PostKind.NEED, needs[0]) == {}
        work()
        assert len(second.read_pairs) == 3
        assert set(db.session.scalars(select(PairReading.model_id))) == {"second"}


def test_hidden_and_deleted_posts_leave_no_readings(world: World) -> None:
    with world.app.app_context():
        use(world.app, SharedWords())
        needs, offerings = with_posts(world, 2, 2)
        work()
        post = posts.get(OFFERING, offerings[0])
        post_service.move(OFFERING, post, Move.PAUSE, world.editor, clock.now())
        db.session.commit()
        index_all()
        work()
        assert stored() == 2
        db.session.execute(NEED.model.__table__.delete().where(NEED.model.id == needs[0]))
        db.session.commit()
        assert stored() == 1


def test_only_the_best_partners_are_read(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    with world.app.app_context():
        monkeypatch.setattr(service, "PARTNERS", 2)
        reader = use(world.app, SharedWords())
        need = published(world)
        for number in range(4):
            published(world, OFFERING, title=f"窯{number}")
        index_all()
        waiting = [w for w in service.waiting_posts("shared-words", 10) if w.post_id == need]
        engine = world.app.extensions["matchmaker.matching"]
        assert service.read_partners(reader, engine, waiting[0], clock.now()) == 2


def test_a_post_that_cannot_be_read_is_left_alone_after_some_attempts(world: World) -> None:
    with world.app.app_context():
        reader = use(world.app, SharedWords(refuses="読めない"))
        bad = published(world, problem="読めない竹です。")
        published(world, OFFERING)
        index_all()
        work()
        mark = db.session.get(PartnersRead, bad)
        assert mark is not None
        assert mark.attempts == service.MOST_ATTEMPTS
        assert jobs.read_pairs(clock.now()) == 0
        reader.refuses = ""
        change(world, bad, problem="読める竹です。")
        work()
        assert len(readings_for(PostKind.NEED, bad)) == 1


def test_without_a_reader_nothing_is_read(world: World) -> None:
    with world.app.app_context():
        needs, _offerings = with_posts(world, 1, 1)
        assert reader_of(world.app).model_id == ""
        assert work() == 0
        assert readings_for(PostKind.NEED, needs[0]) == {}


def test_a_reader_that_cannot_be_loaded_stops_nothing(world: World, tmp_path: Path) -> None:
    with world.app.app_context():
        needs, _offerings = with_posts(world, 1, 1)
        settings = make_settings(tmp_path, pair_reader="/nowhere/adapter.safetensors")
        readings_setup.init_app(world.app, settings)
        assert jobs.read_pairs(clock.now()) == 0
        assert reader_of(world.app).is_loaded
        assert readings_for(PostKind.NEED, needs[0]) == {}


def test_a_page_loads_no_reader(world: World, tmp_path: Path) -> None:
    with world.app.app_context():
        needs, _offerings = with_posts(world, 1, 1)
        readings_setup.init_app(world.app, make_settings(tmp_path, pair_reader="some/model"))
        assert readings_for(PostKind.NEED, needs[0]) == {}
        assert not reader_of(world.app).is_loaded


def test_an_idle_worker_asks_one_small_question(world: World) -> None:
    with world.app.app_context():
        use(world.app, SharedWords())
        with_posts(world, 1, 1)
        work()
        newest = reader_of(world.app).read_up_to
        assert newest == service.newest_entry()
        db.session.execute(update(IndexEntry).values(seq=IndexEntry.seq + 100))
        db.session.commit()
        assert jobs.read_pairs(clock.now()) == 2


def change(world: World, post_id: uuid.UUID, **values: str) -> None:
    """Save a need with other words and index it."""
    post = posts.get(NEED, post_id)
    content = {**content_of(NEED, post), **values}
    post_service.save(NEED, post, content, world.editor, clock.now())
    db.session.commit()
    index_all()
