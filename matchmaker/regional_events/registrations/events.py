"""What happens to registrations, seats and places in line.

``subject_id`` is the attendee, unless said otherwise; ``event_id`` is always the event. What people
typed (names, addresses) is never in ``details``: the audit log outlives the guests.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from matchmaker.core.domain_events import DomainEvent


class OfferEnd(StrEnum):
    """Why an offered seat is not held any more."""

    DECLINED = "declined"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"
    FROZEN = "frozen"


@dataclass(frozen=True, slots=True, kw_only=True)
class RegistrationEvent(DomainEvent):
    """Anything about a registration.

    Args:
        event_id: the event people register for.
    """

    event_id: uuid.UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Registered(RegistrationEvent):
    """A registration came in; ``subject_id`` is the registration."""

    tag: ClassVar[str] = "registrations:registration:made"


@dataclass(frozen=True, slots=True, kw_only=True)
class MailToConfirm(RegistrationEvent):
    """A guest has to confirm the address by a link; ``subject_id`` is the registration."""

    tag: ClassVar[str] = "registrations:registration:to-confirm"


@dataclass(frozen=True, slots=True, kw_only=True)
class RegistrationConfirmed(RegistrationEvent):
    """A guest confirmed the address; ``subject_id`` is the registration."""

    tag: ClassVar[str] = "registrations:registration:confirmed"


@dataclass(frozen=True, slots=True, kw_only=True)
class RegistrationExpired(RegistrationEvent):
    """A guest did not confirm in time; ``subject_id`` is the registration."""

    tag: ClassVar[str] = "registrations:registration:expired"


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisteredAgain(RegistrationEvent):
    """Somebody who is registered already sent the form again without signing in.

    The page says nothing of it; the person is told by mail.
    """

    tag: ClassVar[str] = "registrations:registration:repeated"


@dataclass(frozen=True, slots=True, kw_only=True)
class SeatConfirmed(RegistrationEvent):
    """A person got a seat.

    Args:
        track_id: where.
        from_track_id: the track that was left for it, if any.
        has_waited: whether it came from the waiting list.
        is_waiting_on: whether the person sits here only until the wanted track has a seat.
    """

    tag: ClassVar[str] = "registrations:seat:confirmed"
    track_id: uuid.UUID
    from_track_id: uuid.UUID | None = None
    has_waited: bool = False
    is_waiting_on: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SeatWaiting(RegistrationEvent):
    """A group or person got in line; ``subject_id`` is the waiting entry.

    Args:
        track_id: for which track.
    """

    tag: ClassVar[str] = "registrations:seat:waiting"
    track_id: uuid.UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class SeatOffered(RegistrationEvent):
    """Seats are held for an answer; ``subject_id`` is the waiting entry.

    Args:
        offers: how many offers the entry has had, this one included.
    """

    tag: ClassVar[str] = "registrations:seat:offered"
    track_id: uuid.UUID
    offers: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferEnded(RegistrationEvent):
    """Offered seats are not held any more; ``subject_id`` is the waiting entry.

    Args:
        end: why; after ``frozen`` the entry keeps its place in line.
    """

    tag: ClassVar[str] = "registrations:seat:offer-ended"
    track_id: uuid.UUID
    end: OfferEnd


@dataclass(frozen=True, slots=True, kw_only=True)
class LineLeft(RegistrationEvent):
    """A group or person left the waiting list; ``subject_id`` is the waiting entry."""

    tag: ClassVar[str] = "registrations:line:left"
    track_id: uuid.UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class LineChanged(RegistrationEvent):
    """Something of a place in line changed (at once, split); ``subject_id`` is the entry."""

    tag: ClassVar[str] = "registrations:line:changed"


@dataclass(frozen=True, slots=True, kw_only=True)
class TrackMoved(RegistrationEvent):
    """A person was moved to another track, or from a seat into the waiting list, by the staff.

    Args:
        from_track_id: where the person sat.
        track_id: where the person sits now; None when the person waits.
        waiting_entry_id: the place in line then.
    """

    tag: ClassVar[str] = "registrations:seat:moved"
    from_track_id: uuid.UUID | None
    track_id: uuid.UUID | None
    waiting_entry_id: uuid.UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class HandedOver(RegistrationEvent):
    """A seat or a place in line went to another person; old code and links are void.

    Args:
        former_name: who had it.
        former_email: where that person is told.
        link_version: version of the new person's links.
    """

    tag: ClassVar[str] = "registrations:seat:handed-over"
    former_name: str
    former_email: str
    link_version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AttendeeCancelled(RegistrationEvent):
    """A person does not come any more.

    Args:
        track_id: where the seat was, if there was one.
    """

    tag: ClassVar[str] = "registrations:seat:cancelled"
    track_id: uuid.UUID | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AttendeeRestored(RegistrationEvent):
    """The staff undid a cancellation; a seat or a place in line follows as an event of its own."""

    tag: ClassVar[str] = "registrations:seat:restored"


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganizationCorrected(RegistrationEvent):
    """The staff put right in whose name a person comes.

    Args:
        moved: ids of those who lost a seat, or an offered one, by it.
    """

    tag: ClassVar[str] = "registrations:attendee:organization-corrected"
    moved: Sequence[uuid.UUID] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class WaveReleased(RegistrationEvent):
    """More seats of a track are given out; ``subject_id`` is the track."""

    tag: ClassVar[str] = "registrations:wave:released"


@dataclass(frozen=True, slots=True, kw_only=True)
class CapacityLowered(RegistrationEvent):
    """A track has fewer seats now; ``subject_id`` is the track, ``details`` says how many moved."""

    tag: ClassVar[str] = "registrations:capacity:lowered"


@dataclass(frozen=True, slots=True, kw_only=True)
class SeatCountersRepaired(RegistrationEvent):
    """Counters of seats were set to what people hold; ``subject_id`` is the event."""

    tag: ClassVar[str] = "registrations:seats:repaired"
