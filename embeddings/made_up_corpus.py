"""A made-up corpus of any size, and a file that holds its posts as a database would."""

from __future__ import annotations

import json
import random
import sqlite3
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from embeddings.facts import WHOLE_COUNTRY, NeedFacts, OfferingFacts, PartnerScope
from embeddings.posts import IndexedPost, Post, PostVectors
from embeddings.text import Passage

DIMENSION: Final = 384
_VOCABULARY: Final = 20_000
_WORDS: Final = (40, 120)
_PASSAGES: Final = (3, 8)
_TOPICS: Final = 34
_TOPIC_WORDS: Final = 60
_NATIONWIDE: Final = 0.5
_WITH_MATERIALS: Final = 0.75
_METHODS: Final = [f"方法{i}" for i in range(8)]
_PREFECTURES: Final = [f"地域{i}" for i in range(47)]
_KINDS: Final = ("technology", "recycling_capacity", "sharing_service")
_CHUNK: Final = 5_000


class MadeUpCorpus:
    """Draws posts; each has a topic that shows in its words, its vectors and its materials.

    The shares of filled fields are those of the judged sets.
    """

    def __init__(self, seed: int = 7) -> None:
        self._random = random.Random(seed)  # noqa: S311 - a corpus to measure with, no secret
        self._numbers = np.random.default_rng(seed)
        ranks = np.arange(1, _VOCABULARY + 1)
        self._weights = np.cumsum(1 / ranks) / np.sum(1 / ranks)
        self._common = (self._numbers.normal(size=DIMENSION) * 2.5).astype(np.float32)
        self._topics = self._numbers.normal(size=(_TOPICS, DIMENSION)).astype(np.float32)
        self._names = [f"語{i}" for i in range(_VOCABULARY)]
        self._own_names = [
            [f"語{topic}-{i}" for i in range(_TOPIC_WORDS)] for topic in range(_TOPICS)
        ]

    def need(self, number: int) -> IndexedPost[NeedFacts]:
        """Draw a need."""
        topic = self._random.randrange(_TOPICS)
        quantity = self._sometimes(0.7, 10 ** self._random.uniform(0, 4))
        facts = NeedFacts(
            id=f"need-{number}",
            quantity_low=quantity,
            quantity_high=quantity,
            partner_scope=self._random.choices(list(PartnerScope), weights=(15, 5, 80))[0],
            **self._fields(topic),
        )
        return self._ready(facts, topic)

    def offering(self, number: int) -> IndexedPost[OfferingFacts]:
        """Draw an offering."""
        topic = self._random.randrange(_TOPICS)
        own = tuple(self._random.sample(_PREFECTURES, self._random.randint(2, 9)))
        facts = OfferingFacts(
            id=f"offering-{number}",
            kind=self._random.choice(_KINDS),
            capacity=self._sometimes(0.4, 10 ** self._random.uniform(1, 5)),
            minimum_lot=self._sometimes(0.12, 10 ** self._random.uniform(-1, 3)),
            service_area=(WHOLE_COUNTRY,) if self._random.random() < _NATIONWIDE else own,
            **self._fields(topic),
        )
        return self._ready(facts, topic)

    def _sometimes(self, share: float, value: float) -> float | None:
        return value if self._random.random() < share else None

    def _fields(self, topic: int) -> dict[str, Any]:
        has_materials = self._random.random() < _WITH_MATERIALS
        return {
            "prefecture": self._random.choice(_PREFECTURES),
            "latitude": self._random.uniform(31, 45),
            "longitude": self._random.uniform(130, 145),
            "materials": (f"品目{topic}",) if has_materials else (),
            "circulation_methods": (self._random.choice(_METHODS),),
        }

    def _ready(self, facts: Post, topic: int) -> IndexedPost[Post]:
        length = self._random.randint(*_WORDS)
        drawn = np.searchsorted(self._weights, self._numbers.random(length)).tolist()
        own = self._numbers.integers(0, _TOPIC_WORDS, size=length // 4).tolist()
        names, own_names = self._names, self._own_names[topic]
        words = (*(names[i] for i in drawn), *(own_names[i] for i in own))
        count = self._random.randint(*_PASSAGES)
        rows = self._numbers.standard_normal(size=(count + 1, DIMENSION), dtype=np.float32)
        rows += self._common + self._topics[topic]
        rows /= np.linalg.norm(rows, axis=1, keepdims=True)
        vectors = PostVectors(whole=rows[0].copy(), passages=rows[1:].astype(np.float16))
        return IndexedPost(facts, words, made_up_passages(count), vectors)


def made_up_passages(count: int) -> tuple[Passage, ...]:
    """Passages without much of a text."""
    return tuple(Passage("description", i, i + 1, "文") for i in range(count))


class OfferingFile:
    """Offerings in an SQLite file, fetched by id in one query; a source for a large side.

    Args:
        path: the file, made anew.
    """

    def __init__(self, path: Path) -> None:
        self._database = sqlite3.connect(path, isolation_level=None)
        self._database.execute("PRAGMA journal_mode=OFF")
        self._database.execute("PRAGMA synchronous=OFF")
        self._database.execute(
            "CREATE TABLE posts (number INTEGER PRIMARY KEY, id TEXT UNIQUE, facts TEXT, "
            "words TEXT, vectors BLOB)"
        )

    def close(self) -> None:
        """Close the file."""
        self._database.close()

    def put(self, posts: Sequence[IndexedPost[OfferingFacts]]) -> None:
        """Store posts."""
        rows = [
            (post.facts.id, _facts_json(post.facts), " ".join(post.words), post.vectors.to_bytes())
            for post in posts
            if post.vectors is not None
        ]
        self._database.execute("BEGIN")
        self._database.executemany(
            "INSERT INTO posts (id, facts, words, vectors) VALUES (?, ?, ?, ?)", rows
        )
        self._database.execute("COMMIT")

    def get_many(self, ids: Sequence[str]) -> dict[str, IndexedPost[OfferingFacts]]:
        """Return the posts of some ids."""
        marks = ",".join("?" * len(ids))
        rows = self._database.execute(
            f"SELECT id, facts, words, vectors FROM posts WHERE id IN ({marks})",  # noqa: S608
            list(ids),
        )
        return {row[0]: _post(*row) for row in rows}

    def wholes(self) -> Iterator[tuple[list[str], npt.NDArray[np.float32]]]:
        """Yield ids and vectors of whole texts of all posts, some thousand at a time."""
        rows = self._database.execute(
            "SELECT id, substr(vectors, 1, ?) FROM posts", (4 * DIMENSION,)
        )
        while chunk := rows.fetchmany(_CHUNK):
            packed = b"".join(vector for _, vector in chunk)
            yield [id for id, _ in chunk], np.frombuffer(packed, "<f4").reshape(-1, DIMENSION)


def _facts_json(facts: OfferingFacts) -> str:
    values = {name: getattr(facts, name) for name in _FIELDS}
    return json.dumps({name: value for name, value in values.items() if value not in (None, ())})


_FIELDS: Final = (
    "kind", "capacity", "minimum_lot", "service_area", "prefecture", "latitude", "longitude",
    "materials", "circulation_methods",
)  # fmt: skip


def _post(id: str, facts: str, words: str, packed: bytes) -> IndexedPost[OfferingFacts]:
    values: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value
        for name, value in json.loads(facts).items()
    }
    vectors = PostVectors.from_bytes(packed, DIMENSION)
    passages = made_up_passages(len(vectors.passages))
    return IndexedPost(OfferingFacts(id=id, **values), tuple(words.split()), passages, vectors)
