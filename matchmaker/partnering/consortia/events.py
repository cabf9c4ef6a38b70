"""What happens to consortia. The subject is the consortium."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import ClassVar

from matchmaker.core.domain_events import DomainEvent

SUBJECT_KIND = "consortia:consortium"
"""What mails and files of a consortium answer for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsortiumFounded(DomainEvent):
    """A consortium grew from a match or a coalition.

    Args:
        match_ids, coalition_id: where it comes from.
    """

    tag: ClassVar[str] = "consortia:consortium:founded"
    match_ids: tuple[uuid.UUID, ...] = ()
    coalition_id: uuid.UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsortiumChanged(DomainEvent):
    """A new version of its content was written."""

    tag: ClassVar[str] = "consortia:consortium:changed"
    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsortiumMoved(DomainEvent):
    """It went from one state to another (values of the states)."""

    tag: ClassVar[str] = "consortia:consortium:moved"
    before: str
    after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PartnerMoved(DomainEvent):
    """A partner was invited, accepted, declined, left or was taken out.

    Args:
        partner_id: the partner's row.
        after: value of its new state.
        count: how often it had been invited, for the keys of notices.
    """

    tag: ClassVar[str] = "consortia:partner:moved"
    partner_id: uuid.UUID
    after: str
    count: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsortiumProposed(DomainEvent):
    """The consortium answers a call with a proposal, or the link was taken back."""

    tag: ClassVar[str] = "consortia:proposal:linked"
    proposal_id: uuid.UUID
    is_linked: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class PartnerRolesChanged(DomainEvent):
    """What a partner does in the consortium was changed."""

    tag: ClassVar[str] = "consortia:partner:roles-changed"
    partner_id: uuid.UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class PartnerAgreed(DomainEvent):
    """A partner agreed to the present version."""

    tag: ClassVar[str] = "consortia:partner:agreed"
    partner_id: uuid.UUID
    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsortiumLeadOffered(DomainEvent):
    """The lead was offered to a partner, who has to take it."""

    tag: ClassVar[str] = "consortia:lead:offered"
    partner_id: uuid.UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsortiumLeadAnswered(DomainEvent):
    """A partner took the lead, or declined it."""

    tag: ClassVar[str] = "consortia:lead:answered"
    partner_id: uuid.UUID
    is_taken: bool
