"""The numbers of posts: one table that the indexes of a side share."""

from __future__ import annotations

from array import array
from collections.abc import Collection, Iterable, Iterator
from typing import Any

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.int64]


class Rows:
    """Gives every id a number, used again once its post is gone.

    A number stays the same while a post is replaced. Some 200 bytes a post.
    """

    def __init__(self) -> None:
        self._ids: list[str | None] = []
        self._row_of: dict[str, int] = {}
        self._free: list[int] = []
        self._stamps = array("q")

    def __len__(self) -> int:
        return len(self._row_of)

    def __contains__(self, id: str) -> bool:
        return id in self._row_of

    def __iter__(self) -> Iterator[str]:
        return iter(self._row_of)

    @property
    def size(self) -> int:
        """One more than the largest number ever given."""
        return len(self._ids)

    def add(self, id: str, stamp: int = 0) -> int:
        """Number an id; the number it has if it is known.

        Args:
            id: the post's id.
            stamp: which state of the post this is; kept for :meth:`stamps`.
        """
        row = self._row_of.get(id)
        if row is None:
            row = self._free.pop() if self._free else self._grown()
            self._ids[row], self._row_of[id] = id, row
        self._stamps[row] = stamp
        return row

    def drop(self, id: str) -> int | None:
        """Forget an id and return the number it had; None for an unknown one."""
        row = self._row_of.pop(id, None)
        if row is not None:
            self._ids[row] = None
            self._free.append(row)
        return row

    def row_of(self, id: str) -> int | None:
        """The number of an id."""
        return self._row_of.get(id)

    def id_at(self, row: int) -> str | None:
        """The id of a number; None for a free one."""
        return self._ids[row]

    def ids_at(self, rows: Iterable[int]) -> list[str]:
        """The ids of numbers, free ones left out."""
        found = (self._ids[row] for row in rows)
        return [id for id in found if id is not None]

    def numbers(self, ids: Iterable[str]) -> Numbers:
        """The numbers of those ids that are known."""
        rows = [self._row_of[id] for id in ids if id in self._row_of]
        return np.array(rows, dtype=np.int64)

    def mask(self, only: Collection[str]) -> npt.NDArray[np.bool_]:
        """Which numbers are among ``only``, shape ``(size,)``."""
        if isinstance(only, AllExcept):
            chosen = np.ones(self.size, dtype=np.bool_)
            chosen[self.numbers(only.hidden)] = False
            return chosen
        chosen = np.zeros(self.size, dtype=np.bool_)
        chosen[self.numbers(only)] = True
        return chosen

    def stamps(self) -> dict[str, int]:
        """The stamp of every id."""
        return {id: self._stamps[row] for id, row in self._row_of.items()}

    def to_arrays(self) -> dict[str, npt.NDArray[Any]]:
        """All of the table as arrays, for a file."""
        packed = "\n".join(id or "" for id in self._ids).encode()
        return {
            "ids": np.frombuffer(packed, dtype=np.uint8),
            "stamps": np.array(self._stamps, dtype=np.int64),
        }

    @classmethod
    def from_arrays(cls, arrays: dict[str, npt.NDArray[Any]]) -> Rows:
        """Take up what :meth:`to_arrays` gave."""
        rows = cls()
        rows._stamps = array("q", arrays["stamps"].astype(np.int64).tobytes())
        if not len(rows._stamps):
            return rows
        ids = arrays["ids"].tobytes().decode().split("\n")
        if len(ids) != len(rows._stamps):
            raise ValueError("as many stamps as ids are needed")
        rows._ids = [id or None for id in ids]
        rows._row_of = {id: row for row, id in enumerate(ids) if id}
        rows._free = [row for row, id in enumerate(ids) if not id]
        return rows

    def _grown(self) -> int:
        self._ids.append(None)
        self._stamps.append(0)
        return len(self._ids) - 1


class AllExcept(Collection[str]):
    """All ids of a side but a few, without a copy of them all.

    Args:
        rows: the table of the side.
        hidden: ids to leave out.
    """

    def __init__(self, rows: Rows, hidden: Collection[str]) -> None:
        self._rows, self.hidden = rows, frozenset(hidden)

    def __contains__(self, id: object) -> bool:
        return isinstance(id, str) and id in self._rows and id not in self.hidden

    def __iter__(self) -> Iterator[str]:
        return (id for id in list(self._rows) if id not in self.hidden)

    def __len__(self) -> int:
        return len(self._rows) - sum(1 for id in self.hidden if id in self._rows)
