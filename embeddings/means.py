"""The mean vectors of a side, kept up to date post by post."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from embeddings.centres import Centre
from embeddings.posts import PostVectors


class Means:
    """Sums over the vectors of posts and over those of their passages.

    Args:
        dimension: length of a vector.
    """

    def __init__(self, dimension: int) -> None:
        self._whole = np.zeros(dimension)
        self._passages = np.zeros(dimension)
        self._counts = np.zeros(2)

    @property
    def count(self) -> int:
        """How many posts have vectors."""
        return round(float(self._counts[0]))

    def add(self, vectors: PostVectors | None) -> None:
        """Take a post's vectors in; one without any changes nothing."""
        self._change(vectors, 1)

    def take_out(self, vectors: PostVectors | None) -> None:
        """Take a post's vectors out again."""
        self._change(vectors, -1)

    def take_out_unknown(self, posts: int) -> None:
        """Take posts out whose vectors are no longer at hand, as if they had been average ones."""
        share = 1 - min(posts, self.count) / max(self.count, 1)
        self._whole *= share
        self._passages *= share
        self._counts *= share

    def centre(self) -> Centre:
        """The means; zeros while there are none."""
        posts, passages = np.maximum(self._counts, 1)
        return Centre(
            whole=(self._whole / posts).astype(np.float32),
            passages=(self._passages / passages).astype(np.float32),
            count=self.count,
        )

    def to_arrays(self) -> dict[str, npt.NDArray[Any]]:
        """The sums as arrays, for a file."""
        return {"whole": self._whole, "passages": self._passages, "counts": self._counts}

    def take(self, arrays: dict[str, npt.NDArray[Any]]) -> None:
        """Take up what :meth:`to_arrays` gave."""
        if arrays["whole"].shape != self._whole.shape or arrays["counts"].shape != (2,):
            raise ValueError("sums of another dimension")
        self._whole, self._passages = arrays["whole"].copy(), arrays["passages"].copy()
        self._counts = arrays["counts"].astype(np.float64)

    def _change(self, vectors: PostVectors | None, sign: int) -> None:
        if vectors is None:
            return
        self._whole += sign * vectors.whole
        self._passages += sign * vectors.passages.sum(axis=0, dtype=np.float64)
        self._counts += sign * np.array([1.0, len(vectors.passages)])
