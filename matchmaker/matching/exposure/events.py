"""What happens to the policy of exposure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from matchmaker.core.domain_events import DomainEvent


@dataclass(frozen=True, slots=True, kw_only=True)
class ExposurePolicyChanged(DomainEvent):
    """The secretariat set how often organisations are shown; ``details`` has the values."""

    tag: ClassVar[str] = "matching:exposure-policy:changed"


@dataclass(frozen=True, slots=True, kw_only=True)
class ExposurePricesComputed(DomainEvent):
    """Prices were computed anew; ``details`` has what they cost."""

    tag: ClassVar[str] = "matching:exposure-prices:computed"
