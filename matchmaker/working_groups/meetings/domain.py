"""Meetings: states, answers of those invited, minutes. Pure rules."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from matchmaker.core.states import Rule, StateMachine


class MeetingState(StrEnum):
    """Where a meeting stands."""

    PLANNING = "planning"
    ANNOUNCED = "announced"
    HELD = "held"
    CANCELLED = "cancelled"


class MeetingMove(StrEnum):
    """A step in the life of a meeting."""

    ANNOUNCE = "announce"
    HOLD = "hold"
    CANCEL = "cancel"
    REVIVE = "revive"
    UNHOLD = "unhold"


S = MeetingState
MEETING_STATES: StateMachine[MeetingState, MeetingMove] = StateMachine(
    labels={
        S.PLANNING: "準備中",
        S.ANNOUNCED: "案内済み",
        S.HELD: "開催済み",
        S.CANCELLED: "中止",
    },
    moves={
        MeetingMove.ANNOUNCE: Rule("案内を送る", frozenset({S.PLANNING}), S.ANNOUNCED),
        MeetingMove.HOLD: Rule("開催済みにする", frozenset({S.ANNOUNCED}), S.HELD),
        MeetingMove.CANCEL: Rule(
            "中止する", frozenset({S.PLANNING, S.ANNOUNCED}), S.CANCELLED, needs_reason=True
        ),
        MeetingMove.REVIVE: Rule(
            "中止を取り消す", frozenset({S.CANCELLED}), S.PLANNING, needs_reason=True
        ),
        MeetingMove.UNHOLD: Rule(
            "開催済みを取り消す", frozenset({S.HELD}), S.ANNOUNCED, needs_reason=True
        ),
    },
)


class AttendanceAnswer(StrEnum):
    """How somebody will take part."""

    ON_SITE = "on_site"
    ONLINE = "online"
    ABSENT = "absent"
    PROXY = "proxy"


ANSWER_LABELS: Mapping[AttendanceAnswer, str] = {
    AttendanceAnswer.ON_SITE: "会場で出席",
    AttendanceAnswer.ONLINE: "オンラインで出席",
    AttendanceAnswer.ABSENT: "欠席",
    AttendanceAnswer.PROXY: "代理が出席",
}


class CheckInWay(StrEnum):
    """How presence was established."""

    LIST = "list"
    QR = "qr"


class MinutesKind(StrEnum):
    """Whether everything said is written down or its gist."""

    MINUTES = "minutes"
    SUMMARY = "summary"


class MinutesState(StrEnum):
    """Where minutes stand: draft → checked by the speakers → published."""

    DRAFT = "draft"
    CHECKING = "checking"
    PUBLISHED = "published"


class MinutesMove(StrEnum):
    """A step of the minutes."""

    ASK = "ask"
    REWORK = "rework"
    PUBLISH = "publish"
    CORRECT = "correct"


MINUTES_STATES: StateMachine[MinutesState, MinutesMove] = StateMachine(
    labels={
        MinutesState.DRAFT: "下書き",
        MinutesState.CHECKING: "発言者が確認中",
        MinutesState.PUBLISHED: "公開済み",
    },
    moves={
        MinutesMove.ASK: Rule(
            "発言者に確認を頼む", frozenset({MinutesState.DRAFT}), MinutesState.CHECKING
        ),
        MinutesMove.REWORK: Rule(
            "下書きに戻す", frozenset({MinutesState.CHECKING}), MinutesState.DRAFT
        ),
        MinutesMove.PUBLISH: Rule(
            "公開する", frozenset({MinutesState.CHECKING}), MinutesState.PUBLISHED
        ),
        MinutesMove.CORRECT: Rule(
            "訂正する",
            frozenset({MinutesState.PUBLISHED}),
            MinutesState.DRAFT,
            needs_reason=True,
        ),
    },
)


class CheckAnswer(StrEnum):
    """What a speaker says to the minutes."""

    ASKED = "asked"
    APPROVED = "approved"
    CHANGE_WANTED = "change_wanted"


class FindingKind(StrEnum):
    """What a marked line of the minutes is."""

    DECISION = "decision"
    TASK = "task"
