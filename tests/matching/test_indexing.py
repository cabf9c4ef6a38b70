"""The index follows the posts: at once, in every process, whatever dies in between."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Sequence
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from embeddings.encoder import Vectors
from matchmaker.core import clock
from matchmaker.core.actor import Actor
from matchmaker.core.db import db, new_id
from matchmaker.matching import indexing, jobs
from matchmaker.matching.engine import ENGINE_KEY, MatchingEngine, current_engine
from matchmaker.matching.following import OVERLAP
from matchmaker.matching.models import IndexEntry, IndexRequest, PostVector
from matchmaker.matching.service import recommendations_for
from matchmaker.needs.types import NEED
from matchmaker.offerings.types import OFFERING
from matchmaker.posts import queries, service
from matchmaker.posts.content import content_of
from matchmaker.posts.domain import Move, PostKind
from tests.matching.conftest import WordEncoder, index_all
from tests.posts.file_world import World, published


def listed(engine: MatchingEngine, kind: PostKind) -> set[str]:
    index = engine.index()
    side: Any = index.needs if kind is PostKind.NEED else index.offerings
    return side.ids()  # type: ignore[no-any-return]


def test_a_change_asks_for_its_entry_in_the_same_transaction(world: World) -> None:
    with world.app.app_context():
        post = service.create(
            NEED, world.organization_id, {"title": "竹", "problem": "竹"}, world.editor, clock.now()
        )
        assert db.session.scalar(select(IndexRequest.post_id)) == post.id
        db.session.rollback()
        assert db.session.scalar(select(func.count()).select_from(IndexRequest)) == 0


def test_a_published_post_is_listed_and_a_paused_or_closed_one_is_not(world: World) -> None:
    with world.app.app_context():
        post_id = published(world, OFFERING)
        index_all()
        assert listed(current_engine(), PostKind.OFFERING) == {str(post_id)}
        post = queries.get(OFFERING, post_id)
        for move, expected in ((Move.PAUSE, set()), (Move.RESUME, {str(post_id)})):
            service.move(OFFERING, post, move, world.editor, clock.now())
            db.session.commit()
            index_all()
            assert listed(current_engine(), PostKind.OFFERING) == expected
        closing = service.Closing("ended")
        service.move(OFFERING, post, Move.CLOSE, world.editor, clock.now(), closing=closing)
        db.session.commit()
        index_all()
        assert listed(current_engine(), PostKind.OFFERING) == set()


def test_another_process_sees_the_change_with_its_next_question(world: World) -> None:
    with world.app.app_context():
        other = MatchingEngine(world.app.extensions["matchmaker.settings"])
        assert listed(other, PostKind.NEED) == set()
        post_id = published(world)
        index_all()
        assert listed(other, PostKind.NEED) == {str(post_id)}
        service.delete(NEED, queries.get(NEED, post_id), world.editor, clock.now())
        db.session.commit()
        index_all()
        assert listed(other, PostKind.NEED) == set()


class OvertakenEncoder(WordEncoder):
    """While it encodes for the first time, another process saves the post and makes its entry."""

    def __init__(self, app: Flask, post_id: uuid.UUID, editor: Actor) -> None:
        super().__init__()
        self._app, self._post_id, self._editor = app, post_id, editor

    def encode_documents(self, texts: Sequence[str]) -> Vectors:
        """Encode texts, overtaken once."""
        if not self.encoded:
            other = threading.Thread(target=self._save_elsewhere)
            other.start()
            other.join()
        return super().encode_documents(texts)

    def _save_elsewhere(self) -> None:
        with self._app.app_context():
            post = queries.get(NEED, self._post_id)
            values = {**content_of(NEED, post), "problem": "杉の枝葉が余っています。"}
            service.save(NEED, post, values, self._editor, clock.now())
            db.session.commit()
            assert indexing.process(None, clock.now(), post_id=self._post_id) == 1
            db.session.remove()


def test_an_entry_of_an_older_state_never_replaces_that_of_a_newer_one(world: World) -> None:
    with world.app.app_context():
        post_id = published(world)
        encoder = OvertakenEncoder(world.app, post_id, world.editor)
        indexing.process(encoder, clock.now(), post_id=post_id)
        entry = db.session.get_one(IndexEntry, post_id)
        assert entry.facts["description"] == "杉の枝葉が余っています。"
        assert db.session.scalar(select(func.count()).select_from(IndexRequest)) == 0


def test_posts_that_wait_long_are_found_although_later_ones_came_first(world: World) -> None:
    with world.app.app_context():
        other = MatchingEngine(world.app.extensions["matchmaker.settings"])
        post_id = published(world)
        for _ in range(2 * OVERLAP):
            indexing.request_index(PostKind.OFFERING, new_id(), clock.now())
        later = published(world)
        indexing.process(None, clock.now(), post_id=later)
        assert listed(other, PostKind.NEED) == {str(later)}
        index_all()
        assert listed(other, PostKind.NEED) == {str(post_id), str(later)}


def use(app: Flask, encoder: WordEncoder) -> WordEncoder:
    """Give the application this encoder."""
    engine = MatchingEngine(app.extensions["matchmaker.settings"])
    engine._encoder, engine._encoder_tried = encoder, True
    app.extensions[ENGINE_KEY] = engine
    return encoder


def test_a_text_is_encoded_once_and_not_again_while_it_stays(world: World) -> None:
    encoder = use(world.app, WordEncoder())
    with world.app.app_context():
        post_id = published(world)
        index_all()
        before = len(encoder.encoded)
        assert before > 0
        post = queries.get(NEED, post_id)
        values = {**content_of(NEED, post), "department": "環境課"}
        service.save(NEED, post, values, world.editor, clock.now())
        published(world)  # the same text once more
        index_all()
        assert len(encoder.encoded) == before
        assert db.session.scalar(select(func.count()).select_from(PostVector)) == 1
        values["problem"] = "まったく別の困りごとです。"
        post = queries.get(NEED, post_id)
        service.save(NEED, post, values, world.editor, clock.now())
        db.session.commit()
        index_all()
        assert len(encoder.encoded) > before


def test_one_text_that_cannot_be_encoded_does_not_stop_the_others(world: World) -> None:
    use(world.app, WordEncoder(refuses="呪文"))
    with world.app.app_context():
        bad = published(world, title="呪文です")
        good = published(world, title="ふつうの題")
        for _ in range(indexing.MOST_ATTEMPTS + 1):
            index_all()
        assert listed(current_engine(), PostKind.NEED) == {str(good)}
        assert {r.post_id for r in indexing.failed_requests()} == {bad}


def test_vectors_that_are_missing_are_asked_for(world: World) -> None:
    with world.app.app_context():
        published(world)
        index_all()
        encoder = use(world.app, WordEncoder())
        assert jobs.request_what_is_missing(clock.now()) == 1
        assert jobs.request_what_is_missing(clock.now()) == 0, "already waiting"
        index_all()
        assert encoder.encoded
        assert jobs.request_what_is_missing(clock.now()) == 0


def test_entries_are_made_right_after_saving_when_the_encoder_is_warm(world: World) -> None:
    use(world.app, WordEncoder())
    client = world.client("secretariat")
    with world.app.app_context():
        post = service.create(
            NEED,
            world.organization_id,
            {"title": "竹の山", "problem": "竹が多い", "visibility": "public"},
            world.editor,
            clock.now(),
        )
        service.move(NEED, post, Move.SUBMIT, world.editor, clock.now())
        post_id: uuid.UUID = post.id
        db.session.commit()
    page = client.get(f"/needs/{post_id}")
    token = page.text.split('name="csrf_token" value="')[1].split('"')[0]
    answer = client.post(f"/needs/{post_id}/moves", data={"csrf_token": token, "move": "publish"})
    assert answer.status_code == 302
    with world.app.app_context():
        assert db.session.scalar(select(func.count()).select_from(IndexRequest)) == 0
        assert listed(current_engine(), PostKind.NEED) == {str(post_id)}


@pytest.mark.parametrize("kind", list(PostKind))
def test_rebuilding_asks_for_every_listed_post(world: World, kind: PostKind) -> None:
    with world.app.app_context():
        published(world, NEED if kind is PostKind.NEED else OFFERING)
        index_all()
        assert indexing.request_all(kind, clock.now()) == 1


def test_a_closed_post_leaves_recommendations_before_its_entry_is_made(world: World) -> None:
    with world.app.app_context():
        need_id, offering_id = published(world), published(world, OFFERING)
        index_all()
        need = queries.get(NEED, need_id)
        assert recommendations_for(current_engine(), NEED, need, world.editor)
        offering = queries.get(OFFERING, offering_id)
        closing = service.Closing("ended")
        service.move(OFFERING, offering, Move.CLOSE, world.editor, clock.now(), closing=closing)
        db.session.commit()
        need = queries.get(NEED, need_id)
        assert recommendations_for(current_engine(), NEED, need, world.editor) == []


def test_a_model_that_cannot_be_loaded_leaves_words(world: World) -> None:
    settings = world.app.extensions["matchmaker.settings"]
    broken = settings.model_copy(update={"embedding_model": "/no/such/model"})
    world.app.extensions[ENGINE_KEY] = MatchingEngine(broken)
    with world.app.app_context():
        need_id = published(world)
        published(world, OFFERING)
        index_all()
        assert current_engine().failure
    page = world.app.test_client().get(f"/needs/{need_id}").text
    assert "いまは言葉の一致だけで並べています" in page
    assert "竹を炭にします" in page
    ready = world.app.test_client().get("/readyz")
    assert ready.status_code == 200
    assert "words only" in ready.get_json()["checks"]["encoder"]
