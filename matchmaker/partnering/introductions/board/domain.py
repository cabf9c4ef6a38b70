"""Rules of the secretariat's board: the columns of the list, when something counts as stalled."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum

from matchmaker.partnering.introductions.domain import IntroductionMove
from matchmaker.partnering.introductions.domain import IntroductionState as S
from matchmaker.partnering.introductions.matches.domain import MatchState

QUIET_BEFORE_ANSWER = timedelta(days=21)
"""So long without a step an introduction that waits for an answer counts as stalled."""

QUIET_AFTER_MATCH = timedelta(days=30)
"""So long without a change on the shared page a match counts as stalled."""

DAY = timedelta(days=1)


class BoardStage(StrEnum):
    """Where an introduction stands, as the board narrows by it."""

    OPEN = "open"
    ASKED_BACK = "asked_back"
    TALKING = "talking"
    JOINED = "joined"
    TALKED = "talked"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    UNANSWERED = "unanswered"


STAGE_LABELS: Mapping[BoardStage, str] = {
    BoardStage.OPEN: "返事待ち",
    BoardStage.ASKED_BACK: "質問のやりとり中",
    BoardStage.TALKING: "成立・話し合い中",
    BoardStage.JOINED: "座組へ進んだ",
    BoardStage.TALKED: "成立・話し合い終了",
    BoardStage.DECLINED: "見送り",
    BoardStage.WITHDRAWN: "取り下げ",
    BoardStage.UNANSWERED: "回答なし",
}


GOING_ON = (BoardStage.OPEN, BoardStage.ASKED_BACK, BoardStage.TALKING)
"""Stages in which somebody still has something to do; they come before what is settled."""


class Stall(StrEnum):
    """Why something counts as stalled."""

    OVERDUE = "overdue"
    QUIET = "quiet"
    NO_TALK = "no_talk"


STALL_LABELS: Mapping[Stall, str] = {
    Stall.OVERDUE: "返事の期限を過ぎた",
    Stall.QUIET: f"{QUIET_BEFORE_ANSWER.days}日動きがない",
    Stall.NO_TALK: f"成立後{QUIET_AFTER_MATCH.days}日動きがない",
}
ACTED_MOVES = (
    IntroductionMove.ACCEPT,
    IntroductionMove.DECLINE,
    IntroductionMove.ASK_BACK,
    IntroductionMove.REPLY,
    IntroductionMove.WITHDRAW,
    IntroductionMove.REOPEN,
    IntroductionMove.UNDO,
)
"""Moves that the secretariat makes, for a side or as a correction; closing is the clock's."""


def stage_of(state: S, match_state: MatchState | None, *, has_joined: bool) -> BoardStage:
    """Where an introduction stands.

    Args:
        state: by the clock, see ``introductions.domain.state_at``.
        match_state: of its match, if there is one.
        has_joined: whether a consortium goes on from the match.
    """
    if state is S.ACCEPTED:
        if match_state is MatchState.ENDED:
            return BoardStage.TALKED
        return BoardStage.JOINED if has_joined else BoardStage.TALKING
    return BoardStage(state.value)


def stall_of(
    stage: BoardStage, answer_due_at: datetime, last_step_at: datetime, now: datetime
) -> Stall | None:
    """Why it counts as stalled, None where it does not.

    Args:
        answer_due_at: until when an answer is wanted.
        last_step_at: its last step; for a match the last change of the shared page.
    """
    if stage in (BoardStage.OPEN, BoardStage.ASKED_BACK):
        if now >= answer_due_at:
            return Stall.OVERDUE
        return Stall.QUIET if now - last_step_at >= QUIET_BEFORE_ANSWER else None
    if stage is BoardStage.TALKING and now - last_step_at >= QUIET_AFTER_MATCH:
        return Stall.NO_TALK
    return None


def age_in_days(last_step_at: datetime, now: datetime) -> int:
    """Whole days since the last step."""
    return max(0, (now - last_step_at) // DAY)
