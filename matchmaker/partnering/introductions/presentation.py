"""What the page of an introduction shows, for the side that reads it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from matchmaker.core.actor import Actor
from matchmaker.core.clock import today
from matchmaker.core.formatting import format_moment
from matchmaker.partnering.introductions.domain import (
    INTRODUCTION_STATES,
    LIVE_STATES,
    REASON_LABELS,
    SOURCE_LABELS,
    STATE_LABELS,
    IntroductionState,
    Side,
    closes_at,
    half_time,
    last_day,
    side_awaited,
    state_at,
)
from matchmaker.partnering.introductions.models import Introduction, IntroductionStep
from matchmaker.partnering.introductions.policy import side_of

STATE_KINDS = {
    IntroductionState.OPEN: "wait",
    IntroductionState.ASKED_BACK: "wait",
    IntroductionState.ACCEPTED: "open",
    IntroductionState.DECLINED: "closed",
    IntroductionState.WITHDRAWN: "closed",
    IntroductionState.UNANSWERED: "closed",
}
"""How the mark of each state is coloured."""
SENT, CORRECTED = "関心を伝えた", "内容を訂正"
DONE = {
    "accept": "「話してみたい」と返事",
    "decline": "見送りの返事",
    "ask_back": "質問",
    "reply": "質問への答え",
    "withdraw": "取り下げ",
    "expire": "回答なしとして閉じた",
    "reopen": "もう一度ひらいた",
    "undo": "成立の取り消し",
}


@dataclass(frozen=True, slots=True)
class View:
    """An introduction as one reader sees it at a moment.

    Args:
        introduction: posts and organisations loaded.
        actor: who reads.
        now: the present moment.
    """

    introduction: Introduction
    actor: Actor
    now: datetime

    @property
    def state(self) -> IntroductionState:
        """Where it stands by the clock."""
        return state_at(self.introduction.state, self.introduction.answer_due_at, self.now)

    @property
    def state_label(self) -> str:
        """The state in words; as long as an answer is awaited, whose."""
        if self.is_waiting_for_reader:
            return "あなたの返事を待っています"
        if self.awaited is None:
            return STATE_LABELS[self.state]
        if self.side is None:
            return f"{self.awaited.name}の返事待ち"
        return "自分の団体の返事待ち" if self.is_waiting_for_own else "相手の返事待ち"

    @property
    def state_kind(self) -> str:
        """The colour of the mark: the warm one only for what waits for the reader."""
        if self.state in LIVE_STATES:
            return "wait" if self.is_waiting_for_reader else "draft"
        return STATE_KINDS[self.state]

    @property
    def side(self) -> Side | None:
        """The reader's side; None for the secretariat."""
        return side_of(self.actor, self.introduction)

    @property
    def is_sent(self) -> bool:
        """Whether the reader's side sent it."""
        return self.side is self.introduction.from_side

    @property
    def other(self) -> Any:
        """The other organisation; for the secretariat the one that is asked."""
        return self.introduction.receiver if self.is_sent else self._first

    @property
    def _first(self) -> Any:
        return self.introduction.sender if self.side else self.introduction.receiver

    @property
    def awaited(self) -> Any:
        """The organisation whose turn it is; None once nothing is awaited."""
        side = side_awaited(self.state, self.introduction.from_side)
        if side is None:
            return None
        is_sender = side is self.introduction.from_side
        return self.introduction.sender if is_sender else self.introduction.receiver

    @property
    def is_waiting_for_reader(self) -> bool:
        """Whether an answer of the reader's organisation is awaited, and the reader may give it."""
        return self.awaited is not None and self.actor.writes_for(self.awaited.id)

    @property
    def is_waiting_for_own(self) -> bool:
        """Whether colleagues of the reader answer: the reader only reads."""
        return self.awaited is not None and self.actor.belongs_to(self.awaited.id)

    @property
    def reminders_on(self) -> list[date]:
        """Days to come on which the side whose turn it is gets a mail: half time, the last day."""
        if self.state not in LIVE_STATES:
            return []
        turn = self.introduction.turn_began_at, self.introduction.answer_due_at
        days = {today(half_time(*turn)), self.due_on}
        return sorted(day for day in days if day > today(self.now))

    @property
    def due_on(self) -> date:
        """The last day for an answer."""
        return last_day(self.introduction.answer_due_at)

    @property
    def closes_on(self) -> date:
        """The last day on which an answer is still taken."""
        return last_day(closes_at(self.introduction.answer_due_at))

    @property
    def is_late(self) -> bool:
        """Whether the deadline is over and the grace runs."""
        return self.state in LIVE_STATES and self.now >= self.introduction.answer_due_at

    @property
    def due_words(self) -> str:
        """How much time is left, in words; empty once nothing is awaited."""
        if self.state not in LIVE_STATES:
            return ""
        if self.is_late:
            return "期限を過ぎています"
        days = (self.due_on - today(self.now)).days
        return f"あと{days}日" if days else "きょうまで"


def timeline_of(steps: Sequence[IntroductionStep]) -> list[dict[str, Any]]:
    """The trace as entries of a timeline: who did what, and for whom."""
    return [_entry(step) for step in steps]


def _entry(step: IntroductionStep) -> dict[str, Any]:
    title = DONE[step.move.value] if step.move else CORRECTED if step.before else SENT
    who = step.actor_name or "システム"
    if step.on_behalf_of is not None:
        who = f"事務局 {who}（{step.on_behalf_of.name}に代わって）"
    return {
        "when": format_moment(step.at),
        "iso": step.at.isoformat(),
        "title": title,
        "text": "　".join(filter(None, (who, step.words))),
    }


def words() -> dict[str, Any]:
    """Words that all templates of introductions use."""
    return {
        "introduction_rule": lambda move: INTRODUCTION_STATES.moves[move],
        "introduction_reason": lambda code: REASON_LABELS.get(code, ""),
        "introduction_source": lambda source: SOURCE_LABELS[source],
        "introduction_done": lambda move: DONE[move.value],
    }
