"""Reviews and decisions: states and outcomes. Pure rules."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from matchmaker.working_groups.proposals.domain import ProposalMove


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

TO_DO = frozenset({ReviewState.PENDING, ReviewState.DRAFT})


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
