"""What happens to documented cases."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from matchmaker.core.domain_events import DomainEvent


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseSaved(DomainEvent):
    """A case was added to the library or changed; ``details["fields"]`` names what changed."""

    tag: ClassVar[str] = "cases:case:saved"
