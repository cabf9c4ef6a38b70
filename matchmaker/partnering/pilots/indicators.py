"""Indicators of a pilot: kinds with units, reading what people typed, sums, checks. Pure rules."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from matchmaker.core.errors import ProductError
from matchmaker.core.text import fold

MOST_DECIMALS = 3
AMOUNT = re.compile(r"^(-?[0-9]{1,12}(?:\.([0-9]+))?)(.*)$")
OTHER_UNITS: Mapping[str, str] = {
    "kg": "キログラムの値は、1,000で割ってトンにしてください。",
    "キロ": "キログラムの値は、1,000で割ってトンにしてください。",
    "g": "グラムの値は、1,000,000で割ってトンにしてください。",
    "kg-co2": "キログラムの値は、1,000で割ってトンにしてください。",
    "kg-co2e": "キログラムの値は、1,000で割ってトンにしてください。",
    "万円": "万円の値は、10,000を掛けて円にしてください。",
    "千円": "千円の値は、1,000を掛けて円にしてください。",
    "万": "10,000を掛けて書いてください。",
}
"""Units that people often write instead, and how to convert them."""


class IndicatorKind(StrEnum):
    """What is counted."""

    COLLECTED = "collected"
    RECYCLED = "recycled"
    DISPOSED = "disposed"
    GHG = "ghg"
    COST = "cost"
    PARTICIPANTS = "participants"
    JOBS = "jobs"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class KindRule:
    """How one kind is counted.

    Args:
        label: Japanese name.
        unit: what it is counted in; empty where the plan says.
        most: larger values of one period are a slip (of unit or digits).
        decimals: most digits after the point.
        less_is_better: whether the goal is not to be exceeded.
        is_level: whether the newest value counts (people employed) instead of the sum (tonnes).
        other_names: further ways to write the unit, folded.
        hint: what exactly is meant.
    """

    label: str
    unit: str
    most: Decimal
    decimals: int = MOST_DECIMALS
    less_is_better: bool = False
    is_level: bool = False
    other_names: tuple[str, ...] = ()
    hint: str = ""


TONNES = ("トン", "ton", "tonne", "tonnes")
RULES: Mapping[IndicatorKind, KindRule] = {
    IndicatorKind.COLLECTED: KindRule(
        "集めた量", "t", Decimal(10_000_000), other_names=TONNES,
        hint="期間中に集めた量です。",
    ),
    IndicatorKind.RECYCLED: KindRule(
        "循環させた量", "t", Decimal(10_000_000), other_names=TONNES,
        hint="集めたもののうち、再使用・再生利用・熱回収に回した量です。",
    ),
    IndicatorKind.DISPOSED: KindRule(
        "処分した量", "t", Decimal(10_000_000), less_is_better=True, other_names=TONNES,
        hint="集めたもののうち、焼却や埋め立てで処分した量です。",
    ),
    IndicatorKind.GHG: KindRule(
        "温室効果ガスの排出量", "t-CO2e", Decimal(100_000_000), less_is_better=True,
        other_names=("t-co2", "tco2", "tco2e", "t-co₂", "t", *TONNES),
        hint="実証で出た量です。基準には、実証をしなかった場合の量を入れます。",
    ),
    IndicatorKind.COST: KindRule(
        "かかった費用", "円", Decimal(10_000_000_000), 0, less_is_better=True,
        other_names=("yen",), hint="税込みの額です。",
    ),
    IndicatorKind.PARTICIPANTS: KindRule(
        "参加した人", "人", Decimal(100_000_000), 0, other_names=("名",), hint="のべ人数です。",
    ),
    IndicatorKind.JOBS: KindRule(
        "実証で働く人", "人", Decimal(1_000_000), 0, is_level=True, other_names=("名",),
        hint="期間の終わりの人数です。足し合わせません。",
    ),
    IndicatorKind.OTHER: KindRule("その他", "", Decimal(100_000_000_000)),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Amount:
    """A value as it was typed: how many decimals it has tells how finely it was measured."""

    value: Decimal
    decimals: int = 0

    @property
    def half_step(self) -> Decimal:
        """By how much rounding may have moved it."""
        return Decimal(5).scaleb(-self.decimals - 1)


ZERO = Amount(Decimal(0), MOST_DECIMALS)


def read_amount(text: str, kind: IndicatorKind, unit: str, field: str) -> Amount | None:
    """What was typed, such as ``1,200.5``, ``１２ｔ`` or nothing.

    Args:
        text: what was typed.
        kind: kind of the indicator.
        unit: its unit.
        field: name of the form field, for the message.

    Raises:
        ProductError: no number, another unit, negative, too many decimals, or beyond sense.
    """
    folded = fold(text).replace(",", "").replace("−", "-").replace("△", "-").replace("▲", "-")
    if not folded:
        return None
    match = AMOUNT.match(folded)
    if match is None:
        raise ProductError(f"数字で入れてください。単位は{unit}です。例：12.5", field)
    _check_unit(match[3], kind, unit, field)
    decimals = len(match[2] or "")
    _check_bounds(Decimal(match[1]), decimals, RULES[kind], unit, field)
    return Amount(Decimal(match[1]), decimals)


def _check_unit(typed: str, kind: IndicatorKind, unit: str, field: str) -> None:
    if typed and typed not in (fold(unit), *RULES[kind].other_names):
        advice = OTHER_UNITS.get(typed, "単位を直して入れてください。")
        raise ProductError(f"単位は{unit}です。「{typed}」では受け取れません。{advice}", field)


def _check_bounds(value: Decimal, decimals: int, rule: KindRule, unit: str, field: str) -> None:
    if value < 0:
        raise ProductError("0以上の数で入れてください。", field)
    if decimals > rule.decimals:
        known = f"小数は{rule.decimals}桁まで" if rule.decimals else "整数"
        raise ProductError(f"{known}で入れてください。", field)
    if value > rule.most:
        raise ProductError(
            f"大きすぎます。{rule.most:,}{unit}以下で入れてください。"
            "単位と桁を確かめてください。", field,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Balance:
    """Tonnes of one period; None where nothing was reported."""

    collected: Amount | None = None
    recycled: Amount | None = None
    disposed: Amount | None = None


def first_imbalance(balances: Sequence[Balance]) -> int | None:
    """Index of the first period up to which more was recycled and disposed of than collected.

    The sums since the beginning are compared: what is collected in one period may be treated in
    the next. Each value may be off by half of its last digit. Without a collected amount nothing
    can be compared.

    Args:
        balances: the periods in their order.
    """
    collected = treated = slack = Decimal(0)
    for place, balance in enumerate(balances):
        if balance.collected is None:
            if balance.recycled is None and balance.disposed is None:
                continue
            return None
        parts = [balance.recycled or ZERO, balance.disposed or ZERO]
        collected += balance.collected.value
        treated += sum((part.value for part in parts), Decimal(0))
        slack += sum((part.half_step for part in (balance.collected, *parts)), Decimal(0))
        if treated > collected + slack:
            return place
    return None


def total_of(kind: IndicatorKind, values: Sequence[Decimal]) -> Decimal | None:
    """All periods together: their sum, or the newest value of a level; None without any."""
    if not values:
        return None
    return values[-1] if RULES[kind].is_level else sum(values, Decimal(0))


def progress(total: Decimal | None, goal: Decimal | None) -> float | None:
    """Share of the goal (1.0 is all of it); None without a goal or a value."""
    if total is None or not goal:
        return None
    return float(total / goal)


def is_reached(kind: IndicatorKind, total: Decimal | None, goal: Decimal | None) -> bool | None:
    """Whether the goal is kept or reached; None without a goal or a value."""
    if total is None or goal is None:
        return None
    return total <= goal if RULES[kind].less_is_better else total >= goal
