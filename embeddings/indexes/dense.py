"""Nearest neighbours over numbered posts: exact while they are few, quantised beyond.

Up to :data:`EXACT_UP_TO` vectors are compared one by one in full precision. Beyond, each number is
kept in eight bits and vectors stand in lists around centres that are trained once (FAISS, inverted
file with scalar quantiser); a search reads an eighth of the lists. What it finds is compared again
by the full vectors by whoever asks, see :mod:`embeddings.store`.
"""

from __future__ import annotations

from typing import Any, Final

import faiss
import numpy as np
import numpy.typing as npt

from embeddings.indexes.rows import Numbers

Matrix = npt.NDArray[np.float32]
Arrays = dict[str, npt.NDArray[Any]]
Mask = npt.NDArray[np.bool_]

EXACT_UP_TO: Final = 30_000
# The published types do not know what FAISS's Python layer accepts.
_FAISS: Any = faiss
_LISTS: Final = 256
_PROBED: Final = 32
_SAMPLE: Final = 10_000
_ROUNDS: Final = 8
_FEWEST_A_LIST: Final = 39
_CHUNK: Final = 20_000
_SLACK: Final = 0.2


class DenseRows:
    """Vectors by the numbers of posts, searched by inner product.

    Args:
        dimension: length of a vector.
        exact_up_to: see :data:`EXACT_UP_TO`.

    Not safe to be called from several threads at once.
    """

    def __init__(self, dimension: int, *, exact_up_to: int = EXACT_UP_TO) -> None:
        self.dimension = dimension
        self._exact_up_to = exact_up_to
        # One query takes some milliseconds on one thread; waiting for a second one costs ten
        # times that on a busy machine.
        faiss.omp_set_num_threads(1)
        self._vectors: Matrix = np.zeros((0, dimension), dtype=np.float32)
        self._has: Mask = np.zeros(0, dtype=np.bool_)
        self._count = 0
        self._lists: Any = None

    def __len__(self) -> int:
        return self._count

    @property
    def is_exact(self) -> bool:
        """Whether full vectors are compared."""
        return self._lists is None

    def upsert(self, rows: Numbers, vectors: Matrix) -> None:
        """Add vectors or replace those of the same numbers.

        Args:
            rows: ``(n,)``, each once.
            vectors: float32 ``(n, dimension)``.

        Raises:
            ValueError: when a vector has another length or is not finite.
        """
        if not len(rows):
            return
        if vectors.shape != (len(rows), self.dimension) or not np.isfinite(vectors).all():
            raise ValueError(f"expected finite vectors of length {self.dimension}")
        self.remove(rows)
        self._make_room(int(rows.max()) + 1)
        self._has[rows] = True
        self._count += len(rows)
        if self._lists is not None:
            self._add(rows, vectors)
            return
        self._vectors[rows] = vectors
        if self._count > self._exact_up_to:
            self._quantise()

    def remove(self, rows: Numbers) -> None:
        """Remove vectors; numbers without one are ignored."""
        rows = rows[rows < len(self._has)]
        rows = rows[self._has[rows]]
        if not len(rows):
            return
        self._has[rows] = False
        self._count -= len(rows)
        if self._lists is not None:
            self._lists.remove_ids(faiss.IDSelectorBatch(rows.astype(np.int64)))

    def search(self, vector: Matrix, k: int, chosen: Mask | None = None) -> list[tuple[int, float]]:
        """Return numbers and inner products of the largest, best first.

        Args:
            vector: float32 ``(dimension,)``; any length, for centred vectors are not of unit
                length.
            k: at most so many.
            chosen: which numbers to choose from; all when None.
        """
        k = min(k, self._count)
        if k <= 0:
            return []
        query = np.asarray(vector, dtype=np.float32)
        if self._lists is None:
            return self._compared(query, k, chosen)
        return self._probed(query, k, chosen)

    def to_arrays(self) -> Arrays:
        """All of the index as arrays, for a file."""
        if self._lists is None:
            return {"vectors": self._vectors, "has": self._has}
        return {"lists": faiss.serialize_index(self._lists), "has": self._has}

    def take(self, arrays: Arrays) -> None:
        """Take up what :meth:`to_arrays` gave, in place of all that is here."""
        self._has = arrays["has"].astype(np.bool_)
        self._count = int(self._has.sum())
        if "lists" in arrays:
            self._lists = faiss.deserialize_index(arrays["lists"].astype(np.uint8, copy=False))
            self._vectors = np.zeros((0, self.dimension), dtype=np.float32)
            if self._lists.ntotal != self._count or self._lists.d != self.dimension:
                raise ValueError("the saved lists and their numbers differ")
            return
        self._lists, self._vectors = None, arrays["vectors"].astype(np.float32, copy=False)
        if self._vectors.shape != (len(self._has), self.dimension):
            raise ValueError("the saved vectors and their numbers differ")

    def _make_room(self, size: int) -> None:
        if size > len(self._has):
            more = max(size, len(self._has) * 5 // 4)
            self._has = np.concatenate([self._has, np.zeros(more - len(self._has), np.bool_)])
        if self._lists is None and len(self._vectors) < len(self._has):
            grown = np.zeros((len(self._has), self.dimension), dtype=np.float32)
            grown[: len(self._vectors)] = self._vectors
            self._vectors = grown

    def _compared(self, query: Matrix, k: int, chosen: Mask | None) -> list[tuple[int, float]]:
        scores = self._vectors @ query
        wanted = self._has
        if chosen is not None:
            wanted = np.zeros_like(self._has)
            width = min(len(chosen), len(wanted))
            wanted[:width] = self._has[:width] & chosen[:width]
        scores = np.where(wanted, scores, -np.inf)
        rows = np.argpartition(-scores, k - 1)[:k] if k < len(scores) else np.arange(len(scores))
        rows = rows[np.argsort(-scores[rows], kind="stable")]
        return [(int(row), float(scores[row])) for row in rows if wanted[row]]

    def _probed(self, query: Matrix, k: int, chosen: Mask | None) -> list[tuple[int, float]]:
        parameters = _FAISS.SearchParametersIVF(nprobe=_PROBED)
        if chosen is not None:
            bits = np.packbits(chosen, bitorder="little")
            selector = _FAISS.IDSelectorBitmap(bits)
            parameters = _FAISS.SearchParametersIVF(sel=selector, nprobe=_PROBED)
        scores, rows = self._lists.search(query[None], k, params=parameters)
        found = zip(rows[0].tolist(), scores[0].tolist(), strict=True)
        return [(row, score) for row, score in found if row >= 0]

    def _quantise(self) -> None:
        """Train the lists on what is here and move all vectors over."""
        rows = np.flatnonzero(self._has).astype(np.int64)
        sample = rows[:: max(1, len(rows) // _SAMPLE)]
        lists = max(1, min(_LISTS, len(sample) // _FEWEST_A_LIST))
        # Lists are formed by distance and searched by product: centres of one length keep the
        # two in agreement, and all texts' vectors are of one length.
        centres = faiss.IndexFlatIP(self.dimension)
        made = faiss.IndexIVFScalarQuantizer(
            centres, self.dimension, lists, faiss.ScalarQuantizer.QT_8bit,
            faiss.METRIC_INNER_PRODUCT, False,
        )  # fmt: skip
        made.cp.niter, made.cp.spherical, made.cp.seed = _ROUNDS, True, 7
        # Later vectors may lie a little outside the sample's range.
        made.sq.rangestat_arg = _SLACK
        made.train(self._vectors[sample])
        self._lists, full = made, self._vectors
        self._vectors = np.zeros((0, self.dimension), dtype=np.float32)
        for start in range(0, len(rows), _CHUNK):
            part = rows[start : start + _CHUNK]
            self._add(part, full[part])

    def _add(self, rows: Numbers, vectors: Matrix) -> None:
        for start in range(0, len(rows), _CHUNK):
            part = slice(start, start + _CHUNK)
            self._lists.add_with_ids(
                np.ascontiguousarray(vectors[part]), rows[part].astype(np.int64)
            )
