"""What happens to support programmes and to the figures that consortia give for them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from matchmaker.core.domain_events import DomainEvent


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgrammeSaved(DomainEvent):
    """A support programme was added or changed. The subject is the programme."""

    tag: ClassVar[str] = "support_programmes:programme:saved"


@dataclass(frozen=True, slots=True, kw_only=True)
class FiguresSaved(DomainEvent):
    """A consortium gave figures for its conditions. The subject is the consortium."""

    tag: ClassVar[str] = "support_programmes:figures:saved"
