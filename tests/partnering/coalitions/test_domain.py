"""Every move of members and coalitions, allowed or not."""

from __future__ import annotations

from decimal import Decimal

import pytest

from matchmaker.core.errors import IllegalMove
from matchmaker.partnering.coalitions.domain import (
    COALITION_STATES,
    MEMBER_STATES,
    CoalitionMove,
    CoalitionState,
    MemberMove,
    MemberState,
    Standing,
    Tonnes,
    standing_of,
)

MEMBER_MOVES = {
    (MemberState.INVITED, MemberMove.JOIN): MemberState.IN,
    (MemberState.INVITED, MemberMove.DECLINE): MemberState.OUT,
    (MemberState.IN, MemberMove.LEAVE): MemberState.OUT,
    (MemberState.OUT, MemberMove.ASK_AGAIN): MemberState.INVITED,
}
COALITION_MOVES = {
    (CoalitionState.FORMING, CoalitionMove.REACH): CoalitionState.REACHED,
    (CoalitionState.REACHED, CoalitionMove.FALL_BACK): CoalitionState.FORMING,
    (CoalitionState.FORMING, CoalitionMove.CLOSE): CoalitionState.CLOSED,
    (CoalitionState.REACHED, CoalitionMove.CLOSE): CoalitionState.CLOSED,
}


@pytest.mark.parametrize("state", MemberState)
@pytest.mark.parametrize("move", MemberMove)
def test_moves_of_members(state: MemberState, move: MemberMove) -> None:
    if (state, move) in MEMBER_MOVES:
        assert MEMBER_STATES.check(state, move, "都合により") is MEMBER_MOVES[state, move]
    else:
        with pytest.raises(IllegalMove):
            MEMBER_STATES.check(state, move, "都合により")


@pytest.mark.parametrize("state", CoalitionState)
@pytest.mark.parametrize("move", CoalitionMove)
def test_moves_of_coalitions(state: CoalitionState, move: CoalitionMove) -> None:
    if (state, move) in COALITION_MOVES:
        assert COALITION_STATES.check(state, move, "都合により") is COALITION_MOVES[state, move]
    else:
        with pytest.raises(IllegalMove):
            COALITION_STATES.check(state, move, "都合により")


def test_ranges_tell_certain_from_possible() -> None:
    total = Tonnes(Decimal(100), Decimal(300))
    assert standing_of(total, Decimal(100)) is Standing.CERTAIN
    assert standing_of(total, Decimal(300)) is Standing.POSSIBLE
    assert standing_of(total, Decimal(301)) is Standing.SHORT
