"""What happens to meetings while they are planned and announced."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import ClassVar

from matchmaker.core.domain_events import DomainEvent
from matchmaker.working_groups.meetings.domain import MeetingMove, MeetingState


@dataclass(frozen=True, slots=True, kw_only=True)
class MeetingPlanned(DomainEvent):
    """A meeting was planned, or a past one was entered."""

    tag: ClassVar[str] = "meetings:meeting:planned"


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One fact of a meeting that changed, in words people read."""

    label: str
    old: str
    new: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MeetingChanged(DomainEvent):
    """Facts of a meeting changed; ``told`` are the changes that those invited are told of."""

    tag: ClassVar[str] = "meetings:meeting:changed"
    told: tuple[Change, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class MeetingMoved(DomainEvent):
    """A meeting was announced, held, cancelled, or one of these was undone.

    Args:
        move: the step.
        old_state: where it stood before.
        is_again: whether it had been announced before.
    """

    tag: ClassVar[str] = "meetings:meeting:moved"
    move: MeetingMove
    old_state: MeetingState
    is_again: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class AgendaChanged(DomainEvent):
    """The agenda was written or changed."""

    tag: ClassVar[str] = "meetings:agenda:changed"


@dataclass(frozen=True, slots=True, kw_only=True)
class AttendanceAnswered(DomainEvent):
    """Somebody said whether they come.

    Args:
        user_id: whose answer it is.
        former_proxy: name and address of the proxy that is not sent any more.
        has_new_proxy: whether somebody is sent who was not before.
    """

    tag: ClassVar[str] = "meetings:attendance:answered"
    user_id: uuid.UUID
    former_proxy: tuple[str, str] | None = None
    has_new_proxy: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PreparationChanged(DomainEvent):
    """A step of the checklist was added, ticked, unticked or taken away."""

    tag: ClassVar[str] = "meetings:preparation:changed"
