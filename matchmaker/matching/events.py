"""What happens in matching."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from matchmaker.core.domain_events import DomainEvent


@dataclass(frozen=True, slots=True, kw_only=True)
class RecommendationJudged(DomainEvent):
    """A person said whether a recommended pair is useful."""

    tag: ClassVar[str] = "matching:recommendation:judged"
