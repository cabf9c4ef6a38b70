"""Measure how long reading the best partners of one saved post takes."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Final

from embeddings.pairwise.reader import PairReader, TextPair

PAIRS: Final = 50
_ROUNDS: Final = 3
_NEED: Final = (
    "里山の竹林が広がり、通学路の脇まで竹が倒れてくる。町有林と私有林を合わせて約40ヘクタール、"
    "年に300トンほどの伐採竹が出る見込みだが、いまは玉切りにして置いたままで、火災の心配もある。"
    "伐採は森林組合と住民の会で続けられるので、{number}か所の集積場まで受け取りに来て、"
    "資源として使ってくださる事業者を探している。"
)
_OFFERING: Final = (
    "自走式のチッパーを積んだ車で伺い、その場で竹を細かく砕きます。砕いたものは当社の工場で"
    "{number}ミリ以下にそろえ、家畜の敷料や堆肥の副資材として販売します。根や金物が混じったものは"
    "お受けできません。年間の受入れは2,000トンまで、片道2時間以内の市町村が対象です。"
)


def sample_pairs(count: int = PAIRS) -> list[TextPair]:
    """Return one need with ``count`` offerings of about a hundred tokens, as most posts have."""
    need = _NEED.format(number=3)
    return [(need, _OFFERING.format(number=10 + number)) for number in range(count)]


def measure_reading(reader: PairReader, pairs: Sequence[TextPair] | None = None) -> float:
    """Time the reading of pairs.

    Args:
        reader: the reader; it has read a pair before the clock starts.
        pairs: what to read; :func:`sample_pairs` when None.

    Returns:
        Milliseconds for all pairs, the median of three rounds.
    """
    wanted = sample_pairs() if pairs is None else list(pairs)
    reader.read(wanted[:1])
    times = []
    for _ in range(_ROUNDS):
        start = time.perf_counter()
        reader.read(wanted)
        times.append(time.perf_counter() - start)
    return sorted(times)[_ROUNDS // 2] * 1000
