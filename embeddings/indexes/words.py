"""BM25 over numbered posts, in flat arrays: some five bytes for each word of each post."""

from __future__ import annotations

import math
from array import array
from collections import Counter
from collections.abc import Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt

Scores = npt.NDArray[np.float64]
Arrays = dict[str, npt.NDArray[Any]]

EXACT_UP_TO: Final = 30_000
"""Up to so many posts the words of each are remembered, so that a removal is exact at once."""
MOST_POSTINGS: Final = 120_000
"""At most so many entries of lists are read for one search of more than :data:`EXACT_UP_TO` posts,
those of the rarest words first: words that tell least are passed over."""
_WASTE: Final = 0.25
_MOST_COUNT: Final = 255


class WordRows:
    """BM25 with incremental add, replace and remove, by the numbers of posts.

    Each word has a list of slots and counts. A post that changes gets a new slot; the old one is
    empty from then on, and lists are cleared of empty slots once those are a quarter. Beyond the
    exact size, of a word whose list alone is longer than a search may read, only the number of
    posts is kept.

    Args:
        k1: how soon repeating a word stops helping. 0.9 and b = 0.4 suit short texts.
        b: how much long texts are held back, 0–1.
        exact_up_to: see :data:`EXACT_UP_TO`. Beyond, a removed post still counts in how common its
            words are until the next clearing.
        most_postings: see :data:`MOST_POSTINGS`.

    Not safe to be called from several threads at once.
    """

    def __init__(
        self,
        *,
        k1: float = 0.9,
        b: float = 0.4,
        exact_up_to: int = EXACT_UP_TO,
        most_postings: int = MOST_POSTINGS,
    ) -> None:
        self._k1, self._b = k1, b
        self._exact_up_to, self._most_postings = exact_up_to, most_postings
        self._slots: dict[str, array[int]] = {}
        self._counts: dict[str, array[int]] = {}
        self._common: dict[str, int] = {}
        self._row_at = array("i")
        self._slot_of = array("i")
        self._lengths = array("f")
        self._gone: Counter[str] = Counter()
        self._words_at: dict[int, tuple[str, ...]] | None = {}
        self._posts = 0
        self._total_length = 0.0
        self._last: tuple[tuple[str, ...], Scores] | None = None

    def __len__(self) -> int:
        return self._posts

    @property
    def is_exact(self) -> bool:
        """Whether the words of every post are still remembered."""
        return self._words_at is not None

    def upsert(self, row: int, words: Sequence[str]) -> None:
        """Add the post of a number, or replace it."""
        self.remove(row)
        self._last = None
        counts = Counter(words)
        slot = len(self._row_at)
        self._row_at.append(row)
        self._place(row, slot)
        length = float(len(words))
        self._lengths.append(length)
        self._total_length += length
        self._posts += 1
        for word, count in counts.items():
            self._list(word, slot, count)
        self._remember(slot, tuple(counts))

    def remove(self, row: int) -> None:
        """Remove the post of a number; an unknown one is ignored."""
        slot = self._slot(row)
        if slot < 0:
            return
        self._last = None
        self._place(row, -1)
        self._row_at[slot] = -1
        self._total_length -= self._lengths[slot]
        self._posts -= 1
        if self._words_at is not None:
            self._gone.update(self._words_at.pop(slot, ()))
        if len(self._row_at) - self._posts > max(64, _WASTE * len(self._row_at)):
            self._clear_out()

    def search(
        self, words: Sequence[str], k: int, chosen: npt.NDArray[np.bool_] | None = None
    ) -> list[tuple[int, float]]:
        """Return numbers and scores of the best posts that share a word.

        Args:
            words: the query.
            k: so many are wanted; those that tie with the last of them are returned too.
            chosen: which numbers to choose from; all when None.
        """
        scores = self._by_slot(tuple(words))
        rows = np.frombuffer(self._row_at, dtype=np.int32)
        if chosen is not None and len(rows):
            # Removed slots have the number -1 and a score of 0 whatever is chosen.
            scores = np.where(chosen[rows], scores, 0)
        found = np.flatnonzero(scores > 0)
        if len(found) > k > 0:
            edge = np.partition(scores[found], -k)[-k]
            found = found[scores[found] >= edge]
        return list(zip(rows[found].tolist(), scores[found].tolist(), strict=True))

    def scores(self, words: Sequence[str], rows: Sequence[int]) -> Scores:
        """Return the scores of posts by their numbers; exact unless lists were passed over.

        Raises:
            KeyError: a number is not in the index.
        """
        slots = np.array([self._slot(row) for row in rows], dtype=np.intp)
        if len(slots) and slots.min() < 0:
            raise KeyError("a number that is not in the index")
        return self._by_slot(tuple(words))[slots].astype(np.float64)

    def to_arrays(self) -> Arrays:
        """All of the index as arrays, for a file."""
        names = list(self._slots)
        return {
            "words": np.frombuffer("\n".join(names).encode(), dtype=np.uint8),
            "word_ends": np.cumsum([len(self._slots[w]) for w in names], dtype=np.int64),
            "slots": _joined([self._slots[w] for w in names], np.int32),
            "counts": _joined([self._counts[w] for w in names], np.uint8),
            "common": np.frombuffer("\n".join(self._common).encode(), dtype=np.uint8),
            "common_counts": np.array(list(self._common.values()), dtype=np.int64),
            "row_at": np.array(self._row_at, dtype=np.int32),
            "lengths": np.array(self._lengths, dtype=np.float32),
        }

    def take(self, arrays: Arrays) -> None:
        """Take up what :meth:`to_arrays` gave, in place of all that is here."""
        ends = arrays["word_ends"].tolist()
        names = arrays["words"].tobytes().decode().split("\n") if ends else []
        if len(names) != len(ends) or len(arrays["row_at"]) != len(arrays["lengths"]):
            raise ValueError("the lists of words do not fit together")
        starts = [0, *ends[:-1]]
        places = list(zip(names, starts, ends, strict=True))
        slots, counts = arrays["slots"], arrays["counts"]
        self._slots = {w: array("i", slots[a:z].tobytes()) for w, a, z in places}
        self._counts = {w: array("B", counts[a:z].tobytes()) for w, a, z in places}
        often = arrays["common_counts"].tolist()
        common = arrays["common"].tobytes().decode().split("\n") if often else []
        self._common = dict(zip(common, often, strict=True))
        self._row_at = array("i", arrays["row_at"].tobytes())
        self._lengths = array("f", arrays["lengths"].tobytes())
        self._slot_of, self._words_at = array("i"), None
        self._gone, self._last = Counter(), None
        for slot, row in enumerate(self._row_at):
            if row >= 0:
                self._place(row, slot)
        alive = arrays["row_at"] >= 0
        self._posts = int(alive.sum())
        self._total_length = float(arrays["lengths"][alive].astype(np.float64).sum())

    def _list(self, word: str, slot: int, count: int) -> None:
        if word in self._common:
            self._common[word] += 1
            return
        slots = self._slots.get(word)
        if slots is None:
            slots = self._slots[word] = array("i")
            self._counts[word] = array("B")
        slots.append(slot)
        self._counts[word].append(min(count, _MOST_COUNT))
        if len(slots) > self._most_postings and self._words_at is None:
            self._common[word] = len(slots)
            del self._slots[word], self._counts[word]

    def _remember(self, slot: int, words: tuple[str, ...]) -> None:
        if self._words_at is None:
            return
        self._words_at[slot] = words
        if self._posts > self._exact_up_to:
            self._words_at = None

    def _slot(self, row: int) -> int:
        return self._slot_of[row] if 0 <= row < len(self._slot_of) else -1

    def _place(self, row: int, slot: int) -> None:
        missing = row + 1 - len(self._slot_of)
        if missing > 0:
            self._slot_of.extend([-1] * missing)
        self._slot_of[row] = slot

    def _clear_out(self) -> None:
        """Take empty slots out of all lists."""
        rows = np.frombuffer(self._row_at, dtype=np.int32)
        kept = rows >= 0
        # Which of the removed posts had a common word is not known: as large a share as of all.
        share = float(kept.mean()) if len(kept) else 1.0
        self._common = {word: round(often * share) for word, often in self._common.items()}
        new_slot = np.cumsum(kept, dtype=np.int32) - np.int32(1)
        for word in list(self._slots):
            slots = np.frombuffer(self._slots[word], dtype=np.int32)
            stays = kept[slots]
            if stays.all():
                self._slots[word] = array("i", new_slot[slots].tobytes())
                continue
            counts = np.frombuffer(self._counts[word], dtype=np.uint8)
            if not stays.any():
                del self._slots[word], self._counts[word]
                continue
            self._slots[word] = array("i", new_slot[slots[stays]].tobytes())
            self._counts[word] = array("B", counts[stays].tobytes())
        if self._words_at is not None:
            self._words_at = {int(new_slot[slot]): w for slot, w in self._words_at.items()}
        lengths = np.frombuffer(self._lengths, dtype=np.float32)
        self._row_at = array("i", rows[kept].tobytes())
        self._lengths = array("f", lengths[kept].tobytes())
        self._gone = Counter()
        for slot, row in enumerate(self._row_at):
            self._place(row, slot)

    def _frequency(self, word: str) -> int:
        slots = self._slots.get(word)
        return len(slots) - self._gone.get(word, 0) if slots is not None else 0

    def _idf(self, word: str) -> float:
        # Beyond the exact size a removed post is still counted, never more than there are posts.
        df = min(self._frequency(word), self._posts)
        return math.log(1 + (self._posts - df + 0.5) / (df + 0.5))

    def _norm(self) -> tuple[float, float]:
        """What a text's length adds to the divisor: a constant and a factor of the length."""
        average = self._total_length / self._posts if self._posts else 0.0
        return self._k1 * (1 - self._b), self._k1 * self._b / (average or 1.0)

    def _by_slot(self, words: tuple[str, ...]) -> Scores:
        # A ranking asks twice for one query: for candidates, then for their scores.
        last = self._last
        if last is None or last[0] != words:
            last = self._last = (words, self._computed(words))
        return last[1]

    def _computed(self, words: tuple[str, ...]) -> Scores:
        wide: Any = np.float64 if self._posts <= self._exact_up_to else np.float32
        scores: Any = np.zeros(len(self._row_at), dtype=wide)
        if not self._posts:
            return scores  # type: ignore[no-any-return]
        constant, factor = (wide(number) for number in self._norm())
        lengths = np.frombuffer(self._lengths, dtype=np.float32)
        for word, times in self._telling(words):
            slots = np.frombuffer(self._slots[word], dtype=np.int32)
            often = np.frombuffer(self._counts[word], dtype=np.uint8).astype(wide)
            gain = wide(times * self._idf(word) * (self._k1 + 1))
            norm = constant + factor * lengths[slots].astype(wide)
            scores[slots] += gain * often / (often + norm)
        # Lists hold removed slots until the next clearing.
        scores[np.frombuffer(self._row_at, dtype=np.int32) < 0] = 0.0
        return scores  # type: ignore[no-any-return]

    def _telling(self, words: Sequence[str]) -> list[tuple[str, int]]:
        """The query's words with their counts, the rarest first while the lists are short enough;
        by name where all are read, so that sums come out the same."""
        known = [(w, times) for w, times in Counter(words).items() if w in self._slots]
        known.sort(key=lambda item: (len(self._slots[item[0]]), item[0]))
        ends = np.cumsum([len(self._slots[word]) for word, _ in known])
        if self._posts <= self._exact_up_to or not known or ends[-1] <= self._most_postings:
            return sorted(known)
        return known[: max(1, int(np.searchsorted(ends, self._most_postings, side="right")))]


def _joined(parts: Sequence[array[int]], kind: type[np.generic]) -> npt.NDArray[Any]:
    if not parts:
        return np.zeros(0, dtype=kind)
    return np.concatenate([np.frombuffer(part, dtype=kind) for part in parts])
