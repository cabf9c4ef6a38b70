"""BM25 over words, kept up to date post by post."""

from __future__ import annotations

import math
import threading
from array import array
from collections import Counter
from collections.abc import Collection, Sequence
from typing import Final, Protocol

import numpy as np
import numpy.typing as npt

Scores = npt.NDArray[np.float64]

# Rows of removed posts are cleared out once they are a quarter of all rows.
_WASTE: Final = 0.25


class WordIndex(Protocol):
    """A lexical index; a database's full-text search may take its place."""

    def upsert(self, id: str, words: Sequence[str]) -> None:
        """Add a post or replace it."""

    def remove(self, id: str) -> None:
        """Remove a post; an unknown id is ignored."""

    def search(
        self, words: Sequence[str], k: int, only: Collection[str] | None = None
    ) -> list[tuple[str, float]]:
        """Return the best ``k`` posts that share a word, best first, ties by id."""

    def scores(self, words: Sequence[str], ids: Sequence[str]) -> Scores:
        """Return the scores of the posts ``ids`` (0 where nothing is shared)."""


class Bm25Index:
    """BM25 with incremental add, replace and remove.

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
        self._k1, self._b = k1, b
        self._lock = threading.RLock()
        self._clear()

    def __len__(self) -> int:
        return len(self._row_of)

    def __contains__(self, id: str) -> bool:
        return id in self._row_of

    def upsert(self, id: str, words: Sequence[str]) -> None:
        """Add a post or replace the one of the same id."""
        with self._lock:
            self.remove(id)
            self._forget()
            self._append(id, Counter(words))

    def remove(self, id: str) -> None:
        """Remove a post; an unknown id is ignored."""
        with self._lock:
            row = self._row_of.pop(id, None)
            if row is None:
                return
            self._forget()
            for word in self._words_at[row]:
                self._document_frequency[word] -= 1
            self._total_length -= self._lengths[row]
            self._ids[row], self._words_at[row] = None, {}
            self._removed.append(row)
            if len(self._removed) > max(64, _WASTE * len(self._ids)):
                self._compact()

    def search(
        self, words: Sequence[str], k: int, only: Collection[str] | None = None
    ) -> list[tuple[str, float]]:
        """Return the best posts that share a word with the query.

        Args:
            words: words of the query; repeated ones count more.
            k: at most so many posts.
            only: ids to choose from; all when None.

        Returns:
            Pairs of id and score above 0, best first, ties by id.
        """
        with self._lock:
            scores = self._all_scores(words)
            if only is not None:
                scores = self._masked(scores, only)
            found = np.flatnonzero(scores > 0)
            if len(found) > k:
                # Ties at the edge stay in, so that the id decides and not the row.
                edge = np.partition(scores[found], -k)[-k]
                found = found[scores[found] >= edge]
            pairs = [(str(self._ids[row]), float(scores[row])) for row in found]
        return sorted(pairs, key=lambda pair: (-pair[1], pair[0]))[:k]

    def scores(self, words: Sequence[str], ids: Sequence[str]) -> Scores:
        """Return the scores of given posts.

        Raises:
            KeyError: when an id is not in the index.
        """
        with self._lock:
            rows = np.array([self._row_of[id] for id in ids], dtype=np.intp)
            return self._all_scores(words)[rows]

    def _forget(self) -> None:
        self._last: tuple[tuple[str, ...], Scores] | None = None

    def _clear(self) -> None:
        self._forget()
        self._ids: list[str | None] = []
        self._row_of: dict[str, int] = {}
        self._removed = array("i")
        self._words_at: list[dict[str, int]] = []
        self._lengths = array("d")
        self._total_length = 0.0
        self._document_frequency: Counter[str] = Counter()
        self._rows: dict[str, array[int]] = {}
        self._counts: dict[str, array[int]] = {}

    def _append(self, id: str, counts: Counter[str]) -> None:
        row = len(self._ids)
        self._ids.append(id)
        self._row_of[id] = row
        self._words_at.append(dict(counts))
        self._lengths.append(float(counts.total()))
        self._total_length += counts.total()
        for word, count in counts.items():
            self._document_frequency[word] += 1
            self._rows.setdefault(word, array("i")).append(row)
            self._counts.setdefault(word, array("i")).append(count)

    def _compact(self) -> None:
        kept = [
            (id, Counter(self._words_at[row])) for row, id in enumerate(self._ids) if id is not None
        ]
        self._clear()
        for id, counts in kept:
            self._append(id, counts)

    def _idf(self, word: str) -> float:
        n, df = len(self._row_of), self._document_frequency.get(word, 0)
        return math.log(1 + (n - df + 0.5) / (df + 0.5))

    def _all_scores(self, words: Sequence[str]) -> Scores:
        # A ranking asks twice for one query: for candidates, then for their scores.
        key = tuple(words)
        last = self._last
        if last is None or last[0] != key:
            last = self._last = (key, self._computed(key))
        return last[1]

    def _computed(self, words: Sequence[str]) -> Scores:
        scores = np.zeros(len(self._ids))
        if not self._row_of:
            return scores
        lengths = np.array(self._lengths)
        average = self._total_length / len(self._row_of) or 1.0
        norm = self._k1 * (1 - self._b + self._b * lengths / average)
        for word, times in sorted(Counter(words).items()):
            if word not in self._rows:
                continue
            rows = np.array(self._rows[word])
            counts = np.array(self._counts[word], dtype=np.float64)
            gain = times * self._idf(word) * (self._k1 + 1)
            scores[rows] += gain * counts / (counts + norm[rows])
        # Postings of removed rows stay until the next compaction.
        scores[np.array(self._removed, dtype=np.intp)] = 0.0
        return scores

    def _masked(self, scores: Scores, only: Collection[str]) -> Scores:
        kept = [self._row_of[id] for id in only if id in self._row_of]
        masked = np.zeros_like(scores)
        masked[kept] = scores[kept]
        return masked
