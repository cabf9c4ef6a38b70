"""A pair reader that needs no model, and a world with posts to read."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from flask import Flask
from sqlalchemy import func, select

from embeddings.pairwise.reader import LogOdds, TextPair
from embeddings.words import content_words
from matchmaker.core import clock
from matchmaker.core.db import db
from matchmaker.core.dialect import reading_only
from matchmaker.matching import jobs
from matchmaker.matching.readings.current import reader_of
from matchmaker.matching.readings.models import PairReading
from matchmaker.needs.types import NEED
from matchmaker.offerings.types import OFFERING
from tests.matching.conftest import index_all
from tests.posts.file_world import World, published


class SharedWords:
    """A real reader of the simplest kind: counts the words that two texts share.

    Args:
        model_id: its name.
        refuses: words that it cannot read.
        trace: where each pair that was read leaves a line, for readers in several processes.
    """

    def __init__(
        self, model_id: str = "shared-words", refuses: str = "", trace: Path | None = None
    ) -> None:
        self.model_id = model_id
        self.refuses = refuses
        self.read_pairs: list[TextPair] = []
        self._trace = trace

    def read(self, pairs: Sequence[TextPair]) -> LogOdds:
        """Read pairs.

        Raises:
            RuntimeError: one of them holds the words that this reader refuses.
        """
        if self.refuses and any(self.refuses in text for pair in pairs for text in pair):
            raise RuntimeError("this text cannot be read")
        self.read_pairs += pairs
        if self._trace is not None:
            with self._trace.open("a", encoding="utf-8") as file:
                file.writelines("pair\n" for _ in pairs)
        shared = [len({*content_words(a)} & {*content_words(b)}) for a, b in pairs]
        return np.array(shared, dtype=np.float32) - 1


def use(app: Flask, reader: SharedWords) -> SharedWords:
    """Let the application read with this reader."""
    reader_of(app).use(reader)
    return reader


def with_posts(world: World, needs: int, offerings: int) -> tuple[list[uuid.UUID], list[uuid.UUID]]:
    """Publish and index posts that differ in a word."""
    found = (
        [published(world, NEED, problem=f"竹が増えて困る場所{n}です。") for n in range(needs)],
        [
            published(world, OFFERING, description=f"竹を炭にする窯{n}です。")
            for n in range(offerings)
        ],
    )
    index_all()
    return found


def work() -> int:
    """Do what the worker would do until nothing is left."""
    done = 0
    while count := jobs.read_pairs(clock.now()):
        done += count
    return done


def stored() -> int:
    """How many readings there are."""
    with reading_only():
        number = db.session.scalar(select(func.count()).select_from(PairReading)) or 0
        db.session.rollback()
    return number
