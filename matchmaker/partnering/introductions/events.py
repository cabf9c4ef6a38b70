"""What happens to introductions. The subject is the introduction."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import ClassVar

from matchmaker.core.domain_events import DomainEvent
from matchmaker.partnering.introductions.domain import IntroductionMove, IntroductionState


@dataclass(frozen=True, slots=True, kw_only=True)
class IntroductionSent(DomainEvent):
    """One side expressed its interest in a pair."""

    tag: ClassVar[str] = "introductions:introduction:sent"
    need_id: uuid.UUID
    offering_id: uuid.UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class IntroductionMoved(DomainEvent):
    """An introduction went from one state to another: answered, withdrawn, closed, reopened.

    Args:
        before, after: the states.
        count: how often it had been closed or opened again, so that notices have keys of their own.
    """

    tag: ClassVar[str] = "introductions:introduction:moved"
    move: IntroductionMove
    before: IntroductionState
    after: IntroductionState
    count: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class IntroductionNudged(DomainEvent):
    """The side whose answer is awaited was reminded, at half time or at the deadline."""

    tag: ClassVar[str] = "introductions:introduction:nudged"
    is_last: bool
    count: int = 0
