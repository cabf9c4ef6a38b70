"""Who asks, answers and reads questions to posts. Pure predicates."""

from __future__ import annotations

import uuid
from typing import Protocol

from matchmaker.core.actor import Actor
from matchmaker.partnering.introductions.post_questions.domain import (
    OWNER_MOVES,
    QUESTION_STATES,
    QuestionMove,
    QuestionState,
)
from matchmaker.posts.domain import PostState
from matchmaker.posts.policy import Subject
from matchmaker.posts.policy import can_view as can_view_post


class Question(Protocol):
    """What the rules need to know of a question."""

    @property
    def asker_id(self) -> uuid.UUID | None:
        """Who asked."""

    @property
    def is_named(self) -> bool:
        """Whether the owner may know who asked."""

    @property
    def state(self) -> QuestionState:
        """Where it stands."""


def can_ask(actor: Actor, post: Subject) -> bool:
    """Members ask about published posts of others."""
    return post.state is PostState.PUBLISHED and could_ask(actor, post)


def could_ask(actor: Actor, post: Subject) -> bool:
    """The same, whether or not the post takes questions at present."""
    return (
        actor.is_signed_in
        and actor.is_member
        and can_view_post(actor, post)
        and not actor.belongs_to(post.organization_id)
    )


def can_answer(actor: Actor, post: Subject) -> bool:
    """Writers of the organisation that posted, and the secretariat for it."""
    return actor.is_secretariat or actor.writes_for(post.organization_id)


def reads_all(actor: Actor, post: Subject) -> bool:
    """Who reads all questions to a post: its own people and the secretariat."""
    return actor.is_secretariat or actor.belongs_to(post.organization_id)


def can_read(actor: Actor, post: Subject, question: Question) -> bool:
    """The asker reads the own question; what was published everybody who may read the post."""
    is_own = actor.is_signed_in and question.asker_id == actor.user_id
    if question.state is QuestionState.TAKEN_DOWN:
        return actor.is_secretariat or is_own
    if reads_all(actor, post) or is_own:
        return True
    return question.state is QuestionState.PUBLISHED and can_view_post(actor, post)


def can_see_asker(actor: Actor, post: Subject, question: Question) -> bool:
    """Without a name only the secretariat; with one the owner as well, never the public."""
    if actor.is_secretariat:
        return True
    return question.is_named and actor.belongs_to(post.organization_id)


def offered_moves(actor: Actor, post: Subject, question: Question) -> list[QuestionMove]:
    """Moves that the state allows and the person may make."""
    return [
        move for move in QUESTION_STATES.possible(question.state) if can_move(actor, post, move)
    ]


def can_move(actor: Actor, post: Subject, move: QuestionMove) -> bool:
    """The owner answers; the secretariat takes down."""
    if move in OWNER_MOVES:
        return can_answer(actor, post)
    return actor.is_secretariat
