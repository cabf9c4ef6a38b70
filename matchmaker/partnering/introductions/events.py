"""What happens to introductions. The subject is the introduction."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import ClassVar

from matchmaker.core.domain_events import DomainEvent
from matchmaker.partnering.introductions.domain import IntroductionMove, IntroductionState


@dataclass(frozen=True, slots=True, kw_only=True)
class IntroductionSent(DomainEvent):
    """One side expressed its interest in a pair.

    Args:
        on_behalf_of: the organisation for which the secretariat sent it.
        is_told: whether the other side is written to; what both said at a table is told as a match.
    """

    tag: ClassVar[str] = "introductions:introduction:sent"
    need_id: uuid.UUID
    offering_id: uuid.UUID
    on_behalf_of: uuid.UUID | None = None
    is_told: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class IntroductionMoved(DomainEvent):
    """An introduction went from one state to another: answered, withdrawn, closed, reopened.

    Args:
        before, after: the states.
        count: how often it had been closed or opened again, so that notices have keys of their own.
        revision: of the introduction after the move; one move, one revision.
        on_behalf_of: the organisation for which the secretariat acted.
    """

    tag: ClassVar[str] = "introductions:introduction:moved"
    move: IntroductionMove
    before: IntroductionState
    after: IntroductionState
    count: int = 0
    revision: int = 0
    on_behalf_of: uuid.UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class IntroductionNudged(DomainEvent):
    """The side whose answer is awaited was reminded, at half time or at the deadline.

    Args:
        revision: of the introduction when it was reminded of.
    """

    tag: ClassVar[str] = "introductions:introduction:nudged"
    is_last: bool
    count: int = 0
    revision: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class IntroductionCorrected(DomainEvent):
    """The secretariat changed the deadline or the reason code; the state stayed."""

    tag: ClassVar[str] = "introductions:introduction:corrected"
    revision: int = 0
