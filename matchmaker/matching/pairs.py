"""Scores of many needs against many offerings at once, and what a score is worth.

A score is comparable across needs, since it stands in the same pool whichever pairs are asked for.
No vector is read or computed anew: posts in the index bring theirs.
"""

from __future__ import annotations

import uuid
from bisect import bisect_right
from collections.abc import Sequence
from typing import Any

from matchmaker.core.actor import Actor
from matchmaker.matching.domain import WORTH_SHOWING_FROM
from matchmaker.matching.engine import MatchingEngine
from matchmaker.posts.domain import LISTED_STATES
from matchmaker.posts.policy import can_view

MOST_POSTS = 2_000
"""Most posts of each side in one call; a room of 400 people with five posts each."""

Pair = tuple[uuid.UUID, uuid.UUID]
_KNOWN = (
    (WORTH_SHOWING_FROM, 0.02),
    (3.0, 0.10),
    (3.5, 0.20),
    (4.5, 0.40),
    (5.0, 0.50),
    (7.0, 0.8),
)


def pair_scores(
    engine: MatchingEngine, needs: Sequence[Any], offerings: Sequence[Any], actor: Actor
) -> dict[Pair, float]:
    """Scores of all pairs of these posts, by the ids of need and offering.

    Args:
        engine: its index is brought into step once.
        needs, offerings: posts; those not published, or not for the actor, are left out.
        actor: who will read or use the pairs.

    Raises:
        ValueError: there are more than :data:`MOST_POSTS` on a side.
    """
    if max(len(needs), len(offerings)) > MOST_POSTS:
        raise ValueError("too many posts for one reading of pairs")
    index = engine.index()
    wanted = {str(each.id) for each in offerings if _is_open(actor, each)}
    centre = index.needs.centre()
    found: dict[Pair, float] = {}
    for need in needs:
        stored = index.needs.get(str(need.id)) if _is_open(actor, need) else None
        if stored is None:
            continue
        for offering_id, score in index.offerings.scores(stored, wanted, query_side=centre).items():
            found[need.id, uuid.UUID(offering_id)] = score
    return found


def _is_open(actor: Actor, post: Any) -> bool:
    return post.state in LISTED_STATES and can_view(actor, post)


def worth_of(score: float) -> float:
    """How likely a pair is to become partners, from 0 to 1; 0 for one not worth showing.

    The shares are those of ``matching/domain.py`` (how often judges found a partner at a score),
    with straight lines between. A calibrated probability takes its place by changing this function
    alone.
    """
    if score < WORTH_SHOWING_FROM:
        return 0.0
    place = bisect_right([known for known, _ in _KNOWN], score)
    if place == len(_KNOWN):
        return _KNOWN[-1][1]
    (low, below), (high, above) = _KNOWN[place - 1], _KNOWN[place]
    return below + (above - below) * (score - low) / (high - low)
