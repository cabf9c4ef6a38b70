"""Plain values of the ranking: strengths in words, reasons, what speaks against a pair."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from matchmaker.core.fields import Choice


class Strength(StrEnum):
    """How well a pair fits, in three steps; never a number of the machine."""

    STRONG = "strong"
    FAIR = "fair"
    WEAK = "weak"


class VersionState(StrEnum):
    """Where a version of the ranking stands."""

    CANDIDATE = "candidate"
    SHADOW = "shadow"
    LIVE = "live"
    RETIRED = "retired"
    REFUSED = "refused"


class RunState(StrEnum):
    """Where a change of the encoder stands."""

    RUNNING = "running"
    COMPLETE = "complete"
    LIVE = "live"
    RETIRED = "retired"
    REFUSED = "refused"
    STOPPED = "stopped"


STRENGTH_LABELS = {
    Strength.STRONG: "よく合いそう",
    Strength.FAIR: "合う可能性あり",
    Strength.WEAK: "一部が合うかも",
}
STRENGTH_LEVELS = {Strength.STRONG: 3, Strength.FAIR: 2, Strength.WEAK: 1}

STRONG_FROM = 4.5
FAIR_FROM = 3.0
WORTH_SHOWING_FROM = 1.0
"""Scores are sums of standardised parts. Of pairs that break no stated condition, judges found a
partner (grade 2 or 3) on the sets train / dev / real: from 5 on in 48 / 61 / 100 of 100, between
3 and 4 in 14 / 10 / 63, below 1 in 1 / 0 / 1."""

WRONG_REASONS = (
    Choice("material", "品目がちがう"),
    Choice("process", "やり方・工程がちがう"),
    Choice("area", "地域・距離が合わない"),
    Choice("quantity", "量が合わない"),
    Choice("licence", "許可・区分が合わない"),
    Choice("cost", "費用が合わない"),
    Choice("known", "すでに話したことがある"),
    Choice("other", "その他"),
)


ALWAYS_SHOWN = 3


def strength_of(score: float, has_violation: bool) -> Strength:
    """Strength of a pair; one that breaks a stated condition is never strong."""
    if score >= STRONG_FROM and not has_violation:
        return Strength.STRONG
    return Strength.FAIR if score >= FAIR_FROM else Strength.WEAK


@dataclass(frozen=True, slots=True)
class Quote:
    """A literal piece of a post: the text before, the piece itself, the text after."""

    field_label: str
    text: str


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a pair is recommended, in words for people.

    Args:
        reasons: what speaks for it.
        doubts: what speaks against it.
        unknowns: what should be asked first.
        own_quote: the sentence of the reader's post.
        other_quote: the sentence of the recommended post that answers it.
        distance: distance in words, empty when unknown.
    """

    reasons: tuple[str, ...]
    doubts: tuple[str, ...]
    unknowns: tuple[str, ...]
    own_quote: Quote | None
    other_quote: Quote | None
    distance: str


@dataclass(frozen=True, slots=True)
class Recommendation:
    """One recommended post with its place and its explanation."""

    post: Any
    position: int
    strength: Strength
    explanation: Explanation
    verdict: str = ""

    @property
    def strength_label(self) -> str:
        """Strength in words."""
        return STRENGTH_LABELS[self.strength]

    @property
    def level(self) -> int:
        """Strength as 1 to 3, for the meter."""
        return STRENGTH_LEVELS[self.strength]


def worth_showing(score: float, position: int, has_shared_material: bool) -> bool:
    """Whether a place is shown: always the first three, further ones while there is a chance."""
    return position <= ALWAYS_SHOWN or has_shared_material or score >= WORTH_SHOWING_FROM
