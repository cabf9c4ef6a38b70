"""What happens to the vocabulary by which posts are read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from matchmaker.core.domain_events import DomainEvent


@dataclass(frozen=True, slots=True, kw_only=True)
class VocabularyChanged(DomainEvent):
    """Posts may have to be read anew; ``subject_id`` follows from the concept's code."""

    code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ConceptAdded(VocabularyChanged):
    """People added a concept."""

    tag: ClassVar[str] = "vocabulary:concept:added"


@dataclass(frozen=True, slots=True, kw_only=True)
class ConceptSwitched(VocabularyChanged):
    """A concept was switched off, or on again."""

    tag: ClassVar[str] = "vocabulary:concept:switched"


@dataclass(frozen=True, slots=True, kw_only=True)
class TermAdded(VocabularyChanged):
    """A concept has another word."""

    tag: ClassVar[str] = "vocabulary:term:added"


@dataclass(frozen=True, slots=True, kw_only=True)
class TermSwitched(VocabularyChanged):
    """A word was switched off, or on again."""

    tag: ClassVar[str] = "vocabulary:term:switched"
