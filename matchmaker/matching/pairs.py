"""Scores of many needs against many offerings at once, and what a score is worth.

A score is the log-odds of a pair's probability and depends on nothing but the pair, so that scores
are comparable across needs. No vector is read or computed anew: posts in the index bring theirs.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

from embeddings.partnership import sigmoid
from matchmaker.core.actor import Actor
from matchmaker.matching.domain import WORTH_SHOWING_FROM
from matchmaker.matching.engine import MatchingEngine
from matchmaker.posts.domain import LISTED_STATES
from matchmaker.posts.policy import can_view

MOST_POSTS = 2_000
"""Most posts of each side in one call; a room of 400 people with five posts each."""

Pair = tuple[uuid.UUID, uuid.UUID]


def pair_scores(
    engine: MatchingEngine, needs: Sequence[Any], offerings: Sequence[Any], actor: Actor
) -> dict[Pair, float]:
    """Log-odds of all pairs of these posts, by the ids of need and offering.

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
    """How likely a pair is worth a conversation, from 0 to 1; 0 for one not worth showing.

    Args:
        score: log-odds, as :func:`pair_scores` gives them.
    """
    probability = sigmoid(score)
    return probability if probability >= WORTH_SHOWING_FROM else 0.0
