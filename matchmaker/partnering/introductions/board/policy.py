"""Who works with the board."""

from __future__ import annotations

from matchmaker.core.actor import Actor
from matchmaker.partnering.introductions.board.domain import ACTED_MOVES
from matchmaker.partnering.introductions.domain import (
    INTRODUCTION_STATES,
    IntroductionMove,
    IntroductionState,
    Side,
    other_side,
)
from matchmaker.partnering.introductions.policy import MOVES_OF_RECEIVER, MOVES_OF_SENDER


def can_see_board(actor: Actor) -> bool:
    """The board is the secretariat's."""
    return actor.is_secretariat


def can_act(actor: Actor) -> bool:
    """Acting for a side and correcting leave a trace; the secretariat alone does it."""
    return actor.is_secretariat


def offered(state: IntroductionState) -> list[IntroductionMove]:
    """Moves of the secretariat that a state (by the clock) allows."""
    return [move for move in INTRODUCTION_STATES.possible(state) if move in ACTED_MOVES]


def acted_side(move: IntroductionMove, from_side: Side) -> Side | None:
    """For which side a move is made; None where both can make it, or neither."""
    if move in MOVES_OF_RECEIVER:
        return other_side(from_side)
    return from_side if move in MOVES_OF_SENDER else None
