"""Proposals: states, authors, where they started. Pure rules."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from matchmaker.core.states import Rule, StateMachine


class ProposalState(StrEnum):
    """Where a proposal stands. ``merged`` ones live on in another proposal."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    WITHDRAWN = "withdrawn"
    RETURNED = "returned"
    ADOPTED = "adopted"
    ADOPTED_WITH_CONDITIONS = "adopted_with_conditions"
    DECLINED = "declined"
    MERGED = "merged"


class ProposalMove(StrEnum):
    """A step in the life of a proposal."""

    SUBMIT = "submit"
    WITHDRAW = "withdraw"
    REVISE = "revise"
    RETURN = "return"
    ADOPT = "adopt"
    ADOPT_WITH_CONDITIONS = "adopt_with_conditions"
    DECLINE = "decline"
    MERGE = "merge"
    UNMERGE = "unmerge"


P = ProposalState
DECIDED = frozenset({P.RETURNED, P.ADOPTED, P.ADOPTED_WITH_CONDITIONS, P.DECLINED})
_OPEN = frozenset({P.SUBMITTED})
_DECIDABLE = _OPEN | DECIDED
"""A correction goes from one decision to another."""

PROPOSAL_STATES: StateMachine[ProposalState, ProposalMove] = StateMachine(
    labels={
        P.DRAFT: "作成中",
        P.SUBMITTED: "提出済み",
        P.WITHDRAWN: "取下げ",
        P.RETURNED: "差戻し",
        P.ADOPTED: "採択",
        P.ADOPTED_WITH_CONDITIONS: "条件付き採択",
        P.DECLINED: "不採択",
        P.MERGED: "統合済み",
    },
    moves={
        ProposalMove.SUBMIT: Rule(
            "提出する", frozenset({P.DRAFT, P.WITHDRAWN, P.RETURNED}), P.SUBMITTED
        ),
        ProposalMove.WITHDRAW: Rule(
            "取り下げる", frozenset({P.DRAFT, P.SUBMITTED, P.RETURNED}), P.WITHDRAWN, True
        ),
        ProposalMove.REVISE: Rule("書き直す", frozenset({P.SUBMITTED, P.WITHDRAWN}), P.DRAFT),
        ProposalMove.RETURN: Rule("差し戻す", _DECIDABLE, P.RETURNED, True),
        ProposalMove.ADOPT: Rule("採択する", _DECIDABLE, P.ADOPTED, True),
        ProposalMove.ADOPT_WITH_CONDITIONS: Rule(
            "条件を付けて採択する", _DECIDABLE, P.ADOPTED_WITH_CONDITIONS, True
        ),
        ProposalMove.DECLINE: Rule("不採択にする", _DECIDABLE, P.DECLINED, True),
        ProposalMove.MERGE: Rule(
            "統合する", frozenset({P.DRAFT, P.SUBMITTED, P.RETURNED}), P.MERGED, True
        ),
        ProposalMove.UNMERGE: Rule("統合を取り消す", frozenset({P.MERGED}), P.DRAFT, True),
    },
)


class AuthorRole(StrEnum):
    """One lead writes with any number of co-authors."""

    LEAD = "lead"
    CO_AUTHOR = "co_author"


AUTHOR_LABELS: Mapping[AuthorRole, str] = {
    AuthorRole.LEAD: "代表",
    AuthorRole.CO_AUTHOR: "共同提案者",
}


class OriginKind(StrEnum):
    """What a proposal started from."""

    NOTHING = "nothing"
    NEED = "need"
    OFFERING = "offering"
    PAIR = "pair"
    MERGE = "merge"


class CoordinationState(StrEnum):
    """Where an attempt to bring authors together stands (推進体制の調整)."""

    PROPOSED = "proposed"
    MERGED = "merged"
    ENDED = "ended"


class CoordinationAnswer(StrEnum):
    """What the lead of a proposal says to being brought together."""

    ASKED = "asked"
    WILLING = "willing"
    UNWILLING = "unwilling"
