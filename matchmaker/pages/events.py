"""What happens to reference data of the pages for visitors."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from matchmaker.core.domain_events import DomainEvent


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferenceEventSaved(DomainEvent):
    """A public event was added or changed; ``details["fields"]`` names what changed."""

    tag: ClassVar[str] = "pages:reference-event:saved"
