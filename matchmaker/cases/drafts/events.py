"""What happens to drafts of cases. The subject is the draft."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from matchmaker.core.domain_events import DomainEvent


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseDraftSaved(DomainEvent):
    """A draft was begun or changed."""

    tag: ClassVar[str] = "cases:draft:saved"


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseDraftMoved(DomainEvent):
    """A draft went from one state to another (values of the states)."""

    tag: ClassVar[str] = "cases:draft:moved"
    before: str
    after: str
