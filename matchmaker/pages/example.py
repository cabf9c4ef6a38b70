"""One real pair for the home page: a need and an offering whose sentences answer each other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from matchmaker.core.actor import VISITOR
from matchmaker.matching.domain import Recommendation, Strength
from matchmaker.matching.engine import MatchingEngine
from matchmaker.matching.service import recommendations_for
from matchmaker.needs.types import NEED
from matchmaker.pages.queries import latest_posts

NEEDS_TRIED = 12
LONGEST_QUOTE, SHORTEST_QUOTE = 90, 15


@dataclass(frozen=True, slots=True)
class Side:
    """One side of the pair, in plain values that may be kept.

    Args:
        post_id: id of the post.
        title: its title.
        organization: who posted it.
        sentence: its sentence that meets the other one.
    """

    post_id: Any
    title: str
    organization: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Example:
    """A need, the offering that suits it, and why."""

    need: Side
    offering: Side
    reasons: tuple[str, ...]


def find_example(engine: MatchingEngine) -> Example | None:
    """A good pair among the newest public needs; None while there is none to show.

    Words alone do not find sentences that answer each other, so that there is none without encoder.

    Args:
        engine: the ranking; it is not loaded for the sake of an example.
    """
    if not engine.is_warm or engine.words_only:
        return None
    for need in latest_posts(NEED, VISITOR, NEEDS_TRIED):
        if need.source_url:  # its municipality takes no part; it shall not look as if it did
            continue
        for found in recommendations_for(engine, NEED, need, VISITOR, 1):
            if is_telling(found):
                return _example(need, found)
    return None


def is_telling(found: Recommendation) -> bool:
    """Whether a pair is strong and has two sentences that are neither scraps nor too long."""
    why = found.explanation
    if found.strength is not Strength.STRONG or not why.own_quote or not why.other_quote:
        return False
    lengths = [len(quote.text) for quote in (why.own_quote, why.other_quote)]
    return all(SHORTEST_QUOTE <= length <= LONGEST_QUOTE for length in lengths)


def _example(need: Any, found: Recommendation) -> Example:
    why = found.explanation
    mine, theirs = why.own_quote, why.other_quote
    return Example(
        Side(need.id, need.title, need.organization.name, mine.text if mine else ""),
        Side(
            found.post.id,
            found.post.title,
            found.post.organization.name,
            theirs.text if theirs else "",
        ),
        _first(why.reasons),
    )


def _first(reasons: Sequence[str]) -> tuple[str, ...]:
    return tuple(reasons[:3])
