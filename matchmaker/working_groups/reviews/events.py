"""What happens to reviews and decisions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from matchmaker.core.domain_events import DomainEvent


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewsAssigned(DomainEvent):
    """The reviews of a call (the subject) were brought into step; ``details`` has the numbers.

    ``details["new"]`` says by reviewer's id how many proposals are new to that person.
    """

    tag: ClassVar[str] = "reviews:call:assigned"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewReopened(DomainEvent):
    """A proposal was handed in again, so its review has to be looked at anew."""

    tag: ClassVar[str] = "reviews:review:reopened"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewSaved(DomainEvent):
    """A reviewer saved a draft."""

    tag: ClassVar[str] = "reviews:review:saved"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewSubmitted(DomainEvent):
    """A reviewer handed in scores, for the first time or changed."""

    tag: ClassVar[str] = "reviews:review:submitted"


@dataclass(frozen=True, slots=True, kw_only=True)
class ConflictDeclared(DomainEvent):
    """A reviewer declared a conflict of interest."""

    tag: ClassVar[str] = "reviews:conflict:declared"


@dataclass(frozen=True, slots=True, kw_only=True)
class ConflictTakenBack(DomainEvent):
    """A reviewer took a declaration back."""

    tag: ClassVar[str] = "reviews:conflict:taken-back"


@dataclass(frozen=True, slots=True, kw_only=True)
class CommentWritten(DomainEvent):
    """Somebody contributed to the discussion of a proposal (the subject)."""

    tag: ClassVar[str] = "reviews:comment:written"


@dataclass(frozen=True, slots=True, kw_only=True)
class CommentRetracted(DomainEvent):
    """Somebody took back a contribution."""

    tag: ClassVar[str] = "reviews:comment:retracted"


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionPrepared(DomainEvent):
    """A decision was drafted or changed; it has to be checked."""

    tag: ClassVar[str] = "reviews:decision:prepared"


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionChecked(DomainEvent):
    """A second person checked a decision."""

    tag: ClassVar[str] = "reviews:decision:checked"


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionsReleased(DomainEvent):
    """The decisions of a call (the subject) were released together."""

    tag: ClassVar[str] = "reviews:call:released"


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionReleased(DomainEvent):
    """One decision (the subject) became valid and goes to the authors."""

    tag: ClassVar[str] = "reviews:decision:released"


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionCorrected(DomainEvent):
    """A released decision (the subject) was put right."""

    tag: ClassVar[str] = "reviews:decision:corrected"
