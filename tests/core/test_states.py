"""The shared mechanism of states."""

from __future__ import annotations

from enum import StrEnum

import pytest

from matchmaker.core.errors import IllegalMove, ProductError
from matchmaker.core.states import Rule, StateMachine


class Door(StrEnum):
    """States of a door."""

    OPEN = "open"
    SHUT = "shut"


class Push(StrEnum):
    """Moves of a door."""

    SHUT = "shut"
    OPEN = "open"


DOORS: StateMachine[Door, Push] = StateMachine(
    labels={Door.OPEN: "開", Door.SHUT: "閉"},
    moves={
        Push.SHUT: Rule("閉める", frozenset({Door.OPEN}), Door.SHUT),
        Push.OPEN: Rule("開ける", frozenset({Door.SHUT}), Door.OPEN, needs_reason=True),
    },
)


def test_a_move_leads_to_its_target() -> None:
    assert DOORS.check(Door.OPEN, Push.SHUT) is Door.SHUT


def test_every_other_move_is_refused_and_says_where_the_record_stands() -> None:
    with pytest.raises(IllegalMove, match="「閉」の状態では「閉める」はできません"):
        DOORS.check(Door.SHUT, Push.SHUT)


@pytest.mark.parametrize("reason", ["", "   ", "\n"])
def test_a_reason_is_asked_for_where_one_is_needed(reason: str) -> None:
    with pytest.raises(ProductError, match="理由") as refused:
        DOORS.check(Door.SHUT, Push.OPEN, reason)
    assert refused.value.field == "reason"
    assert DOORS.check(Door.SHUT, Push.OPEN, "風") is Door.OPEN


def test_possible_moves_follow_the_state() -> None:
    assert DOORS.possible(Door.OPEN) == [Push.SHUT]
