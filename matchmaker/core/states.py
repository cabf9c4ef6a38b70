"""States with reasons: one mechanism for every record that goes from state to state.

A feature states its moves as a table; :meth:`StateMachine.check` refuses every other one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, TypeVar

from matchmaker.core.errors import IllegalMove, ProductError

State = TypeVar("State", bound=StrEnum)
Move = TypeVar("Move", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class Rule(Generic[State]):
    """From where to where a move leads.

    Args:
        label: what people press, in Japanese.
        sources: states the move is possible from.
        target: the state it leads to.
        needs_reason: whether words have to be given for it.
    """

    label: str
    sources: frozenset[State]
    target: State
    needs_reason: bool = False


@dataclass(frozen=True, slots=True)
class StateMachine(Generic[State, Move]):
    """All states of one kind of record and the moves between them.

    Args:
        labels: Japanese word for each state.
        moves: the rule of each move.
    """

    labels: Mapping[State, str]
    moves: Mapping[Move, Rule[State]]

    def check(self, state: State, move: Move, reason: str = "") -> State:
        """The state that ``move`` leads to.

        Raises:
            IllegalMove: the move is not possible from ``state``.
            ProductError: a reason is needed and none was given (field ``reason``).
        """
        rule = self.moves[move]
        if state not in rule.sources:
            raise IllegalMove(
                f"「{self.labels[state]}」の状態では「{rule.label}」はできません。"
                "ほかの人が先に操作したかもしれません。ページを開き直してください。"
            )
        if rule.needs_reason and not reason.strip():
            raise ProductError("理由を入れてください。", "reason")
        return rule.target

    def possible(self, state: State) -> list[Move]:
        """Moves that ``state`` allows, in the order of the table."""
        return [move for move, rule in self.moves.items() if state in rule.sources]
