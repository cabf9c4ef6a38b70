"""What needs and offerings have in common: their life, their quantities, their stages.

Pure rules; no database, no request.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Any

from matchmaker.core.fields import Choice
from matchmaker.core.states import Rule, StateMachine


class PostKind(StrEnum):
    """The two kinds of posts."""

    NEED = "need"
    OFFERING = "offering"


class PostState(StrEnum):
    """Where a post stands in its life."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    PUBLISHED = "published"
    PAUSED = "paused"
    CLOSED = "closed"


class Stage(StrEnum):
    """Who may read a field, from everybody to the two who agreed to talk."""

    PUBLIC = "public"
    MEMBERS = "members"
    INTERESTED = "interested"
    PARTIES = "parties"

    @property
    def place(self) -> int:
        """How far it stands from the public; a reader who reached a place reads all before it."""
        return list(Stage).index(self)


STAGE_LABELS: Mapping[Stage, str] = {
    Stage.PUBLIC: "公開",
    Stage.MEMBERS: "会員",
    Stage.INTERESTED: "双方関心",
    Stage.PARTIES: "成立",
}
STAGE_HINTS: Mapping[Stage, str] = {
    Stage.PUBLIC: "見せる範囲に入る人がみな読めます。",
    Stage.MEMBERS: "会員だけが読めます。",
    Stage.INTERESTED: "紹介のやりとりが双方から始まった相手だけが読めます。",
    Stage.PARTIES: "双方が話したいと答えた相手だけが読めます。",
}
"""The sentence under a field in the editor: who will read it."""

STATE_LABELS: Mapping[PostState, str] = {
    PostState.DRAFT: "下書き",
    PostState.SUBMITTED: "確認待ち",
    PostState.RETURNED: "差戻し",
    PostState.PUBLISHED: "公開中",
    PostState.PAUSED: "一時停止",
    PostState.CLOSED: "終了",
}


class Move(StrEnum):
    """A step from one state to another."""

    SUBMIT = "submit"
    WITHDRAW = "withdraw"
    RETURN = "return"
    PUBLISH = "publish"
    PAUSE = "pause"
    RESUME = "resume"
    CLOSE = "close"
    REOPEN = "reopen"


S = PostState
POST_STATES: StateMachine[PostState, Move] = StateMachine(
    labels=STATE_LABELS,
    moves={
        Move.SUBMIT: Rule("掲載を申し込む", frozenset({S.DRAFT, S.RETURNED}), S.SUBMITTED),
        Move.WITHDRAW: Rule("申し込みを取り下げる", frozenset({S.SUBMITTED}), S.DRAFT),
        Move.RETURN: Rule(
            "差し戻す", frozenset({S.SUBMITTED, S.PUBLISHED}), S.RETURNED, needs_reason=True
        ),
        Move.PUBLISH: Rule("公開する", frozenset({S.SUBMITTED}), S.PUBLISHED),
        Move.PAUSE: Rule("一時停止する", frozenset({S.PUBLISHED}), S.PAUSED),
        Move.RESUME: Rule("公開を再開する", frozenset({S.PAUSED}), S.PUBLISHED),
        Move.CLOSE: Rule(
            "終了する", frozenset({S.PUBLISHED, S.PAUSED, S.RETURNED}), S.CLOSED, needs_reason=True
        ),
        Move.REOPEN: Rule("再び公開する", frozenset({S.CLOSED}), S.PUBLISHED),
    },
)
MOVES_OF_SECRETARIAT = frozenset({Move.RETURN, Move.PUBLISH})

CLOSE_REASONS = (
    Choice("solved_here", "このサービスで見つけた相手と解決した"),
    Choice("solved_elsewhere", "ほかの方法で解決した"),
    Choice("no_partner", "合う相手が見つからなかった"),
    Choice("conditions_changed", "条件や予算が変わった"),
    Choice("transferred", "担当や計画が変わった"),
    Choice("ended", "取り扱いをやめた"),
    Choice("expired", "掲載の期限が過ぎた"),
    Choice("other", "その他"),
)

LISTED_STATES = frozenset({PostState.PUBLISHED})
EDITABLE_STATES = frozenset(PostState) - {PostState.CLOSED}
DEFAULT_VALIDITY = timedelta(days=365)
LONGEST_VALIDITY = timedelta(days=3 * 365)
EXPIRY_WARNING = timedelta(days=14)

DENSITIES = {"kg": Decimal("0.001"), "t": Decimal(1)}
"""Tonnes per unit; volumes and counts have no honest factor without knowing the material."""

PERIODS_PER_YEAR = {
    "yearly": Decimal(1),
    "monthly": Decimal(12),
    "weekly": Decimal(52),
    "daily": Decimal(365),
    "one_off": Decimal(1),
}


@dataclass(frozen=True, slots=True)
class Tonnes:
    """A quantity in tonnes a year (or tonnes in all when it comes once)."""

    low: Decimal
    high: Decimal


def normalised_quantity(values: Mapping[str, Any]) -> Tonnes | None:
    """Tonnes a year for a typed quantity, or None when the unit is no mass.

    Args:
        values: ``quantity_min``, ``quantity_max`` (Decimal or None), ``quantity_unit`` and
            ``quantity_period`` (codes or None; a missing period counts as yearly).
    """
    low, high = values.get("quantity_min"), values.get("quantity_max")
    factor = DENSITIES.get(values.get("quantity_unit") or "")
    if factor is None or (low is None and high is None):
        return None
    factor *= PERIODS_PER_YEAR[values.get("quantity_period") or "yearly"]
    low = low if low is not None else high
    high = high if high is not None else low
    return Tonnes(low * factor, high * factor)  # type: ignore[operator]


def quantity_rule(values: Mapping[str, Any]) -> dict[str, str]:
    """The lower bound of a quantity is not above the upper one, and a number has its unit."""
    errors: dict[str, str] = {}
    low, high = values.get("quantity_min"), values.get("quantity_max")
    if low is not None and high is not None and low > high:
        errors["quantity_max"] = "上限は下限以上の数にしてください。"
    if (low is not None or high is not None) and not values.get("quantity_unit"):
        errors["quantity_unit"] = "量を入れたときは単位を選んでください。"
    return errors


def capacity_rule(values: Mapping[str, Any]) -> dict[str, str]:
    """What is free and what is the least are not above the whole capacity."""
    errors: dict[str, str] = {}
    capacity = values.get("capacity_tonnes_per_year")
    if capacity is None:
        return errors
    for name, word in (
        ("free_capacity_tonnes_per_year", "空き"),
        ("minimum_lot_tonnes_per_year", "最低の量"),
    ):
        value = values.get(name)
        if value is not None and value > capacity:
            errors[name] = f"{word}は能力以下の数にしてください。"
    return errors


def validity_error(valid_until: date | None, today: date) -> str | None:
    """Message for a date of expiry that is past or too far away."""
    if valid_until is None:
        return None
    if valid_until < today:
        return "掲載の期限には、きょう以降の日付を入れてください。"
    if valid_until > today + LONGEST_VALIDITY:
        return "掲載の期限は3年以内にしてください。"
    return None
