"""What happens to imports; the posts themselves record their own events."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from matchmaker.core.domain_events import DomainEvent


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportStarted(DomainEvent):
    """A checked file is being written."""

    tag: ClassVar[str] = "posts:import:started"


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportFinished(DomainEvent):
    """All rows wanted were written; ``details`` counts them."""

    tag: ClassVar[str] = "posts:import:finished"


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportFailed(DomainEvent):
    """The import was given up; what it had written was taken back."""

    tag: ClassVar[str] = "posts:import:failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportUndone(DomainEvent):
    """The posts of an import that nobody had changed were removed; ``details`` counts them."""

    tag: ClassVar[str] = "posts:import:undone"
