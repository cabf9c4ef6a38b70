"""What the secretariat does to the vocabulary of materials."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from matchmaker.core.domain_events import DomainEvent


@dataclass(frozen=True, slots=True, kw_only=True)
class MaterialEvent(DomainEvent):
    """Something happened to a material; ``subject_id`` follows from its code."""

    code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MaterialAdded(MaterialEvent):
    """The vocabulary has a new entry."""

    tag: ClassVar[str] = "secretariat:material:added"


@dataclass(frozen=True, slots=True, kw_only=True)
class MaterialRenamed(MaterialEvent):
    """An entry has another name; its code stays."""

    tag: ClassVar[str] = "secretariat:material:renamed"


@dataclass(frozen=True, slots=True, kw_only=True)
class MaterialDeactivated(MaterialEvent):
    """An entry is no longer offered for new posts."""

    tag: ClassVar[str] = "secretariat:material:deactivated"


@dataclass(frozen=True, slots=True, kw_only=True)
class MaterialReactivated(MaterialEvent):
    """An entry is offered again."""

    tag: ClassVar[str] = "secretariat:material:reactivated"
