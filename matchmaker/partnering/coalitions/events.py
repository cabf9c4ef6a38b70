"""What happens to coalitions. The subject is the coalition."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import ClassVar

from matchmaker.core.domain_events import DomainEvent


@dataclass(frozen=True, slots=True, kw_only=True)
class CoalitionFormed(DomainEvent):
    """Somebody chose a group and invited its towns.

    Args:
        need_ids: needs of the members that have one.
        offering_id: the offering whose minimum lot is to be reached.
    """

    tag: ClassVar[str] = "coalitions:coalition:formed"
    need_ids: tuple[uuid.UUID, ...]
    offering_id: uuid.UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class CoalitionMemberAnswered(DomainEvent):
    """An invited town or the business said yes or no, or left again."""

    tag: ClassVar[str] = "coalitions:member:answered"
    member_id: uuid.UUID
    is_in: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CoalitionReached(DomainEvent):
    """All that were asked agreed and the lot is reached."""

    tag: ClassVar[str] = "coalitions:coalition:reached"


@dataclass(frozen=True, slots=True, kw_only=True)
class CoalitionClosed(DomainEvent):
    """The coalition was given up, with a reason."""

    tag: ClassVar[str] = "coalitions:coalition:closed"


@dataclass(frozen=True, slots=True, kw_only=True)
class CoalitionMemberAsked(DomainEvent):
    """A town or the business was asked to take part.

    Args:
        member_id: the member's row.
        count: how often it has been asked, for the keys of notices.
    """

    tag: ClassVar[str] = "coalitions:member:asked"
    member_id: uuid.UUID
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CoalitionRateKept(DomainEvent):
    """The secretariat kept, changed or took away the rate behind estimates; the subject is it."""

    tag: ClassVar[str] = "coalitions:rate:kept"
