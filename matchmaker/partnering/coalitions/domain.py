"""Rules of coalitions: states and moves, bounds of what people set, distances. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from matchmaker.core.states import Rule, StateMachine

MEMBERS_MOST = 20
"""Most towns that a person may ask for; more are no group that talks to each other."""
MEMBERS_USUAL = 8
KM_MOST = 500
KM_USUAL = 100
CANDIDATES_MOST = 200
NOTE_LENGTH = 1_000
REASON_LENGTH = 1_000
SOURCE_LENGTH = 300
RATE_MOST = Decimal(2_000)
"""Kilogrammes a head and year; all municipal waste together is below 400."""
RATE_STEP = Decimal("0.001")
"""As finely as a rate is kept, kilogrammes."""


class MemberSide(StrEnum):
    """As what somebody is asked."""

    TOWN = "town"
    BUSINESS = "business"


class MemberState(StrEnum):
    """What an asked town or the business said."""

    INVITED = "invited"
    IN = "in"
    OUT = "out"


class MemberMove(StrEnum):
    """What can be done with a membership."""

    JOIN = "join"
    DECLINE = "decline"
    LEAVE = "leave"
    ASK_AGAIN = "ask_again"


class CoalitionState(StrEnum):
    """Where a coalition stands."""

    FORMING = "forming"
    REACHED = "reached"
    CLOSED = "closed"


class CoalitionMove(StrEnum):
    """What happens to a coalition as a whole."""

    REACH = "reach"
    FALL_BACK = "fall_back"
    CLOSE = "close"


class Standing(StrEnum):
    """Whether a sum of quantities reaches a lot, told by the ends of the ranges."""

    CERTAIN = "certain"
    POSSIBLE = "possible"
    SHORT = "short"


MEMBER_LABELS = {
    MemberState.INVITED: "返事待ち",
    MemberState.IN: "参加",
    MemberState.OUT: "不参加",
}
COALITION_LABELS = {
    CoalitionState.FORMING: "声かけ中",
    CoalitionState.REACHED: "成立",
    CoalitionState.CLOSED: "とりやめ",
}
STANDING_LABELS = {
    Standing.CERTAIN: "少ないほうの量でも届く",
    Standing.POSSIBLE: "多いほうの量なら届く",
    Standing.SHORT: "まだ届かない",
}
MEMBER_STATES: StateMachine[MemberState, MemberMove] = StateMachine(
    MEMBER_LABELS,
    {
        MemberMove.JOIN: Rule("参加する", frozenset({MemberState.INVITED}), MemberState.IN),
        MemberMove.DECLINE: Rule("参加しない", frozenset({MemberState.INVITED}), MemberState.OUT),
        MemberMove.LEAVE: Rule(
            "参加を取り消す", frozenset({MemberState.IN}), MemberState.OUT, needs_reason=True
        ),
        MemberMove.ASK_AGAIN: Rule(
            "もう一度声をかける", frozenset({MemberState.OUT}), MemberState.INVITED
        ),
    },
)
ANSWERS = (MemberMove.JOIN, MemberMove.DECLINE, MemberMove.LEAVE)
"""Moves of the asked side; asking again is for those who formed the coalition."""
COALITION_STATES: StateMachine[CoalitionState, CoalitionMove] = StateMachine(
    COALITION_LABELS,
    {
        CoalitionMove.REACH: Rule(
            "成立", frozenset({CoalitionState.FORMING}), CoalitionState.REACHED
        ),
        CoalitionMove.FALL_BACK: Rule(
            "声かけに戻る", frozenset({CoalitionState.REACHED}), CoalitionState.FORMING
        ),
        CoalitionMove.CLOSE: Rule(
            "とりやめる",
            frozenset({CoalitionState.FORMING, CoalitionState.REACHED}),
            CoalitionState.CLOSED,
            needs_reason=True,
        ),
    },
)
LIVE_STATES = frozenset({CoalitionState.FORMING, CoalitionState.REACHED})


@dataclass(frozen=True, slots=True)
class Tonnes:
    """A quantity as a range, tonnes a year.

    Args:
        low, high: its ends; equal for a single number.
    """

    low: Decimal
    high: Decimal

    def __add__(self, other: Tonnes) -> Tonnes:
        """The ends are added each for itself."""
        return Tonnes(self.low + other.low, self.high + other.high)


NOTHING = Tonnes(Decimal(0), Decimal(0))


def standing_of(total: Tonnes, lot: Decimal) -> Standing:
    """Whether quantities of ``total`` tonnes reach a lot of ``lot`` tonnes."""
    if total.low >= lot:
        return Standing.CERTAIN
    return Standing.POSSIBLE if total.high >= lot else Standing.SHORT
