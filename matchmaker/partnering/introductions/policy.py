"""Who may express interest, answer, read. Pure predicates."""

from __future__ import annotations

import uuid
from typing import Protocol

from matchmaker.core.actor import Actor
from matchmaker.partnering.introductions.domain import (
    INTRODUCTION_STATES,
    IntroductionMove,
    IntroductionState,
    Side,
    other_side,
)
from matchmaker.posts.domain import PostState
from matchmaker.posts.policy import Subject
from matchmaker.posts.policy import can_view as can_view_post


class Standing(Protocol):
    """What the rules need to know of an introduction."""

    @property
    def sender_organization_id(self) -> uuid.UUID:
        """The side that expressed its interest."""

    @property
    def receiver_organization_id(self) -> uuid.UUID:
        """The side that is asked."""

    @property
    def from_side(self) -> Side:
        """Which of the two sides sent it."""

    @property
    def state(self) -> IntroductionState:
        """Where it stands."""


MOVES_OF_RECEIVER = frozenset(
    {IntroductionMove.ACCEPT, IntroductionMove.DECLINE, IntroductionMove.ASK_BACK}
)
MOVES_OF_SENDER = frozenset({IntroductionMove.REPLY, IntroductionMove.WITHDRAW})


def own_side(actor: Actor, need: Subject, offering: Subject) -> Side | None:
    """The side for which the person writes; the town's for somebody who writes for both."""
    if actor.writes_for(need.organization_id):
        return Side.TOWN
    return Side.BUSINESS if actor.writes_for(offering.organization_id) else None


def can_list(actor: Actor) -> bool:
    """Members read those of their organisations; the secretariat is led to its board."""
    return bool(actor.roles) or actor.is_secretariat


def can_send(actor: Actor, need: Subject, offering: Subject) -> bool:
    """Who writes for one of two organisations, once both posts are published and to be seen.

    The secretariat sends for either side, which is noted with it.
    """
    posts = (need, offering)
    if need.organization_id == offering.organization_id:
        return False
    if any(post.state is not PostState.PUBLISHED for post in posts):
        return False
    takes_part = actor.is_secretariat or own_side(actor, need, offering) is not None
    return takes_part and all(can_view_post(actor, post) for post in posts)


def can_view(actor: Actor, introduction: Standing) -> bool:
    """All people of the two organisations, and the secretariat."""
    return actor.is_secretariat or any(
        actor.belongs_to(each)
        for each in (introduction.sender_organization_id, introduction.receiver_organization_id)
    )


def can_take_part(actor: Actor, introduction: Standing) -> bool:
    """Whether the person writes for one of the two sides."""
    return any(
        actor.writes_for(each)
        for each in (introduction.sender_organization_id, introduction.receiver_organization_id)
    )


def can_answer(actor: Actor, introduction: Standing) -> bool:
    """Who writes for the side that is asked."""
    return actor.writes_for(introduction.receiver_organization_id)


def can_act_for(actor: Actor, introduction: Standing, organization_id: uuid.UUID) -> bool:
    """The secretariat acts for either of the two sides, with a trace."""
    sides = (introduction.sender_organization_id, introduction.receiver_organization_id)
    return actor.is_secretariat and organization_id in sides


def can_move(actor: Actor, introduction: Standing, move: IntroductionMove) -> bool:
    """Whether the person may make this move at all (the state is checked by the move itself).

    A declined introduction is opened again by who declined it, a withdrawn one by who withdrew
    it, one without an answer by either. A match is taken back by the secretariat alone.
    """
    if move in MOVES_OF_RECEIVER:
        return can_answer(actor, introduction)
    if move in MOVES_OF_SENDER:
        return actor.writes_for(introduction.sender_organization_id)
    if move is IntroductionMove.REOPEN:
        return _can_reopen(actor, introduction)
    return move is IntroductionMove.UNDO and actor.is_secretariat


def _can_reopen(actor: Actor, introduction: Standing) -> bool:
    if introduction.state is IntroductionState.DECLINED:
        return can_answer(actor, introduction)
    if introduction.state is IntroductionState.WITHDRAWN:
        return actor.writes_for(introduction.sender_organization_id)
    return can_take_part(actor, introduction)


def offered_moves(
    actor: Actor, introduction: Standing, state: IntroductionState
) -> list[IntroductionMove]:
    """Moves that the state allows and the person may make, in their usual order.

    Args:
        state: by the clock, see ``domain.state_at``.
    """
    return [
        move
        for move in INTRODUCTION_STATES.possible(state)
        if move not in (IntroductionMove.UNDO, IntroductionMove.EXPIRE)
        and can_move(actor, introduction, move)
    ]


def side_of(actor: Actor, introduction: Standing) -> Side | None:
    """The side to which the person belongs; the receiver's for somebody who belongs to both."""
    if actor.belongs_to(introduction.receiver_organization_id):
        return other_side(introduction.from_side)
    if actor.belongs_to(introduction.sender_organization_id):
        return introduction.from_side
    return None
