"""States of a draft of a case, and what it holds. Pure rules."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from matchmaker.core.states import Rule, StateMachine

TITLE_LENGTH, TEXT_LENGTH, NAME_LENGTH = 80, 3000, 200
THEME_LENGTH, QUANTITY_LENGTH, URL_LENGTH, REASON_LENGTH = 40, 300, 500, 500
MOST_MATERIALS = 20


class DraftState(StrEnum):
    """Where a draft stands on its way into the library."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    PUBLISHED = "published"


class DraftMove(StrEnum):
    """A step of a draft."""

    SUBMIT = "submit"
    RETURN = "return"
    PUBLISH = "publish"
    WITHDRAW = "withdraw"


WRITABLE = frozenset({DraftState.DRAFT, DraftState.RETURNED})
"""States in which those who were there may write."""

SECRETARIAT_MOVES = frozenset({DraftMove.RETURN, DraftMove.PUBLISH, DraftMove.WITHDRAW})

DRAFT_STATES: StateMachine[DraftState, DraftMove] = StateMachine(
    labels={
        DraftState.DRAFT: "下書き",
        DraftState.SUBMITTED: "事務局が確認中",
        DraftState.RETURNED: "差戻し",
        DraftState.PUBLISHED: "公開中",
    },
    moves={
        DraftMove.SUBMIT: Rule("事務局に確認を頼む", WRITABLE, DraftState.SUBMITTED),
        DraftMove.PUBLISH: Rule(
            "事例として公開する", frozenset({DraftState.SUBMITTED}), DraftState.PUBLISHED
        ),
        DraftMove.RETURN: Rule(
            "差し戻す", frozenset({DraftState.SUBMITTED}), DraftState.RETURNED, needs_reason=True
        ),
        DraftMove.WITHDRAW: Rule(
            "公開を取り消す",
            frozenset({DraftState.PUBLISHED}),
            DraftState.RETURNED,
            needs_reason=True,
        ),
    },
)


@dataclass(frozen=True, slots=True)
class DraftContent:
    """What a draft says; the fields of a case (see ``CaseData``).

    Args:
        materials: codes of the vocabulary of materials.
        methods: codes of the circulation methods.
        year: year in which it began.
    """

    title: str
    municipality_code: str
    need: str
    business: str
    offering: str
    source_url: str = ""
    theme: str = ""
    material_note: str = ""
    quantity: str = ""
    year: int | None = None
    note: str = ""
    materials: tuple[str, ...] = ()
    methods: tuple[str, ...] = ()
