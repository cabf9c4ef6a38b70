"""What happens to the documents of a consortium. The subject is the consortium."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import ClassVar

from matchmaker.core.domain_events import DomainEvent


@dataclass(frozen=True, slots=True, kw_only=True)
class ApprovalDrafted(DomainEvent):
    """Somebody filled in an approval document for the consortium."""

    tag: ClassVar[str] = "consortium_documents:approval:drafted"


@dataclass(frozen=True, slots=True, kw_only=True)
class PackReturned(DomainEvent):
    """A workbook of the consortium came back and waits for a decision.

    Args:
        pack_id: its row.
        base_number: the version it was written from.
    """

    tag: ClassVar[str] = "consortium_documents:pack:returned"
    pack_id: uuid.UUID
    base_number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PackDecided(DomainEvent):
    """A workbook that came back was merged as a version, or put aside.

    Args:
        number: the version it became; None when it was put aside.
    """

    tag: ClassVar[str] = "consortium_documents:pack:decided"
    pack_id: uuid.UUID
    number: int | None = None
