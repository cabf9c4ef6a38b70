"""What happens to surveys."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from matchmaker.core.domain_events import DomainEvent


@dataclass(frozen=True, slots=True, kw_only=True)
class SurveyCreated(DomainEvent):
    """A survey was written; ``details`` say what it is about."""

    tag: ClassVar[str] = "surveys:survey:created"


@dataclass(frozen=True, slots=True, kw_only=True)
class SurveyChanged(DomainEvent):
    """A survey was changed."""

    tag: ClassVar[str] = "surveys:survey:changed"


@dataclass(frozen=True, slots=True, kw_only=True)
class SurveyRemoved(DomainEvent):
    """A survey that nobody had answered was taken back."""

    tag: ClassVar[str] = "surveys:survey:removed"


@dataclass(frozen=True, slots=True, kw_only=True)
class SurveyAnswered(DomainEvent):
    """Somebody answered; the actor is left out when no names are asked."""

    tag: ClassVar[str] = "surveys:survey:answered"


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswersWanted(DomainEvent):
    """A survey has begun, or ends soon (``is_reminder``): those without an answer get a mail."""

    tag: ClassVar[str] = "surveys:survey:answers-wanted"

    is_reminder: bool
