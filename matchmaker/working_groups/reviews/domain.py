"""Reviews and decisions: states and outcomes. Pure rules."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from enum import StrEnum

from matchmaker.core.states import Rule, StateMachine
from matchmaker.working_groups.proposals.domain import DECIDED, ProposalMove, ProposalState

REASON_LENGTH = 2000
COMMENT_LENGTH = 4000
MOST_MEETINGS = 24


class ReviewState(StrEnum):
    """Where the review of one proposal by one reviewer stands."""

    PENDING = "pending"
    DRAFT = "draft"
    SUBMITTED = "submitted"
    CONFLICT = "conflict"
    EXCLUDED = "excluded"
    LEFT = "left"


REVIEW_LABELS: Mapping[ReviewState, str] = {
    ReviewState.PENDING: "未着手",
    ReviewState.DRAFT: "下書き",
    ReviewState.SUBMITTED: "提出済み",
    ReviewState.CONFLICT: "利益相反（申告）",
    ReviewState.EXCLUDED: "利益相反（所属）",
    ReviewState.LEFT: "担当を離れた",
}

R = ReviewState
TO_DO = frozenset({R.PENDING, R.DRAFT})
SCORING = TO_DO | {R.SUBMITTED}
"""States in which the reviewer works on the proposal; in all others it stays closed."""

UNDER_REVIEW = DECIDED | {ProposalState.SUBMITTED}
"""States of proposals that have been handed in and stand in the ranking."""


REMINDED_BEFORE = (7, 1)
"""So many days in Japan before the day reviews are due, reviewers with work to do are reminded."""


def reminder_due(due_on: date, day: date) -> int | None:
    """Which reminder is due on ``day``, in days before ``due_on``, or None.

    A worker that was off on the day itself still reminds later, until the last day.
    """
    left = (due_on - day).days
    return min((days for days in REMINDED_BEFORE if 0 <= left <= days), default=None)


class ReviewMove(StrEnum):
    """A step in the life of a review."""

    SAVE = "save"
    SUBMIT = "submit"
    DECLARE = "declare"
    TAKE_BACK = "take_back"
    EXCLUDE = "exclude"
    ADMIT = "admit"
    LEAVE = "leave"
    REOPEN = "reopen"


REVIEW_STATES: StateMachine[ReviewState, ReviewMove] = StateMachine(
    labels=REVIEW_LABELS,
    moves={
        ReviewMove.SAVE: Rule("下書きを保存する", TO_DO, R.DRAFT),
        ReviewMove.SUBMIT: Rule("採点を提出する", SCORING, R.SUBMITTED),
        ReviewMove.DECLARE: Rule("利益相反を申告する", SCORING, R.CONFLICT, True),
        ReviewMove.TAKE_BACK: Rule("申告を取り消す", frozenset({R.CONFLICT}), R.DRAFT, True),
        ReviewMove.EXCLUDE: Rule("担当から外す", SCORING | {R.LEFT}, R.EXCLUDED),
        ReviewMove.ADMIT: Rule("担当に戻す", frozenset({R.EXCLUDED, R.LEFT}), R.DRAFT),
        ReviewMove.LEAVE: Rule("担当を離れる", TO_DO, R.LEFT),
        ReviewMove.REOPEN: Rule("採点し直す", frozenset({R.SUBMITTED}), R.DRAFT),
    },
)


class Outcome(StrEnum):
    """What is decided about a proposal."""

    ADOPTED = "adopted"
    ADOPTED_WITH_CONDITIONS = "adopted_with_conditions"
    RETURNED = "returned"
    DECLINED = "declined"


OUTCOME_LABELS: Mapping[Outcome, str] = {
    Outcome.ADOPTED: "採択",
    Outcome.ADOPTED_WITH_CONDITIONS: "条件付き採択",
    Outcome.RETURNED: "差戻し",
    Outcome.DECLINED: "不採択",
}

OUTCOME_MOVES: Mapping[Outcome, ProposalMove] = {
    Outcome.ADOPTED: ProposalMove.ADOPT,
    Outcome.ADOPTED_WITH_CONDITIONS: ProposalMove.ADOPT_WITH_CONDITIONS,
    Outcome.RETURNED: ProposalMove.RETURN,
    Outcome.DECLINED: ProposalMove.DECLINE,
}

ADOPTING = frozenset({Outcome.ADOPTED, Outcome.ADOPTED_WITH_CONDITIONS})


class DecisionState(StrEnum):
    """Draft → checked by a second person → released to the authors."""

    DRAFT = "draft"
    CHECKED = "checked"
    RELEASED = "released"


class DecisionMove(StrEnum):
    """A step in the life of a decision."""

    PREPARE = "prepare"
    CHECK = "check"
    RELEASE = "release"
    CORRECT = "correct"
    REDECIDE = "redecide"


D = DecisionState
DECISION_STATES: StateMachine[DecisionState, DecisionMove] = StateMachine(
    labels={D.DRAFT: "案", D.CHECKED: "確認済み", D.RELEASED: "通知済み"},
    moves={
        DecisionMove.PREPARE: Rule("案を作る", frozenset({D.DRAFT, D.CHECKED}), D.DRAFT),
        DecisionMove.CHECK: Rule("確認する", frozenset({D.DRAFT}), D.CHECKED),
        DecisionMove.RELEASE: Rule("結果を通知する", frozenset({D.CHECKED}), D.RELEASED),
        DecisionMove.CORRECT: Rule(
            "決定を訂正する", frozenset({D.RELEASED}), D.RELEASED, needs_reason=True
        ),
        DecisionMove.REDECIDE: Rule("決定し直す", frozenset({D.RELEASED}), D.DRAFT),
    },
)
"""A change of a checked decision makes it a draft again; REDECIDE is for what was mended."""
