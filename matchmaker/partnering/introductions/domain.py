"""Rules of introductions: states and moves, reason codes, when people are reminded."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from matchmaker.core.clock import end_of_day, today
from matchmaker.core.errors import IllegalMove, ProductError
from matchmaker.core.states import Rule, StateMachine

NOTE_LENGTH = 2_000
WISH_LENGTH = 1_000
WORDS_LENGTH = 1_000
KEY_LENGTH = 64

DEFAULT_DAYS, LEAST_DAYS, MOST_DAYS = 14, 3, 60
"""Days in which an answer is wanted; the last of them counts as a whole, in Japan's time."""
TURN_DAYS = 7
"""After a question or a reply the other side has at least so many days."""
GRACE = timedelta(days=3)
"""So long after the last day an answer is still taken: a deadline on a Friday outlives Monday."""
COOL_OFF = timedelta(days=60)
"""So long the same organisation does not ask again for a pair that was declined."""
MOST_A_DAY = 20
"""Interests that one organisation sends in one day of Japan's calendar."""


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


SOURCE_LABELS: Mapping[Source, str] = {
    Source.RECOMMENDATION: "おすすめから",
    Source.SEARCH: "投稿のページから",
    Source.EVENT_TABLE: "イベントの対話から",
    Source.COALITION: "量をまとめる案から",
    Source.SECRETARIAT: "事務局の紹介",
}


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
REASONS_TO_DECLINE = tuple(code for code in ReasonCode if code is not ReasonCode.NO_ANSWER)
"""That nobody answered is said by the clock alone."""

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
TOO_LATE = (
    "返事の期限を過ぎたため、この紹介は「回答なし」として閉じました。"
    "続けたいときは「もう一度ひらく」を押してください。"
)
NOT_YET_LATE = "返事の期限がまだ過ぎていないため、閉じられません。"


@dataclass(frozen=True, slots=True)
class Interest:
    """Interest in a pair, as it is sent.

    Args:
        need_id, offering_id: the pair.
        note: words to the other side.
        wish: what is offered or asked.
        answer_due_on: last day on which an answer is wanted; two weeks when left out.
        source: where the interest came from.
        submission_key: names one form; sent twice, it gives the same introduction.
        from_side: which side it comes from; found by the organisations of the actor when left out.
    """

    need_id: uuid.UUID
    offering_id: uuid.UUID
    note: str = ""
    wish: str = ""
    answer_due_on: date | None = None
    source: Source = Source.SEARCH
    submission_key: str = ""
    from_side: Side | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """What is said with a move.

    Args:
        reason_code: why it stops, for declining.
        reason: the reason in words.
        words: a message to the other side; it stands in the thread.
        answer_due_on: last day for the answer of an introduction that is opened again.
        revision: the one that was read before; the move is refused when another stands. None takes
            any.
    """

    reason_code: ReasonCode | None = None
    reason: str = ""
    words: str = ""
    answer_due_on: date | None = None
    revision: int | None = None


def due_at_end_of(day: date) -> datetime:
    """The moment until which an answer is in time: the end of that day in Japan."""
    return end_of_day(day)


def last_day(answer_due_at: datetime) -> date:
    """The last whole day for an answer, in Japan's calendar."""
    return today(answer_due_at - timedelta(microseconds=1))


def closes_at(answer_due_at: datetime) -> datetime:
    """From when on an introduction without an answer is closed."""
    return answer_due_at + GRACE


def state_at(state: IntroductionState, answer_due_at: datetime, now: datetime) -> IntroductionState:
    """Where an introduction stands at ``now``, whether or not the worker has closed it yet."""
    is_over = state in LIVE_STATES and now >= closes_at(answer_due_at)
    return IntroductionState.UNANSWERED if is_over else state


def half_time(turn_began_at: datetime, answer_due_at: datetime) -> datetime:
    """The middle of the time in which the answer is awaited."""
    return turn_began_at + (answer_due_at - turn_began_at) / 2


def last_day_begins(answer_due_at: datetime) -> datetime:
    """The first moment of the last day for an answer: people are reminded while they can answer."""
    return answer_due_at - timedelta(days=1)


def due_after_turn(answer_due_at: datetime, now: datetime) -> datetime:
    """Until when the other side answers a question or a reply: a week at least."""
    return max(answer_due_at, end_of_day(today(now) + timedelta(days=TURN_DAYS)))


def checked_day(day: date | None, day_of_sending: date) -> date:
    """The last day for an answer; two weeks from now when none was named.

    Raises:
        ProductError: it is nearer than three days or farther than sixty (field ``answer_due_on``).
    """
    day = day or day_of_sending + timedelta(days=DEFAULT_DAYS)
    if not LEAST_DAYS <= (day - day_of_sending).days <= MOST_DAYS:
        raise ProductError(
            f"返事の期限は、{LEAST_DAYS}日後から{MOST_DAYS}日後までの日にしてください。",
            "answer_due_on",
        )
    return day


def check_texts(interest: Interest) -> None:
    """Refuse texts that are too long, or none at all.

    Raises:
        ProductError: with the field.
    """
    if not interest.note.strip():
        raise ProductError("相手へのひとことを入れてください。", "note")
    _check_length(interest.note, NOTE_LENGTH, "note")
    _check_length(interest.wish, WISH_LENGTH, "wish")


def check_answer(move: IntroductionMove, answer: Answer) -> None:
    """Refuse a move without what belongs to it.

    Raises:
        ProductError: with the field.
    """
    if move in (M.ASK_BACK, M.REPLY) and not answer.words.strip():
        what = "聞きたいこと" if move is M.ASK_BACK else "質問への答え"
        raise ProductError(f"{what}を入れてください。", "words")
    if move is M.DECLINE:
        _check_declining(answer)
    _check_length(answer.words, WORDS_LENGTH, "words")
    _check_length(answer.reason, WORDS_LENGTH, "reason")


def _check_declining(answer: Answer) -> None:
    if answer.reason_code not in REASONS_TO_DECLINE:
        raise ProductError("見送る理由を選んでください。", "reason_code")
    if answer.reason_code is ReasonCode.OTHER and not answer.reason.strip():
        raise ProductError("「その他」のときは、理由をことばで入れてください。", "reason")


def _check_length(text: str, most: int, field: str) -> None:
    if len(text) > most:
        raise ProductError(f"{most:,}文字までで入れてください。", field)


def target_of(
    state: IntroductionState, move: IntroductionMove, answer_due_at: datetime, reason: str,
    now: datetime,
) -> IntroductionState:  # fmt: skip
    """The state that a move leads to, by the clock as well.

    Args:
        state: as stored.
        answer_due_at: until when an answer was wanted.
        reason: the words given for the move.

    Raises:
        IllegalMove: the state or the clock does not allow it.
        ProductError: a reason is needed (field ``reason``).
    """
    is_over = now >= closes_at(answer_due_at)
    if state in LIVE_STATES and move is not M.EXPIRE and is_over:
        if move is not M.REOPEN:
            raise IllegalMove(TOO_LATE)
        state = S.UNANSWERED
    if move is M.EXPIRE and state in LIVE_STATES and not is_over:
        raise IllegalMove(NOT_YET_LATE)
    return INTRODUCTION_STATES.check(state, move, reason)


def side_awaited(state: IntroductionState, from_side: Side) -> Side | None:
    """Whose turn it is: the receiver's on an open one, the sender's once asked back."""
    if state is S.ASKED_BACK:
        return from_side
    return other_side(from_side) if state is S.OPEN else None


def other_side(side: Side) -> Side:
    """The other of the two."""
    return Side.BUSINESS if side is Side.TOWN else Side.TOWN
