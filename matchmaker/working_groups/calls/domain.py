"""Calls: kinds, states, and the phase that the clock decides. Pure rules."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum

from matchmaker.core.states import Rule, StateMachine


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


def phase_of(state: CallState, opens_at: datetime, closes_at: datetime, now: datetime) -> Phase:
    """The phase of a call at ``now``: open from ``opens_at`` until just before ``closes_at``."""
    if state is not CallState.PUBLISHED:
        return Phase(state.value)
    if now < opens_at:
        return Phase.UPCOMING
    return Phase.OPEN if now < closes_at else Phase.CLOSED


class CallQuestionState(StrEnum):
    """Where a question about a call stands."""

    ASKED = "asked"
    ANSWERED = "answered"
    PUBLISHED = "published"
    DISMISSED = "dismissed"
