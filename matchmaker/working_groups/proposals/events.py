"""What happens to proposals."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import ClassVar

from matchmaker.core.domain_events import DomainEvent
from matchmaker.working_groups.proposals.domain import ProposalMove


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposalBegun(DomainEvent):
    """Somebody began a proposal."""

    tag: ClassVar[str] = "proposals:proposal:begun"


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposalSaved(DomainEvent):
    """The text changed."""

    tag: ClassVar[str] = "proposals:proposal:saved"


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposalMoved(DomainEvent):
    """A proposal went from one state to another."""

    tag: ClassVar[str] = "proposals:proposal:moved"
    move: ProposalMove


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposalExtended(DomainEvent):
    """The secretariat gave one proposal more time."""

    tag: ClassVar[str] = "proposals:proposal:extended"


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthorInvited(DomainEvent):
    """Somebody was asked to write together."""

    tag: ClassVar[str] = "proposals:author:invited"
    user_id: uuid.UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthorAnswered(DomainEvent):
    """An invited person accepted or declined."""

    tag: ClassVar[str] = "proposals:author:answered"
    accepted: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthorLeft(DomainEvent):
    """An author left, or was taken off."""

    tag: ClassVar[str] = "proposals:author:left"
    user_id: uuid.UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class LeadOffered(DomainEvent):
    """The lead was offered to an author."""

    tag: ClassVar[str] = "proposals:lead:offered"
    user_id: uuid.UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class LeadHandedOver(DomainEvent):
    """An author took over the lead."""

    tag: ClassVar[str] = "proposals:lead:handed_over"


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthorsBroughtTogether(DomainEvent):
    """The secretariat asked the leads of several proposals whether they join (推進体制の調整)."""

    tag: ClassVar[str] = "proposals:coordination:proposed"


@dataclass(frozen=True, slots=True, kw_only=True)
class CoordinationAnswered(DomainEvent):
    """A lead said whether they are willing."""

    tag: ClassVar[str] = "proposals:coordination:answered"


@dataclass(frozen=True, slots=True, kw_only=True)
class CoordinationEnded(DomainEvent):
    """A coordination ended: proposals were joined, or it was given up."""

    tag: ClassVar[str] = "proposals:coordination:ended"
