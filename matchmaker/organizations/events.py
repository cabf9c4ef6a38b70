"""What happens to organisations."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from matchmaker.core.domain_events import DomainEvent


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganizationCreated(DomainEvent):
    """An organisation was entered."""

    tag: ClassVar[str] = "organizations:organization:created"


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganizationChanged(DomainEvent):
    """Its data changed; ``details["fields"]`` names which."""

    tag: ClassVar[str] = "organizations:organization:changed"


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganizationTrustChanged(DomainEvent):
    """The secretariat began or ceased to trust it."""

    tag: ClassVar[str] = "organizations:organization:trust-changed"


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganizationWithdrawn(DomainEvent):
    """It no longer takes part."""

    tag: ClassVar[str] = "organizations:organization:withdrawn"


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganizationReadmitted(DomainEvent):
    """It takes part again."""

    tag: ClassVar[str] = "organizations:organization:readmitted"
