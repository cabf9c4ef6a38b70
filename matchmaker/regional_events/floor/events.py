"""What happens on the floor. ``subject_id`` is the question or the poll; ``event_id`` the event.

What people ask and vote is recorded without their names, so that the log does not tell who wanted
what; what moderators do is recorded with theirs.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import ClassVar

from matchmaker.core.actor import Actor
from matchmaker.core.domain_events import DomainEvent
from matchmaker.regional_events.floor.domain import PollMove, QuestionMove

AUDIENCE = Actor(name="イベントの参加者")
"""Stands in the log for whoever asks and votes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FloorEvent(DomainEvent):
    """Something on the floor of an event."""

    event_id: uuid.UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class FloorChanged(FloorEvent):
    """The moderators changed what is taken; ``details`` has the switches. Subject: the event."""

    tag: ClassVar[str] = "floor:settings:changed"


@dataclass(frozen=True, slots=True, kw_only=True)
class FloorLinkRenewed(FloorEvent):
    """The link of the projection or the code to join was replaced. Subject: the event."""

    tag: ClassVar[str] = "floor:link:renewed"


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectionChanged(FloorEvent):
    """Something else is projected, or nothing. Subject: the event."""

    tag: ClassVar[str] = "floor:projection:changed"


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionSent(FloorEvent):
    """Somebody sent a question or an opinion."""

    tag: ClassVar[str] = "floor:question:sent"


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionMoved(FloorEvent):
    """A question was accepted, rejected, answered, taken back."""

    tag: ClassVar[str] = "floor:question:moved"
    move: QuestionMove


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionReworded(FloorEvent):
    """The wording shown was smoothed; ``details`` has both, and the original stays."""

    tag: ClassVar[str] = "floor:question:reworded"


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionQueued(FloorEvent):
    """The order of those that come up next was changed."""

    tag: ClassVar[str] = "floor:question:queued"


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionsMerged(FloorEvent):
    """A question now stands for another one as well; ``details`` names the other."""

    tag: ClassVar[str] = "floor:question:merged"


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionSeparated(FloorEvent):
    """A merge was taken back."""

    tag: ClassVar[str] = "floor:question:separated"


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionVoted(FloorEvent):
    """Somebody supports a question, or does so no longer."""

    tag: ClassVar[str] = "floor:question:voted"


@dataclass(frozen=True, slots=True, kw_only=True)
class PollSaved(FloorEvent):
    """A show of hands was prepared, changed or removed."""

    tag: ClassVar[str] = "floor:poll:saved"


@dataclass(frozen=True, slots=True, kw_only=True)
class PollMoved(FloorEvent):
    """A show of hands was opened or closed."""

    tag: ClassVar[str] = "floor:poll:moved"
    move: PollMove


@dataclass(frozen=True, slots=True, kw_only=True)
class PollAnswered(FloorEvent):
    """Somebody answered a show of hands, or changed the answer."""

    tag: ClassVar[str] = "floor:poll:answered"


@dataclass(frozen=True, slots=True, kw_only=True)
class GuestsForgotten(FloorEvent):
    """Names and keys of guests were deleted. Subject: the event."""

    tag: ClassVar[str] = "floor:guests:forgotten"
