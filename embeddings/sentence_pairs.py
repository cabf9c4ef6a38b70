"""Find the two passages of a pair of posts that answer each other best."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np
import numpy.typing as npt

from embeddings.text import Passage
from embeddings.words import content_words

# A shared word counts as much as this share of the range of a pair's inner products.
_SHARED_WORD: Final = 0.2
_MOST_SHARED: Final = 4


@dataclass(frozen=True, slots=True)
class SentencePair:
    """Two literal pieces of text that answer each other.

    Attributes:
        query: a piece of the searching post, with its part and offsets.
        document: a piece of the post that was found.
    """

    query: Passage
    document: Passage


def best_by_products(
    products: npt.NDArray[np.float32], query: Sequence[Passage], document: Sequence[Passage]
) -> SentencePair:
    """Return the pair of the largest inner product, shared words weighed in.

    Vectors alone like to pick two sentences of the same tone; a shared word ties the pair to what
    both posts are about.

    Args:
        products: ``(len(query), len(document))``, neither of them 0.
        query, document: the passages of the two posts.
    """
    rows, columns = telling(query), telling(document)
    narrowed = products[np.ix_(rows, columns)]
    spread = float(np.ptp(narrowed)) or 1.0
    shared = [
        [len(_words(query[i].text) & _words(document[j].text)) for j in columns] for i in rows
    ]
    scores = narrowed / spread + _SHARED_WORD * np.minimum(shared, _MOST_SHARED)
    row, column = np.unravel_index(int(scores.argmax()), scores.shape)
    return SentencePair(query[rows[int(row)]], document[columns[int(column)]])


def best_by_words(query: Sequence[Passage], document: Sequence[Passage]) -> SentencePair | None:
    """Return the pair that shares most content words, the earliest of equals; None without any."""
    first = [(query[i], _words(query[i].text)) for i in telling(query)]
    second = [(document[i], _words(document[i].text)) for i in telling(document)]
    pairs = [(len(a & b), SentencePair(p, q)) for p, a in first for q, b in second]
    shared, best = max(pairs, key=lambda pair: pair[0], default=(0, None))
    return best if shared else None


def telling(passages: Sequence[Passage]) -> list[int]:
    """Return the places of the passages to quote: all but the title, if there is anything else.

    A list shows the titles anyway; a sentence says more.
    """
    others = [i for i, passage in enumerate(passages) if passage.part != "title"]
    return others or list(range(len(passages)))


@lru_cache(maxsize=8_192)
def _words(text: str) -> frozenset[str]:
    return frozenset(content_words(text))
