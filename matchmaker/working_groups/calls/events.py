"""What happens to calls. ``subject_id`` is the call."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from matchmaker.core.domain_events import DomainEvent
from matchmaker.working_groups.calls.domain import CallMove, CallQuestionMove


@dataclass(frozen=True, slots=True, kw_only=True)
class CallSaved(DomainEvent):
    """A call was made or changed; ``details["parts"]`` names what."""

    tag: ClassVar[str] = "calls:call:saved"


@dataclass(frozen=True, slots=True, kw_only=True)
class CallMoved(DomainEvent):
    """A call was published, taken back, or decided."""

    tag: ClassVar[str] = "calls:call:moved"
    move: CallMove
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CallCancelled(CallMoved):
    """A call will not go on, for the reason given; whoever has written a proposal is told."""

    tag: ClassVar[str] = "calls:call:cancelled"


@dataclass(frozen=True, slots=True, kw_only=True)
class CallExtended(DomainEvent):
    """The deadline was moved to a later moment, for the reason given."""

    tag: ClassVar[str] = "calls:call:extended"
    title: str
    closes_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class CallOpened(DomainEvent):
    """A call takes proposals from now on (told once for each call)."""

    tag: ClassVar[str] = "calls:call:opened"


@dataclass(frozen=True, slots=True, kw_only=True)
class CallClosingSoon(DomainEvent):
    """The deadline is near; whoever is still writing is reminded.

    Args:
        days: the notice that is due: 7 or 1 days before.
        closes_at: the deadline.
        title: name of the call.
    """

    tag: ClassVar[str] = "calls:call:closing-soon"
    days: int
    closes_at: datetime
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionsFrozen(DomainEvent):
    """The first proposal was begun: questions and criteria stay as they are."""

    tag: ClassVar[str] = "calls:call:frozen"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewerAdded(DomainEvent):
    """A person reviews the proposals of the call."""

    tag: ClassVar[str] = "calls:reviewer:added"
    user_id: uuid.UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewerLeft(DomainEvent):
    """A person does not review the proposals of the call any more, for the reason given."""

    tag: ClassVar[str] = "calls:reviewer:left"
    user_id: uuid.UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class CallQuestionAsked(DomainEvent):
    """A member asked something about a call."""

    tag: ClassVar[str] = "calls:question:asked"
    question_id: uuid.UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class CallQuestionMoved(DomainEvent):
    """A question was answered, published, dismissed or taken back."""

    tag: ClassVar[str] = "calls:question:moved"
    question_id: uuid.UUID
    move: CallQuestionMove
