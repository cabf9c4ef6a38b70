"""What happens in the evaluation ledger. ``subject_id`` is the need of the pair."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from matchmaker.core.domain_events import DomainEvent


@dataclass(frozen=True, slots=True, kw_only=True)
class PairJudged(DomainEvent):
    """A judge said, or changed, what they think of a pair."""

    tag: ClassVar[str] = "matching:pair:judged"


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgementTakenBack(DomainEvent):
    """A judge took back what they had said."""

    tag: ClassVar[str] = "matching:pair:judgement-taken-back"


@dataclass(frozen=True, slots=True, kw_only=True)
class PairSkipped(DomainEvent):
    """A judge passed over a pair."""

    tag: ClassVar[str] = "matching:pair:skipped"
