"""What happens on the blank map. The subject is the theme."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import ClassVar

from matchmaker.core.domain_events import DomainEvent


@dataclass(frozen=True, slots=True, kw_only=True)
class ThemeDrafted(DomainEvent):
    """A gap became the draft of a call."""

    tag: ClassVar[str] = "blank_map:theme:drafted"
    call_id: uuid.UUID
