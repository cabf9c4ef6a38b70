"""How long an exact search of vectors takes here, and how long it must take at least."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Final

import numpy as np
import numpy.typing as npt

_ROUNDS: Final = 7
_COPIED_BYTES: Final = 256 * 2**20
"""Far more than any cache holds, so that a copy runs at the pace of the memory."""
_LARGEST: Final = 1_000_000


def measure_exact_search(vectors: int, dimension: int) -> dict[str, float]:
    """Compare one query with every vector, as a search without an index does.

    A product of one query with all vectors reads each number once and computes next to nothing, so
    that it cannot be faster than the memory: ``bytes ÷ bandwidth``. The bandwidth is that of a
    large copy by one thread, bytes read and bytes written counted, as the STREAM benchmark counts
    them (McCalpin 1995).

    Args:
        vectors: how many vectors of 32-bit numbers; at most a million are made up.
        dimension: length of a vector.

    Returns:
        ``exact_ms``, the median of seven products with the choice of the best hundred;
        ``bandwidth_gb_s`` of the memory; ``limit_ms``, what that bandwidth allows for the product.
    """
    count = min(vectors, _LARGEST)
    matrix = np.full((count, dimension), 0.5, dtype=np.float32)
    query = np.ones(dimension, dtype=np.float32)
    exact = _median_s(lambda: _best(matrix, query))
    bandwidth = _bandwidth()
    return {
        "exact_ms": round(exact * 1000, 2),
        "bandwidth_gb_s": round(bandwidth / 1e9, 1),
        "limit_ms": round(matrix.nbytes / bandwidth * 1000, 2),
    }


def _best(matrix: npt.NDArray[np.float32], query: npt.NDArray[np.float32]) -> npt.NDArray[np.intp]:
    scores = matrix @ query
    k = min(100, len(scores))
    return np.argpartition(-scores, k - 1)[:k]


def _bandwidth() -> float:
    """Bytes a second that one thread moves."""
    source = np.ones(_COPIED_BYTES, dtype=np.uint8)
    target = np.empty_like(source)
    return 2 * _COPIED_BYTES / _median_s(lambda: np.copyto(target, source))


def _median_s(work: Callable[[], object]) -> float:
    taken = []
    for _ in range(_ROUNDS):
        start = time.perf_counter()
        work()
        taken.append(time.perf_counter() - start)
    return float(np.median(taken))
