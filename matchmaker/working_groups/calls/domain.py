"""Calls: kinds, states, and the phase that the clock decides. Pure rules."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum

from matchmaker.core.states import Rule, StateMachine
from matchmaker.working_groups.groups.domain import GroupKind


class CallKind(StrEnum):
    """What a call is for."""

    DOMAIN_WG = "domain_wg"
    SUB_WG = "sub_wg"
    PLATFORM_USE_CASE = "platform_use_case"
    PILOT = "pilot"
    OTHER = "other"


KIND_LABELS: Mapping[CallKind, str] = {
    CallKind.DOMAIN_WG: "領域別WG",
    CallKind.SUB_WG: "サブWG",
    CallKind.PLATFORM_USE_CASE: "情報流通プラットフォームのユースケース",
    CallKind.PILOT: "実証",
    CallKind.OTHER: "その他",
}


GROUP_KINDS: Mapping[CallKind, GroupKind] = {CallKind.DOMAIN_WG: GroupKind.DOMAIN_WG}
"""Calls of all other kinds make sub-groups."""


def group_kind(kind: CallKind) -> GroupKind:
    """What kind of group an adoption in a call of ``kind`` founds."""
    return GROUP_KINDS.get(kind, GroupKind.SUB_WG)


class CallState(StrEnum):
    """What people decided about a call; what the clock decides is its :class:`Phase`."""

    DRAFT = "draft"
    PUBLISHED = "published"
    DECIDED = "decided"
    CANCELLED = "cancelled"


class CallMove(StrEnum):
    """A step in the life of a call."""

    PUBLISH = "publish"
    UNPUBLISH = "unpublish"
    CANCEL = "cancel"
    DECIDE = "decide"


C = CallState
CALL_STATES: StateMachine[CallState, CallMove] = StateMachine(
    labels={C.DRAFT: "下書き", C.PUBLISHED: "公開中", C.DECIDED: "結果公表", C.CANCELLED: "中止"},
    moves={
        CallMove.PUBLISH: Rule("公開する", frozenset({C.DRAFT}), C.PUBLISHED),
        CallMove.UNPUBLISH: Rule(
            "下書きに戻す", frozenset({C.PUBLISHED}), C.DRAFT, needs_reason=True
        ),
        CallMove.CANCEL: Rule(
            "中止する", frozenset({C.DRAFT, C.PUBLISHED}), C.CANCELLED, needs_reason=True
        ),
        CallMove.DECIDE: Rule("結果を公表する", frozenset({C.PUBLISHED}), C.DECIDED),
    },
)


class Phase(StrEnum):
    """Where a call stands at a moment."""

    DRAFT = "draft"
    UPCOMING = "upcoming"
    OPEN = "open"
    CLOSED = "closed"
    DECIDED = "decided"
    CANCELLED = "cancelled"


PHASE_LABELS: Mapping[Phase, str] = {
    Phase.DRAFT: "下書き",
    Phase.UPCOMING: "受付前",
    Phase.OPEN: "受付中",
    Phase.CLOSED: "受付終了・審査中",
    Phase.DECIDED: "結果公表",
    Phase.CANCELLED: "中止",
}


ASKING_PHASES = frozenset({Phase.UPCOMING, Phase.OPEN})
"""Questions are taken until the deadline."""


def phase_of(
    state: CallState, opens_at: datetime | None, closes_at: datetime | None, now: datetime
) -> Phase:
    """The phase of a call at ``now``: open from ``opens_at`` until just before ``closes_at``.

    Nothing has to run for a call to open or to close. Published calls always have a period.

    Raises:
        ValueError: a published call has no period.
    """
    if state is not CallState.PUBLISHED:
        return Phase(state.value)
    if opens_at is None or closes_at is None:
        raise ValueError("a published call needs a period")
    if now < opens_at:
        return Phase.UPCOMING
    return Phase.OPEN if now < closes_at else Phase.CLOSED


def time_left(until: datetime, now: datetime) -> str:
    """How long it is until a moment, in words: ``あと12日``, ``あと5時間``, ``あと3分``.

    Days are counted whole, so that nobody is told more than there is; the last two days are told in
    hours, the last hour in minutes.
    """
    left = until - now
    if left <= timedelta(0):
        return "終わりました"
    if left >= timedelta(days=2):
        return f"あと{left.days}日"
    hours, minutes = divmod(int(left.total_seconds()) // 60, 60)
    if hours:
        return f"あと{hours}時間"
    return f"あと{minutes}分" if minutes else "あと1分未満"


CLOSING_NOTICES = (7, 1)
"""So many days before the deadline those who are still writing are reminded."""


def closing_notice_due(closes_at: datetime, told: int | None, now: datetime) -> int | None:
    """Which notice of the coming deadline is due now, in days, or None.

    Args:
        closes_at: the deadline.
        told: the notice that was given last, in days.
        now: the present moment.
    """
    if now >= closes_at:
        return None
    near = [days for days in CLOSING_NOTICES if closes_at - now <= timedelta(days=days)]
    if not near or (told is not None and told <= min(near)):
        return None
    return min(near)


class CallQuestionState(StrEnum):
    """Where a question about a call stands."""

    ASKED = "asked"
    ANSWERED = "answered"
    PUBLISHED = "published"
    DISMISSED = "dismissed"


class CallQuestionMove(StrEnum):
    """A step in the life of a question about a call."""

    ANSWER = "answer"
    PUBLISH = "publish"
    DISMISS = "dismiss"
    RETRACT = "retract"


Q = CallQuestionState
QUESTION_STATES: StateMachine[CallQuestionState, CallQuestionMove] = StateMachine(
    labels={
        Q.ASKED: "回答待ち",
        Q.ANSWERED: "回答の下書き",
        Q.PUBLISHED: "公開中",
        Q.DISMISSED: "公開しない",
    },
    moves={
        CallQuestionMove.ANSWER: Rule(
            "下書きを保存する", frozenset({Q.ASKED, Q.ANSWERED}), Q.ANSWERED
        ),
        CallQuestionMove.PUBLISH: Rule(
            "回答して公開する", frozenset({Q.ASKED, Q.ANSWERED}), Q.PUBLISHED
        ),
        CallQuestionMove.DISMISS: Rule(
            "公開しない", frozenset({Q.ASKED, Q.ANSWERED}), Q.DISMISSED, needs_reason=True
        ),
        CallQuestionMove.RETRACT: Rule(
            "公開を取り消す", frozenset({Q.PUBLISHED, Q.DISMISSED}), Q.ANSWERED, needs_reason=True
        ),
    },
)
