"""Proposals: states, authors, where they started. Pure rules."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from matchmaker.core.errors import ProductError
from matchmaker.core.states import Rule, StateMachine

TITLE_LENGTH = 120
REASON_LENGTH = 500


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


WRITABLE_STATES = frozenset({P.DRAFT, P.RETURNED})
"""Others are first brought back into writing (:attr:`ProposalMove.REVISE`)."""

HANDED_IN_STATES = DECIDED | {P.SUBMITTED, P.MERGED}
"""States in which the secretariat reads the text."""

TITLE_KEY = "#title"
"""Key of the title beside the answers when two versions are merged; no question is called so."""


@dataclass(frozen=True, slots=True)
class ProposalText:
    """What is written: the title and the answers by question id."""

    title: str
    answers: Mapping[str, Any]

    def merged_form(self) -> dict[str, Any]:
        """Title and answers as one record, for merging."""
        return {**self.answers, TITLE_KEY: self.title}

    @classmethod
    def from_merged(cls, values: Mapping[str, Any]) -> ProposalText:
        """The text of a merged record."""
        answers = {key: value for key, value in values.items() if key != TITLE_KEY}
        return cls(str(values.get(TITLE_KEY) or "")[:TITLE_LENGTH], answers)


@dataclass(frozen=True, slots=True)
class Origin:
    """What a proposal starts from, with the facts carried over as its writer may see them.

    Args:
        need_id, offering_id: the posts.
        facts: plain texts by ``need`` and ``offering``: title, organisation, materials, amount.
    """

    kind: OriginKind = OriginKind.NOTHING
    need_id: Any = None
    offering_id: Any = None
    facts: Mapping[str, Any] = field(default_factory=dict)


def origin_kind(*, has_need: bool, has_offering: bool) -> OriginKind:
    """The word for what a proposal starts from."""
    if has_need and has_offering:
        return OriginKind.PAIR
    if has_need:
        return OriginKind.NEED
    return OriginKind.OFFERING if has_offering else OriginKind.NOTHING


def deadline_of(
    closes_at: datetime, extended_until: datetime | None, mend_until: datetime | None
) -> datetime:
    """The moment from which a proposal is late.

    Args:
        closes_at: end of the call.
        extended_until: an extension of this proposal alone.
        mend_until: last moment for what was returned.
    """
    return max(each for each in (closes_at, extended_until, mend_until) if each is not None)


def check_in_time(now: datetime, opens_at: datetime, deadline: datetime) -> None:
    """Refuse what comes before the opening, at the deadline or later, to the microsecond.

    Raises:
        ProductError: it is too early or too late.
    """
    if now < opens_at:
        raise ProductError("受付がまだ始まっていません。")
    if now >= deadline:
        raise TooLate("締切を過ぎたため、提出できません。")


class TooLate(ProductError):
    """A proposal comes after its deadline."""


def time_left(now: datetime, deadline: datetime) -> str:
    """How long there is until the deadline, in words; empty when it is over."""
    seconds = int((deadline - now).total_seconds())
    if seconds <= 0:
        return ""
    days, rest = divmod(seconds, 86_400)
    hours, minutes = rest // 3600, rest % 3600 // 60
    if days:
        return f"あと{days}日と{hours}時間" if hours else f"あと{days}日"
    if hours:
        return f"あと{hours}時間{minutes}分"
    return f"あと{minutes}分{seconds % 60}秒"
