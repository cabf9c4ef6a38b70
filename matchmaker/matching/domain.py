"""Plain values of the ranking: strengths in words, reasons, what speaks against a pair."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from embeddings.prospects import Prospect
from matchmaker.core.fields import Choice


class Strength(StrEnum):
    """How well a pair fits, in three steps; never a number of the machine."""

    STRONG = "strong"
    FAIR = "fair"
    WEAK = "weak"
    UNKNOWN = "unknown"


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
    Strength.STRONG: "有望",
    Strength.FAIR: "可能性あり",
    Strength.WEAK: "見込みは低め",
    Strength.UNKNOWN: "判断材料が足りません",
}
STRENGTH_LEVELS = {
    Strength.STRONG: 3, Strength.FAIR: 2, Strength.WEAK: 1, Strength.UNKNOWN: 0,
}  # fmt: skip

STRONG_FROM = 0.5
FAIR_FROM = 0.2
WORTH_SHOWING_FROM = 0.05
"""Calibrated probabilities that a pair is worth a conversation: at least every second one is, every
fifth one is; below one in twenty a card only costs the time of who reads it."""
ON_TOPIC_FROM = 0.2
"""Calibrated probability that a pair is right in content. Of the judged pairs from here on 47 % are
about the same matter, of those below 3 % (seeds/judged/dev and real, the best 15 of each need)."""

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


def strength_of(probability: float, has_violation: bool) -> Strength:
    """Strength of a pair; one that breaks a stated condition is never strong.

    Args:
        probability: calibrated, 0–1, that the pair is worth a conversation.
        has_violation: whether a stated condition is broken.
    """
    if probability >= STRONG_FROM and not has_violation:
        return Strength.STRONG
    return Strength.FAIR if probability >= FAIR_FROM else Strength.WEAK


@dataclass(frozen=True, slots=True)
class Quote:
    """A literal piece of a post.

    Args:
        field_label: the field it stands in.
        text: the piece itself, a substring of the field.
        marks: offsets in ``text`` of the words that meet the other side's, in order, apart.
    """

    field_label: str
    text: str
    marks: tuple[tuple[int, int], ...] = ()

    @property
    def pieces(self) -> list[tuple[str, bool]]:
        """The text in pieces, each with whether it is marked; joined they are the text."""
        found: list[tuple[str, bool]] = []
        at = 0
        for start, end in self.marks:
            found += [(self.text[at:start], False), (self.text[start:end], True)]
            at = end
        return [piece for piece in [*found, (self.text[at:], False)] if piece[0]]


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason in words, and what it weighs.

    Args:
        topic: what it is about; a key of ``matching/topics.py``.
        text: a sentence for people.
        value: the parts of the score that it stands for, added up (log-odds).
        share: percent of all that weighs, for the bar; 0 shows none.
        question: what to send to the other side, for something that is still to ask.
    """

    topic: str
    text: str
    value: float = 0.0
    share: int = 0
    question: str = ""


@dataclass(frozen=True, slots=True)
class PartLine:
    """One line of the list that adds up to the score; for the secretariat alone."""

    label: str
    value: float


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a pair is recommended, in words for people.

    Args:
        good: what speaks for it, weightiest first.
        bad: what speaks against it, weightiest first.
        to_ask: what should be asked first.
        own_quote: the sentence of the reader's post.
        other_quote: the sentence of the recommended post that answers it.
        distance: distance in words, empty when unknown.
        parts: all parts of the score, for those who may see them.
        breaks_condition: whether a condition that somebody stated is broken.
    """

    good: tuple[Reason, ...]
    bad: tuple[Reason, ...]
    to_ask: tuple[Reason, ...]
    own_quote: Quote | None
    other_quote: Quote | None
    distance: str
    parts: tuple[PartLine, ...] = ()
    breaks_condition: bool = False

    @property
    def reasons(self) -> tuple[str, ...]:
        """What speaks for the pair, as sentences."""
        return tuple(reason.text for reason in self.good)

    @property
    def doubts(self) -> tuple[str, ...]:
        """What speaks against it, as sentences."""
        return tuple(reason.text for reason in self.bad)

    @property
    def unknowns(self) -> tuple[str, ...]:
        """What should be asked first, as sentences."""
        return tuple(reason.text for reason in self.to_ask)

    @property
    def total(self) -> float:
        """Sum of the parts: the score."""
        return sum(line.value for line in self.parts)


@dataclass(frozen=True, slots=True)
class Outlook:
    """How likely a pair is worth a conversation, in words.

    Args:
        strength: in three steps, or that nothing can be said.
        record: how pairs like this one turned out, as «10件中7件»; empty while unknown.
        town, business: either side in a word; empty while nothing can be said.
        advice: what would help where nothing can be said, or why a likely pair is not told as one.
    """

    strength: Strength
    record: str = ""
    town: str = ""
    business: str = ""
    advice: str = ""


@dataclass(frozen=True, slots=True)
class Recommendation:
    """One recommended post with its place and its explanation.

    Args:
        alike: near-duplicates of the same organisation, folded under this one.
        note: why the policy of exposure moved it, for those who may read that.
    """

    post: Any
    position: int
    strength: Strength
    explanation: Explanation
    verdict: str = ""
    outlook: Outlook | None = None
    alike: tuple[Any, ...] = ()
    note: str = ""

    @property
    def strength_label(self) -> str:
        """Strength in words."""
        return STRENGTH_LABELS[self.strength]

    @property
    def level(self) -> int:
        """Strength as 1 to 3, for the meter; 0 where nothing can be said."""
        return STRENGTH_LEVELS[self.strength]


def is_on_topic(prospect: Prospect | None) -> bool:
    """Whether a pair is about the same matter, conditions aside; so is one of which nothing can be
    said, since then nothing speaks against it."""
    if prospect is None or prospect.silence is not None:
        return True
    return prospect.town >= ON_TOPIC_FROM


def worth_showing(prospect: Prospect | None, position: int, has_shared_material: bool) -> bool:
    """Whether a place is shown.

    Where nothing can be said, the first three are shown, further ones with a shared material. Else
    a place is shown while it is about the same matter, shares a material or has a chance.

    Args:
        prospect: of the pair; None where there is none.
        position: 1 for the first place.
        has_shared_material: whether both name the same material.
    """
    if prospect is None or prospect.silence is not None:
        return position <= ALWAYS_SHOWN or has_shared_material
    has_chance = prospect.together >= WORTH_SHOWING_FROM
    return has_chance or has_shared_material or is_on_topic(prospect)
