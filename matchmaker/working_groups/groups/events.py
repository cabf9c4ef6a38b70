"""What happens to working groups and the people in them."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import ClassVar

from matchmaker.core.domain_events import DomainEvent
from matchmaker.working_groups.groups.domain import ApplicationState, GroupMove, GroupRole


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupFounded(DomainEvent):
    """A group was entered."""

    tag: ClassVar[str] = "groups:group:founded"


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupChanged(DomainEvent):
    """Its data changed; ``details["fields"]`` names which."""

    tag: ClassVar[str] = "groups:group:changed"


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupMoved(DomainEvent):
    """It began, rested, went on, was closed or opened again."""

    tag: ClassVar[str] = "groups:group:moved"
    move: GroupMove


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberJoined(DomainEvent):
    """A person got a role; ``subject_id`` is the group."""

    tag: ClassVar[str] = "groups:member:joined"
    member_id: uuid.UUID
    role: GroupRole
    with_mail: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberRoleChanged(DomainEvent):
    """A person got another role in place of one."""

    tag: ClassVar[str] = "groups:member:role-changed"
    member_id: uuid.UUID
    role: GroupRole


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberEnded(DomainEvent):
    """A role came to its end: the person left, or it was ended."""

    tag: ClassVar[str] = "groups:member:ended"
    member_id: uuid.UUID
    role: GroupRole


@dataclass(frozen=True, slots=True, kw_only=True)
class SeatHandedOver(DomainEvent):
    """A colleague took over a role with its open tasks."""

    tag: ClassVar[str] = "groups:member:handed-over"
    old_member_id: uuid.UUID
    new_member_id: uuid.UUID
    role: GroupRole
    tasks: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ApplicationMade(DomainEvent):
    """Somebody asked to join; ``subject_id`` is the group."""

    tag: ClassVar[str] = "groups:application:made"
    application_id: uuid.UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberInvited(DomainEvent):
    """Somebody was asked to join."""

    tag: ClassVar[str] = "groups:application:invited"
    application_id: uuid.UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class ApplicationDecided(DomainEvent):
    """An application or invitation was accepted or declined."""

    tag: ClassVar[str] = "groups:application:decided"
    application_id: uuid.UUID
    state: ApplicationState


@dataclass(frozen=True, slots=True, kw_only=True)
class ApplicationWithdrawn(DomainEvent):
    """An application or invitation was taken back."""

    tag: ClassVar[str] = "groups:application:withdrawn"
    application_id: uuid.UUID
