"""What happens to questions to posts. The subject is the question."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import ClassVar

from matchmaker.core.domain_events import DomainEvent
from matchmaker.partnering.introductions.post_questions.domain import QuestionMove, QuestionState


@dataclass(frozen=True, slots=True, kw_only=True)
class PostQuestionAsked(DomainEvent):
    """Somebody asked something about a need or an offering."""

    tag: ClassVar[str] = "post-questions:question:asked"
    post_id: uuid.UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class PostQuestionMoved(DomainEvent):
    """A question was answered, published, refused or taken down.

    Args:
        before, after: the states.
        revision: of the question after the move, for the keys of mails.
    """

    tag: ClassVar[str] = "post-questions:question:moved"
    move: QuestionMove
    before: QuestionState
    after: QuestionState
    revision: int
