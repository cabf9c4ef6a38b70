"""A small world with posts, and encoders for it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest
from flask import Flask

from embeddings.encoder import Vectors
from embeddings.model_files import models_folder
from embeddings.words import content_words
from matchmaker.app import create_app
from matchmaker.core import clock
from matchmaker.core.db import db
from matchmaker.matching import jobs
from tests.conftest import make_settings
from tests.posts.file_world import World, make_world

DIMENSION = 32


class WordEncoder:
    """A tiny real encoder: the direction of a text is that of its words. Counts its work."""

    model_id = "words-in-32-directions"
    dimension = DIMENSION

    def __init__(self, refuses: str = "") -> None:
        self.encoded: list[str] = []
        self.refuses = refuses

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        """Encode texts of the searching side."""
        return self.encode_documents(texts)

    def encode_documents(self, texts: Sequence[str]) -> Vectors:
        """Encode texts of the found side.

        Raises:
            RuntimeError: one of them holds the words that this encoder refuses.
        """
        if self.refuses and any(self.refuses in text for text in texts):
            raise RuntimeError("this text cannot be encoded")
        self.encoded += texts
        rows = np.zeros((len(texts), DIMENSION), dtype=np.float32)
        for row, text in zip(rows, texts, strict=True):
            row[0] = 0.1
            for word in content_words(text):
                row[sum(word.encode()) % DIMENSION] += 1
        unit: Vectors = rows / np.linalg.norm(rows, axis=1, keepdims=True)
        return unit


@pytest.fixture
def world(app: Flask) -> World:
    """Two organisations and the secretariat, ranking by words alone."""
    return make_world(app)


@pytest.fixture
def real_app(migrated_database: Path, tmp_path: Path) -> Iterator[Flask]:
    """An application with the real bundled model."""
    target = tmp_path / "meguriawase.db"
    target.write_bytes(migrated_database.read_bytes())
    settings = make_settings(tmp_path, embedding_model="bundled", model_dir=models_folder())
    app = create_app(settings)
    yield app
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


def index_all() -> None:
    """Do what the worker would do."""
    jobs.process_index_queue(clock.now())
