"""Who may see and change needs and offerings. Pure predicates."""

from __future__ import annotations

import uuid
from typing import Protocol

from matchmaker.core.actor import Actor
from matchmaker.posts.domain import (
    EDITABLE_STATES,
    MOVES_OF_SECRETARIAT,
    POST_STATES,
    Move,
    PostState,
    Stage,
)


class Subject(Protocol):
    """What the rules need to know of a post."""

    @property
    def organization_id(self) -> uuid.UUID:
        """The organisation that posts."""

    @property
    def state(self) -> PostState:
        """Where the post stands."""

    @property
    def visibility(self) -> str:
        """Who may read it once it is published."""


STATES_SEEN_BY_ALL = frozenset({PostState.PUBLISHED, PostState.CLOSED})


def can_create(actor: Actor, organization_id: uuid.UUID) -> bool:
    """Editors and representatives post for their organisation, the secretariat for any."""
    return actor.is_secretariat or actor.writes_for(organization_id)


def can_view(actor: Actor, post: Subject) -> bool:
    """Own posts always; published and closed ones by their visibility."""
    if actor.is_secretariat or actor.belongs_to(post.organization_id):
        return True
    if post.state not in STATES_SEEN_BY_ALL:
        return False
    return post.visibility == "public" or actor.is_member


def can_edit(actor: Actor, post: Subject) -> bool:
    """Writers of the organisation and the secretariat, as long as the post is not closed."""
    return post.state in EDITABLE_STATES and can_create(actor, post.organization_id)


def can_see_history(actor: Actor, post: Subject) -> bool:
    """The organisation's own people and the secretariat."""
    return actor.is_secretariat or actor.belongs_to(post.organization_id)


def can_move(actor: Actor, post: Subject, move: Move) -> bool:
    """Whether the person may make this move at all (the state is checked by the move itself)."""
    if move in MOVES_OF_SECRETARIAT:
        return actor.is_secretariat
    return can_create(actor, post.organization_id)


def offered_moves(actor: Actor, post: Subject) -> list[Move]:
    """Moves that the state allows and the person may make, in their usual order."""
    return [move for move in POST_STATES.possible(post.state) if can_move(actor, post, move)]


def can_see_stage(actor: Actor, post: Subject, stage: str, opened: Stage = Stage.PUBLIC) -> bool:
    """Whether a field of the given stage is shown: public → members → interested → parties.

    Args:
        actor: who reads.
        post: the post the field belongs to.
        stage: of the field, a word of :class:`Stage`.
        opened: how far an introduction of this post has opened it to the reader's organisation.
    """
    if actor.is_secretariat or actor.belongs_to(post.organization_id):
        return True
    of_member = Stage.MEMBERS if actor.is_member else Stage.PUBLIC
    return Stage(stage).place <= max(of_member.place, opened.place)


def can_recommend_for(actor: Actor, post: Subject) -> bool:
    """Whether the person may read the partners ranked for this post: whoever may read the post."""
    return can_view(actor, post)
