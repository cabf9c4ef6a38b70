"""Order a ranking for reading: near-duplicates fold together, the first places show several owners.

Both rules are small and bounded. Folding joins posts of one owner that say the same. Spreading may
put a post before a better one of an owner who already has a place, but never when the better one is
better by more than a stated loss, and never across tiers: what breaks a condition stays behind what
fits.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

SAME_WORDS: Final = 0.75
"""Share of all words of two posts that both have, from which they count as the same text."""
SAME_DIRECTION: Final = 0.97
"""Cosine of whole texts from which they count as the same; of a thousand judged pairs of offerings
999 stand below 0.91."""


@dataclass(frozen=True, slots=True, eq=False)
class Candidate:
    """A post that may get a place.

    Attributes:
        id: of the post.
        owner: whose it is.
        value: what the order goes by, larger is better.
        tier: 0 before 1 before 2, whatever the values.
        words: content words of the text.
        vector: unit vector of the whole text, if there is one.
    """

    id: str
    owner: str
    value: float
    tier: int = 0
    words: frozenset[str] = frozenset()
    vector: npt.NDArray[np.float32] | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Place:
    """A place in the order, with the near-duplicates that stand behind it."""

    candidate: Candidate
    alike: tuple[Candidate, ...] = ()


def arranged(candidates: Sequence[Candidate], loss: float) -> list[Place]:
    """Fold and spread candidates.

    Args:
        candidates: in any order.
        loss: most that a candidate may be worse than one it is put before, in units of ``value``.
    """
    return spread(folded(candidates), loss)


def folded(candidates: Sequence[Candidate]) -> list[Place]:
    """Join near-duplicates of one owner under the best of them; best first, ties by id.

    Only candidates of one tier are joined, so that what breaks a condition is not hidden behind
    what fits.
    """
    found: list[Place] = []
    for candidate in sorted(candidates, key=_order):
        for number, place in enumerate(found):
            if _are_alike(place.candidate, candidate):
                found[number] = Place(place.candidate, (*place.alike, candidate))
                break
        else:
            found.append(Place(candidate))
    return found


def spread(places: Sequence[Place], loss: float) -> list[Place]:
    """Order places so that a further post of an owner stands behind others nearly as good.

    A further post of an owner with a place counts ``loss`` less, once; so a place is put before
    another only if it is at most ``loss`` worse.
    """
    found: list[Place] = []
    left = sorted(places, key=lambda place: _order(place.candidate))
    owners: set[str] = set()
    while left:
        tier = left[0].candidate.tier
        same = [place for place in left if place.candidate.tier == tier]
        best = max(same, key=lambda p: p.candidate.value - loss * (p.candidate.owner in owners))
        found.append(best)
        owners.add(best.candidate.owner)
        left.remove(best)
    return found


def _order(candidate: Candidate) -> tuple[int, float, str]:
    return candidate.tier, -candidate.value, candidate.id


def _are_alike(first: Candidate, second: Candidate) -> bool:
    if first.owner != second.owner or first.tier != second.tier:
        return False
    either = len(first.words | second.words)
    if either and len(first.words & second.words) / either >= SAME_WORDS:
        return True
    if first.vector is None or second.vector is None:
        return False
    return float(first.vector @ second.vector) >= SAME_DIRECTION
