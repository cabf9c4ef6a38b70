"""Finds the posts of one side that are worth comparing, by words and by meaning."""

from __future__ import annotations

import itertools
from collections.abc import Collection, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from embeddings.facts import PostFacts
from embeddings.indexes.dense import EXACT_UP_TO, DenseRows
from embeddings.indexes.rows import Rows
from embeddings.indexes.saved import IndexMismatch, read_arrays, write_arrays
from embeddings.indexes.words import WordRows
from embeddings.means import Means
from embeddings.posts import IndexedPost
from embeddings.text import TEXT_VERSION

Vector = npt.NDArray[np.float32]

POOL: Final = 400
"""Up to so many posts all are compared; beyond, the best by words and by meaning are."""
_BY_WORDS: Final = 60
BY_MEANING: Final = 120
"""More than a hundred, so that the hundred nearest are among them although each number has only
eight bits."""
_FORMAT: Final = 3


class Candidates:
    """Numbers, words, vectors and means of one side; the posts themselves are elsewhere.

    Args:
        dimension: length of a vector; 0 without vectors.
        model_id: the encoder's name.
        exact_up_to: up to so many posts nothing is left to chance.

    Attributes:
        rows, means: the numbers of the posts and their mean vectors.

    Not safe to be called from several threads at once.
    """

    def __init__(
        self, dimension: int, model_id: str = "", *, exact_up_to: int = EXACT_UP_TO
    ) -> None:
        self.dimension, self._model_id = dimension, model_id
        self._exact_up_to = exact_up_to
        self.rows = Rows()
        self.means = Means(dimension)
        self._words = WordRows(exact_up_to=exact_up_to)
        self._vectors = DenseRows(dimension, exact_up_to=exact_up_to)

    @property
    def is_exact(self) -> bool:
        """Whether nothing can be missed."""
        return self._words.is_exact and self._vectors.is_exact

    def add(self, posts: Sequence[IndexedPost[PostFacts]], stamps: Mapping[str, int]) -> None:
        """Take in posts whose vectors were forgotten before; see :meth:`RankingIndex.upsert`."""
        rows = [self.rows.add(p.facts.id, stamps.get(p.facts.id, 0)) for p in posts]
        having = [(row, p.vectors.whole) for row, p in zip(rows, posts, strict=True) if p.vectors]
        if having:
            numbers = np.array([row for row, _ in having], dtype=np.int64)
            self._vectors.upsert(numbers, np.stack([vector for _, vector in having]))
        for row, post in zip(rows, posts, strict=True):
            self._words.upsert(row, post.words)
            self.means.add(post.vectors)

    def forget_vectors(
        self, ids: Collection[str], known: Iterable[IndexedPost[PostFacts]] | None
    ) -> None:
        """Take vectors out of search and means; ids keep their numbers and words.

        Args:
            ids: which.
            known: the posts as they were; None when they are no longer at hand.
        """
        before = len(self._vectors)
        self._vectors.remove(self.rows.numbers(ids))
        if known is None:
            self.means.take_out_unknown(before - len(self._vectors))
            return
        for post in known:
            self.means.take_out(post.vectors)

    def drop(self, ids: Collection[str]) -> None:
        """Forget numbers and words."""
        for id in ids:
            row = self.rows.drop(id)
            if row is not None:
                self._words.remove(row)

    def find(
        self, words: Sequence[str], vector: Vector | None, only: Collection[str] | None
    ) -> list[str]:
        """Return the ids worth comparing, in order of ids.

        Args:
            words: content words of the query.
            vector: its centred vector, if any.
            only: ids to choose from; all when None.
        """
        if len(self.rows) <= POOL:
            return sorted(id for id in self.rows if only is None or id in only)
        chosen = None if only is None else self.rows.mask(only)
        if chosen is not None and int(chosen.sum()) <= POOL:
            return sorted(self.rows.ids_at(np.flatnonzero(chosen).tolist()))
        pool = set(self._by_words(words, chosen))
        if vector is not None:
            pool.update(self.by_meaning(vector, BY_MEANING, chosen))
        if not pool:
            # No shared word and no vectors: the fields alone decide among the first.
            allowed = (id for id in self.rows if only is None or id in only)
            pool.update(itertools.islice(allowed, POOL))
        return sorted(pool)

    def by_meaning(
        self, vector: Vector, k: int, chosen: npt.NDArray[np.bool_] | None = None
    ) -> list[str]:
        """Return the ids nearest in meaning, best first as far as the index can tell."""
        return self.rows.ids_at(row for row, _ in self._vectors.search(vector, k, chosen))

    def save(self, path: Path, about: Mapping[str, Any]) -> None:
        """Write everything as a cache for :meth:`load`; see :meth:`RankingIndex.save`."""
        write_arrays(path, {**self._manifest(), **about, "posts": len(self.rows)}, self.arrays())

    def arrays(self) -> dict[str, npt.NDArray[Any]]:
        """Everything as named arrays, no longer tied to what is here."""
        parts = {
            "rows": self.rows.to_arrays(),
            "words": self._words.to_arrays(),
            "dense": self._vectors.to_arrays(),
            "means": self.means.to_arrays(),
        }
        return {f"{part}.{name}": a for part, named in parts.items() for name, a in named.items()}

    def load(self, path: Path, about: Mapping[str, Any]) -> Candidates:
        """Return what was saved, for the same model and dimension as these.

        Raises:
            IndexMismatch: see :meth:`RankingIndex.load`.
        """
        _, arrays = read_arrays(path, {**self._manifest(), **about})
        found = Candidates(self.dimension, self._model_id, exact_up_to=self._exact_up_to)
        try:
            found.rows = Rows.from_arrays(_part(arrays, "rows"))
            found._words.take(_part(arrays, "words"))
            found._vectors.take(_part(arrays, "dense"))
            found.means.take(_part(arrays, "means"))
        except (KeyError, ValueError, RuntimeError) as error:
            raise IndexMismatch("the parts of the saved index do not fit together") from error
        if len(found.rows) != len(found._words):
            raise IndexMismatch("the saved index has another number of posts")
        return found

    def _by_words(self, words: Sequence[str], chosen: npt.NDArray[np.bool_] | None) -> list[str]:
        found = self._words.search(words, _BY_WORDS, chosen)
        named = sorted((-score, self.rows.id_at(row) or "") for row, score in found)
        return [id for _, id in named[:_BY_WORDS]]

    def _manifest(self) -> dict[str, Any]:
        return {
            "format": _FORMAT,
            "model_id": self._model_id,
            "text_version": TEXT_VERSION,
            "dimension": self.dimension,
        }


def _part(arrays: Mapping[str, Any], part: str) -> dict[str, Any]:
    prefix = f"{part}."
    return {name.removeprefix(prefix): a for name, a in arrays.items() if name.startswith(prefix)}
