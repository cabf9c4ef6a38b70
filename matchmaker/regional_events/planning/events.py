"""What happens to events, their staff, their invitations and their tracks."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import timedelta
from typing import ClassVar

from matchmaker.core.domain_events import DomainEvent
from matchmaker.regional_events.planning.domain import EventMove, EventState


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One fact of an event that changed, in words people read."""

    label: str
    old: str
    new: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EventCreated(DomainEvent):
    """An event was begun; as a draft, seen by its staff only."""

    tag: ClassVar[str] = "regional-events:event:created"


@dataclass(frozen=True, slots=True, kw_only=True)
class EventCopied(DomainEvent):
    """An event was begun with the content of another; ``details["copied_from_id"]`` names it."""

    tag: ClassVar[str] = "regional-events:event:copied"


@dataclass(frozen=True, slots=True, kw_only=True)
class EventChanged(DomainEvent):
    """Facts of an event changed.

    Args:
        told: changes that those who take part are told of; empty when none concerns them.
        is_public: whether others than the staff know of the event, so that there is whom to tell.
        moved_by: by how much the whole event moved; zero when only its length changed.
    """

    tag: ClassVar[str] = "regional-events:event:changed"
    told: tuple[Change, ...] = ()
    is_public: bool = False
    moved_by: timedelta = timedelta(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class EventMoved(DomainEvent):
    """An event was published, withdrawn, postponed, resumed, cancelled, revived or put away.

    Args:
        move: the step.
        old_state: where it stood before.
        told: what is different now (a new date), in words people read.
        moved_by: by how much the whole event moved.
    """

    tag: ClassVar[str] = "regional-events:event:moved"
    move: EventMove
    old_state: EventState
    told: tuple[Change, ...] = ()
    moved_by: timedelta = timedelta(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class TrackChanged(DomainEvent):
    """A track, its seats, quotas, reserves or waves changed; ``subject_id`` is the event.

    Args:
        track_id: the track; None when several changed.
    """

    tag: ClassVar[str] = "regional-events:track:changed"
    track_id: uuid.UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffChanged(DomainEvent):
    """Somebody was given duties for an event, or has them no more."""

    tag: ClassVar[str] = "regional-events:staff:changed"
    user_id: uuid.UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class InviteesChanged(DomainEvent):
    """Somebody was invited to an event, or an invitation was taken back."""

    tag: ClassVar[str] = "regional-events:invitees:changed"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferenceEventSaved(DomainEvent):
    """A past event was added or changed; ``details["fields"]`` names what changed."""

    tag: ClassVar[str] = "regional-events:reference-event:saved"
