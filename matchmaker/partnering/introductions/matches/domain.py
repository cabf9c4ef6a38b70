"""Rules of matches: states and moves, the shared page's bounds, appointments. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum

from matchmaker.core.states import Rule, StateMachine

MESSAGE_LENGTH = 4_000
REASON_LENGTH = 1_000
LABEL_LENGTH = 40
VALUE_LENGTH = 500
STEP_LENGTH = 300
TITLE_LENGTH = 80
PLACE_LENGTH = 200
MOST_FACTS = 40
MOST_FILES = 20
MOST_APPOINTMENTS = 30
MOST_DATES = 3
MINUTES_LEAST, MINUTES_MOST = 15, 480
FURTHEST = timedelta(days=366)
"""How far ahead a date or a next step may lie."""

LATE_EVERY = timedelta(days=7)
"""How often people are reminded of a next step that is late."""

LATE_MOST = 3


class MatchState(StrEnum):
    """Where a match stands."""

    TALKING = "talking"
    ENDED = "ended"
    UNDONE = "undone"


class MatchMove(StrEnum):
    """What can be done with a match."""

    END = "end"
    RESUME = "resume"
    UNDO = "undo"
    MAKE_AGAIN = "make_again"


class AppointmentState(StrEnum):
    """Where an appointment stands."""

    PROPOSED = "proposed"
    AGREED = "agreed"
    CANCELLED = "cancelled"


class AppointmentMove(StrEnum):
    """What can be done with an appointment."""

    AGREE = "agree"
    SHIFT = "shift"
    CANCEL = "cancel"


S, M = MatchState, MatchMove
MATCH_LABELS = {S.TALKING: "話し合い中", S.ENDED: "終了", S.UNDONE: "成立の取消し"}
MATCH_STATES: StateMachine[MatchState, MatchMove] = StateMachine(
    MATCH_LABELS,
    {
        M.END: Rule("話し合いを終える", frozenset({S.TALKING}), S.ENDED),
        M.RESUME: Rule("話し合いを再開する", frozenset({S.ENDED}), S.TALKING),
        M.UNDO: Rule("成立を取り消す", frozenset({S.TALKING, S.ENDED}), S.UNDONE),
        M.MAKE_AGAIN: Rule("もう一度成立させる", frozenset({S.UNDONE}), S.TALKING),
    },
)
"""UNDO and MAKE_AGAIN follow from the introduction; people press END and RESUME only."""

A, B = AppointmentState, AppointmentMove
APPOINTMENT_LABELS = {A.PROPOSED: "候補の日", A.AGREED: "決まった打合せ", A.CANCELLED: "中止"}
APPOINTMENT_STATES: StateMachine[AppointmentState, AppointmentMove] = StateMachine(
    APPOINTMENT_LABELS,
    {
        B.AGREE: Rule("この日に決める", frozenset({A.PROPOSED}), A.AGREED),
        B.SHIFT: Rule("日時を変える", frozenset({A.AGREED}), A.AGREED),
        B.CANCEL: Rule("中止する", frozenset({A.PROPOSED, A.AGREED}), A.CANCELLED),
    },
)


def is_over(starts_at: datetime | None, minutes: int, now: datetime) -> bool:
    """Whether an agreed appointment has ended.

    Args:
        minutes: how long it lasts.
    """
    return starts_at is not None and starts_at + timedelta(minutes=minutes) <= now


def moment_problem(moment: datetime | None, now: datetime) -> str | None:
    """What is wrong with the beginning of an appointment, in Japanese; None when it is fine."""
    if moment is None:
        return "日付と時刻を入れてください。"
    if moment <= now:
        return "過ぎた日時です。これからの日時を入れてください。"
    if moment > now + FURTHEST:
        return "1年より先の日時です。1年以内の日時を入れてください。"
    return None
