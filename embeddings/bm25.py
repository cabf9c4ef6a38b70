"""BM25 over words, kept up to date post by post."""

from __future__ import annotations

import threading
from collections.abc import Collection, Sequence

import numpy as np
import numpy.typing as npt

from embeddings.indexes.rows import Rows
from embeddings.indexes.words import WordRows

Scores = npt.NDArray[np.float64]


class Bm25Index:
    """BM25 with incremental add, replace and remove, by id.

    Args:
        k1: how soon repeating a word stops helping. 0.9 and b = 0.4 suit short texts.
        b: how much long texts are held back, 0–1.

    Every method may be called from several threads.

    Example:
        >>> index = Bm25Index()
        >>> index.upsert("a", ["紙", "おむつ"])
        >>> index.search(["おむつ"], 1)[0][0]
        'a'
    """

    def __init__(self, *, k1: float = 0.9, b: float = 0.4) -> None:
        self._lock = threading.RLock()
        self._rows = Rows()
        self._words = WordRows(k1=k1, b=b)

    def __len__(self) -> int:
        return len(self._rows)

    def __contains__(self, id: str) -> bool:
        return id in self._rows

    def upsert(self, id: str, words: Sequence[str]) -> None:
        """Add a post or replace the one of the same id."""
        with self._lock:
            self._words.upsert(self._rows.add(id), words)

    def remove(self, id: str) -> None:
        """Remove a post; an unknown id is ignored."""
        with self._lock:
            row = self._rows.drop(id)
            if row is not None:
                self._words.remove(row)

    def search(
        self, words: Sequence[str], k: int, only: Collection[str] | None = None
    ) -> list[tuple[str, float]]:
        """Return the best posts that share a word, best first, ties by id.

        Args:
            words: the query.
            k: at most so many posts.
            only: ids to choose from; all when None.
        """
        with self._lock:
            chosen = None if only is None else self._rows.mask(only)
            found = self._words.search(words, k, chosen)
            named = [(self._rows.id_at(row) or "", score) for row, score in found]
        return sorted(named, key=lambda pair: (-pair[1], pair[0]))[:k]

    def scores(self, words: Sequence[str], ids: Sequence[str]) -> Scores:
        """Return the scores of given posts.

        Raises:
            KeyError: when an id is not in the index.
        """
        with self._lock:
            rows = [self._rows.row_of(id) for id in ids]
            if any(row is None for row in rows):
                raise KeyError("an id that is not in the index")
            return self._words.scores(words, [row for row in rows if row is not None])
