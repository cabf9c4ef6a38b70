"""Nobody waits for the write lock while something is computed."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from embeddings.encoder import Vectors
from embeddings.store import TwoSidedIndex
from matchmaker.core import clock
from matchmaker.core.db import db
from matchmaker.matching import jobs
from matchmaker.matching.encoders import jobs as encoders
from matchmaker.matching.encoders.domain import MEASURE
from matchmaker.matching.engine import current_engine
from matchmaker.matching.exposure import jobs as exposure
from matchmaker.matching.ledger import jobs as ledger
from matchmaker.offerings.types import OFFERING
from tests.matching.conftest import WordEncoder, index_all
from tests.matching.test_engine import engine_with
from tests.posts.file_world import World, published


class Witness:
    """Tries from outside whether somebody else could write at this moment."""

    def __init__(self, app: Flask) -> None:
        self._path = Path(app.config["SQLALCHEMY_DATABASE_URI"].removeprefix("sqlite:///"))
        self.times = 0

    def look(self) -> None:
        """Begin to write and give it up again; fails at once while another holds the lock."""
        connection = sqlite3.connect(self._path, timeout=0, isolation_level=None)
        try:
            connection.execute("BEGIN IMMEDIATE")
            connection.execute("ROLLBACK")
        finally:
            connection.close()
        self.times += 1

    def before(self, function: Callable[..., Any]) -> Callable[..., Any]:
        """The function, looked at each time it begins."""

        def watched(*args: Any, **keywords: Any) -> Any:
            self.look()
            return function(*args, **keywords)

        return watched


class WatchedEncoder(WordEncoder):
    """Tells a witness whenever it encodes."""

    def __init__(self, witness: Witness) -> None:
        super().__init__()
        self._witness = witness

    def encode_documents(self, texts: Sequence[str]) -> Vectors:
        """Encode texts, which takes a real model seconds."""
        self._witness.look()
        return super().encode_documents(texts)


@pytest.fixture
def witness(world: World) -> Witness:
    """A witness, and an engine whose encoder it watches, that asks what serves each time."""
    witness = Witness(world.app)
    engine = engine_with(world.app, WatchedEncoder(witness))
    engine._looked_at = float("-inf")
    return witness


def look_again() -> None:
    """More than a second has passed since the engine asked what serves."""
    current_engine()._looked_at = float("-inf")
    db.session.rollback()


def test_while_posts_are_encoded(world: World, witness: Witness) -> None:
    with world.app.app_context():
        published(world)
        published(world, OFFERING)
        look_again()
        assert jobs.process_index_queue(clock.now()) == 2
        assert witness.times


def test_while_prices_are_computed(
    world: World, witness: Witness, monkeypatch: pytest.MonkeyPatch
) -> None:
    with world.app.app_context():
        published(world)
        published(world, OFFERING)
        index_all()
        look_again()
        before = witness.times
        monkeypatch.setattr(
            TwoSidedIndex, "offerings_for", witness.before(TwoSidedIndex.offerings_for)
        )
        assert exposure.refresh_prices(clock.now()) == 1
        assert witness.times > before


def test_while_pairs_to_judge_are_sought(
    world: World, witness: Witness, monkeypatch: pytest.MonkeyPatch
) -> None:
    with world.app.app_context():
        published(world)
        published(world, OFFERING)
        index_all()
        look_again()
        before = witness.times
        monkeypatch.setattr(
            TwoSidedIndex, "offerings_for", witness.before(TwoSidedIndex.offerings_for)
        )
        assert ledger.find_pairs_to_judge(clock.now()) == 1
        assert witness.times > before


def test_while_two_encoders_are_compared(
    world: World, witness: Witness, monkeypatch: pytest.MonkeyPatch
) -> None:
    with world.app.app_context():
        look_again()
        monkeypatch.setattr(encoders, "run_ranking_bench", witness.before(_nothing_measured))
        encoders.compare(current_engine().encoder, WordEncoder())
        assert witness.times == 2 * len(encoders.FROZEN_SETS)


def _nothing_measured(*_args: Any, **_keywords: Any) -> dict[str, Any]:
    return {"systems": {"product": {MEASURE: 0.5}}, "needs": 1}


def test_asking_for_the_encoder_keeps_a_transaction_that_is_under_way(world: World) -> None:
    with world.app.app_context():
        engine = engine_with(world.app, WordEncoder())
        engine._looked_at = float("-inf")
        published(world, title="まだ確定していない")
        session = db.session()
        session.connection()
        assert session.in_transaction()
        assert engine.encoder is not None
        engine.rules()
        assert session.in_transaction()
        session.rollback()
        engine._looked_at = float("-inf")
        assert engine.encoder is not None
        assert not session.in_transaction()
