"""Brings a ranking into the order in which it is shown.

Three tiers: what is about the same matter and breaks no condition, what is about it and breaks
one, and what is hardly about it. A condition can be talked about, another matter cannot: so a pair
that keeps all conditions because it has nothing to do with the post does not pass one that only
lies outside of an area. Inside a tier the probability decides, less the price that the policy of
exposure puts on an organisation, with near-duplicates folded and the first places spread over
organisations (``embeddings/diversity.py``).
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from embeddings.diversity import Candidate, Place, arranged
from embeddings.facts import PostFacts
from embeddings.posts import IndexedPost
from embeddings.ranking import Ranked
from embeddings.store import RankingIndex
from matchmaker.matching.domain import is_on_topic
from matchmaker.matching.topics import breaks_condition

LOSS = 0.05
"""Probability that the variety of organisations may cost one place."""
FITS, BREAKS, HARDLY = range(3)
_UNKNOWN_LOSS = 0.0


@dataclass(frozen=True, slots=True)
class Shown:
    """One place as it is shown.

    Args:
        ranked: the place in the ranking.
        alike: ids of near-duplicates of the same organisation, folded under it.
        shift: -1 when the price moved it down, 1 when it moved it up, else 0.
    """

    ranked: Ranked
    alike: tuple[str, ...] = ()
    shift: int = 0


def in_order(
    found: Sequence[Ranked],
    side: RankingIndex[PostFacts],
    owners: Mapping[str, uuid.UUID],
    prices: Mapping[uuid.UUID, float],
) -> list[Shown]:
    """The order in which a ranking is shown.

    Args:
        found: the ranking, best first.
        side: the index that holds the posts found.
        owners: organisation of each post found.
        prices: of organisations; empty where the policy of exposure does not count.
    """
    by_id = {place.id: place for place in found}
    plain = [_candidate(place, side.get(place.id), str(owners[place.id])) for place in found]
    loss = LOSS if all(place.prospect for place in found) else _UNKNOWN_LOSS
    free = arranged(plain, loss)
    if not any(prices.get(owner) for owner in owners.values()):
        return [_shown(by_id, place) for place in free]
    cost = {str(owner): price for owner, price in prices.items()}
    priced = arranged([_less(candidate, cost) for candidate in plain], loss)
    before = {place.candidate.id: number for number, place in enumerate(free)}
    return [
        replace(_shown(by_id, place), shift=_shift(place, number, before, cost))
        for number, place in enumerate(priced)
    ]


def _candidate(place: Ranked, post: IndexedPost[PostFacts] | None, owner: str) -> Candidate:
    vectors = post.vectors if post else None
    return Candidate(
        place.id,
        owner,
        place.prospect.together if place.prospect else place.score,
        _tier(place),
        frozenset(post.words) if post else frozenset(),
        vectors.whole if vectors else None,
    )


def _tier(place: Ranked) -> int:
    is_silent = place.prospect is None or place.prospect.silence is not None
    # Where no probability can be told, as without vectors, a shared material tells the matter.
    is_related = place.reasons.shared_materials if is_silent else is_on_topic(place.prospect)
    if not is_related:
        return HARDLY
    return BREAKS if breaks_condition(place) else FITS


def _less(candidate: Candidate, cost: Mapping[str, float]) -> Candidate:
    return replace(candidate, value=candidate.value - cost.get(candidate.owner, 0.0))


def _shown(by_id: Mapping[str, Ranked], place: Place) -> Shown:
    return Shown(by_id[place.candidate.id], tuple(each.id for each in place.alike))


def _shift(place: Place, number: int, before: Mapping[str, int], cost: Mapping[str, float]) -> int:
    """Which way a place was moved by its own price, not by that of others."""
    price = cost.get(place.candidate.owner, 0.0)
    earlier = before.get(place.candidate.id, number)
    if price > 0 and number > earlier:
        return -1
    return 1 if price < 0 and number < earlier else 0
