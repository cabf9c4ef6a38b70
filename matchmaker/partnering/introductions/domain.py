"""Rules of introductions: states and moves, reason codes, when people are reminded."""

from __future__ import annotations

from enum import StrEnum

from matchmaker.core.states import Rule, StateMachine

NOTE_LENGTH = 2_000
WORDS_LENGTH = 1_000


class Side(StrEnum):
    """Who of the two."""

    TOWN = "town"
    BUSINESS = "business"


class Source(StrEnum):
    """Where the interest came from."""

    RECOMMENDATION = "recommendation"
    SEARCH = "search"
    EVENT_TABLE = "event_table"
    COALITION = "coalition"
    SECRETARIAT = "secretariat"


class IntroductionState(StrEnum):
    """Where an introduction stands."""

    OPEN = "open"
    ASKED_BACK = "asked_back"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    UNANSWERED = "unanswered"


class IntroductionMove(StrEnum):
    """What can be done with an introduction."""

    ACCEPT = "accept"
    DECLINE = "decline"
    ASK_BACK = "ask_back"
    REPLY = "reply"
    WITHDRAW = "withdraw"
    EXPIRE = "expire"
    REOPEN = "reopen"
    UNDO = "undo"


class ReasonCode(StrEnum):
    """Why something stopped; the same words for introductions, matches and consortia."""

    QUANTITY = "quantity"
    DISTANCE = "distance"
    LICENCE = "licence"
    COST = "cost"
    TIMING = "timing"
    MATURITY = "maturity"
    STAFF_CHANGE = "staff_change"
    INTERNAL = "internal"
    NO_ANSWER = "no_answer"
    OTHER = "other"


STATE_LABELS = {
    IntroductionState.OPEN: "返事待ち",
    IntroductionState.ASKED_BACK: "質問のやりとり中",
    IntroductionState.ACCEPTED: "成立",
    IntroductionState.DECLINED: "見送り",
    IntroductionState.WITHDRAWN: "取り下げ",
    IntroductionState.UNANSWERED: "回答なし",
}
REASON_LABELS = {
    ReasonCode.QUANTITY: "量不足",
    ReasonCode.DISTANCE: "距離",
    ReasonCode.LICENCE: "許可",
    ReasonCode.COST: "費用",
    ReasonCode.TIMING: "時期",
    ReasonCode.MATURITY: "技術の成熟度",
    ReasonCode.STAFF_CHANGE: "担当交代",
    ReasonCode.INTERNAL: "庁内調整",
    ReasonCode.NO_ANSWER: "回答なし",
    ReasonCode.OTHER: "その他",
}
S, M = IntroductionState, IntroductionMove
LIVE_STATES = frozenset({S.OPEN, S.ASKED_BACK})
"""An answer is still awaited; at most one introduction of a pair is live or accepted."""
STANDING_STATES = LIVE_STATES | {S.ACCEPTED}
CLOSED_STATES = frozenset({S.DECLINED, S.WITHDRAWN, S.UNANSWERED})

INTRODUCTION_STATES: StateMachine[IntroductionState, IntroductionMove] = StateMachine(
    STATE_LABELS,
    {
        M.ACCEPT: Rule("話してみたいと答える", LIVE_STATES, S.ACCEPTED),
        M.DECLINE: Rule("見送る", LIVE_STATES, S.DECLINED),
        M.ASK_BACK: Rule("質問する", frozenset({S.OPEN}), S.ASKED_BACK),
        M.REPLY: Rule("質問に答える", frozenset({S.ASKED_BACK}), S.OPEN),
        M.WITHDRAW: Rule("取り下げる", LIVE_STATES, S.WITHDRAWN),
        M.EXPIRE: Rule("回答なしとして閉じる", LIVE_STATES, S.UNANSWERED),
        M.REOPEN: Rule("もう一度ひらく", CLOSED_STATES, S.OPEN),
        M.UNDO: Rule(
            "取り消して返事待ちに戻す", frozenset({S.ACCEPTED}), S.OPEN, needs_reason=True
        ),
    },
)
