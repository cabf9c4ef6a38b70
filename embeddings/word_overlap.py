"""How much of what a need says in words an offering says too."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache

from embeddings.reading.thesaurus import Thesaurus


@dataclass(frozen=True, slots=True)
class WordFrequencies:
    """How common words are; stored, so that a pair's score does not depend on other posts.

    Attributes:
        posts: how many posts were counted.
        counts: word → number of posts that have it, for words of two posts or more.
    """

    posts: int = 0
    counts: Mapping[str, int] = field(default_factory=dict)

    @classmethod
    def of(cls, posts: Iterable[Sequence[str]]) -> WordFrequencies:
        """Count words.

        Args:
            posts: the words of each post.
        """
        counts, total = Counter[str](), 0
        for words in posts:
            counts.update(set(words))
            total += 1
        return cls(total, {word: n for word, n in sorted(counts.items()) if n > 1})

    def weight(self, word: str) -> float:
        """Return a word's weight: the inverse document frequency of BM25; a rare word's is high."""
        count = self.counts.get(word, 1)
        return math.log(1 + (max(self.posts, 1) - count + 0.5) / (count + 0.5))


@dataclass(frozen=True)
class NeedWords:
    """A need's words as they are looked for.

    Attributes:
        own: word → weight; a repeated word counts by the square root of its number.
        further: words of the same concepts → weight.
        total: sum of the own weights: what an offering with every word would reach.
    """

    own: Mapping[str, float]
    further: Mapping[str, float]
    total: float

    @cached_property
    def _looked_for(self) -> frozenset[str]:
        return frozenset((*self.own, *self.further))

    def shares(self, words: Collection[str]) -> tuple[float, float]:
        """Return the share of the need that an offering's words meet, directly and by concept.

        Args:
            words: content words of the offering.

        Returns:
            Two numbers from 0 on; the first is at most 1.
        """
        if not self.total:
            return 0.0, 0.0
        found = self._looked_for.intersection(words)
        direct = sum([self.own[word] for word in found if word in self.own])
        by_concept = sum([self.further[word] for word in found if word in self.further])
        return direct / self.total, by_concept / self.total


class WordOverlap:
    """Compares needs and offerings by their words. Safe to use from several threads.

    Args:
        frequencies: how common words are.
        thesaurus: names further words of the same concepts.
    """

    def __init__(self, frequencies: WordFrequencies, thesaurus: Thesaurus) -> None:
        self._frequencies, self._thesaurus = frequencies, thesaurus
        # For an offering many needs are compared; what their words weigh is found once.
        self.of_need = lru_cache(maxsize=4_096)(self._of_need)

    def _of_need(self, words: tuple[str, ...]) -> NeedWords:
        weight = self._frequencies.weight
        own = {word: weight(word) * math.sqrt(n) for word, n in Counter(words).items()}
        further = {
            word: weight(word) * share for word, share in self._thesaurus.expansions(words).items()
        }
        return NeedWords(own, further, sum(own.values()))
