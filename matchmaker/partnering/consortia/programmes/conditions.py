"""Support programmes: their conditions as data, and which of them a consortium meets. Pure rules.

A finding says met, unmet or unknown, why, and where the missing fact is filled in. None of them
says whether money will be granted: that is decided by whoever runs the programme.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from matchmaker.core.clock import fiscal_year
from matchmaker.core.formatting import format_fiscal_year, format_number

RATE = re.compile(r"([1-9]\d?)/([1-9]\d{0,2})")
LARGE, SMALL_SIZES = "large", frozenset({"small_and_medium", "micro"})
"""Company sizes; 小規模企業 is counted inside 中小企業 (partnership.yaml)."""

COMPANY = "company"
MOST_NAMED = 3
MOST_COST_YEN = 100_000_000_000


class Verdict(StrEnum):
    """Whether a condition is met, as far as the records tell."""

    MET = "met"
    UNMET = "unmet"
    UNKNOWN = "unknown"


class Place(StrEnum):
    """Where a missing fact is filled in."""

    CONTENT = "content"
    PARTNERS = "partners"
    FIGURES = "figures"
    NOWHERE = ""


@dataclass(frozen=True, slots=True)
class Figure:
    """A number that a programme asks for and no other page holds.

    Args:
        code: its key.
        label: what it is, in Japanese.
        unit: unit after the number.
        is_ceiling: whether the condition is met at or below its bound, not at or above it.
        highest: largest number that makes sense.
    """

    code: str
    label: str
    unit: str
    is_ceiling: bool
    highest: Decimal

    @property
    def bound_unit(self) -> str:
        """The unit with the side on which the bound is kept: ``％以上``."""
        return f"{self.unit}{'以内' if self.is_ceiling else '以上'}"


FIGURES = (
    Figure("recycled_content", "つくる製品の再生材の含有率", "％", False, Decimal(100)),
    Figure("reusable_share", "仕入れた廃棄物のうち製品として再び使えるものの割合", "％", False,
           Decimal(100)),
    Figure("design_years", "環境配慮設計の製品を市場に出すまで（事業が終わってからの年数）", "年",
           True, Decimal(20)),
)  # fmt: skip
"""The three goals of 産官学連携による自律型資源循環システム強靱化促進事業 (METI, March 2025)."""


@dataclass(frozen=True, slots=True)
class Programme:
    """A support programme with its conditions.

    Args:
        members_only: whether the partnership's members alone may apply.
        categories: codes of member categories of which one has to take part.
        materials: codes of the materials it is about; empty for all.
        materials_are_examples: whether others than those named may be taken.
        methods: codes of circulation methods of which one has to be used; empty for all.
        roles: codes of roles that have to be filled.
        first_year, last_year: fiscal years, both included.
        goals: bound by code of :data:`FIGURES`; one of them suffices.
        judged: conditions in words that only the programme's own people can judge.
        rate_large, rate_small: share of the costs that is granted, by size of company.
    """

    name: str
    members_only: bool = False
    categories: tuple[str, ...] = ()
    materials: tuple[str, ...] = ()
    materials_are_examples: bool = False
    methods: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    first_year: int | None = None
    last_year: int | None = None
    goals: Mapping[str, Decimal] = field(default_factory=dict)
    judged: tuple[str, ...] = ()
    rate_large: Fraction | None = None
    rate_small: Fraction | None = None


@dataclass(frozen=True, slots=True)
class Member:
    """A partner as programmes see it.

    Args:
        key: id of its row, as text.
        is_member: whether it is a member of the partnership; others were named from outside.
        category: code of its member category, empty for outsiders.
        size: code of its company size, empty when unknown.
        roles: codes of its roles.
    """

    key: str
    name: str
    is_member: bool
    category: str = ""
    size: str = ""
    roles: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of a consortium.

    Args:
        members: partners that take part or were named from outside.
        figures: numbers by code of :data:`FIGURES`.
        costs: planned costs in yen by key of the partner.
    """

    members: tuple[Member, ...] = ()
    materials: tuple[str, ...] = ()
    methods: tuple[str, ...] = ()
    starts_on: date | None = None
    ends_on: date | None = None
    figures: Mapping[str, Decimal] = field(default_factory=dict)
    costs: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Words:
    """Japanese words by code, for the reasons."""

    categories: Mapping[str, str]
    materials: Mapping[str, str]
    methods: Mapping[str, str]
    roles: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Finding:
    """One condition against the facts.

    Args:
        condition: the condition in Japanese.
        verdict: whether it is met.
        reason: why, in Japanese.
        place: where the missing or wrong fact is filled in.
    """

    condition: str
    verdict: Verdict
    reason: str
    place: Place = Place.NOWHERE


def parse_rate(text: str) -> Fraction | None:
    """``1/3`` as a number between 0 and 1; None for anything else."""
    match = RATE.fullmatch(text.strip())
    if match is None:
        return None
    rate = Fraction(int(match[1]), int(match[2]))
    return rate if rate <= 1 else None


def findings(programme: Programme, facts: Facts, words: Words, today: date) -> list[Finding]:
    """All conditions of a programme against what is known of a consortium, in a fixed order."""
    found = [
        _period(programme, facts, today),
        _membership(programme, facts),
        _categories(programme, facts, words),
        _materials(programme, facts, words),
        _methods(programme, facts, words),
        *_roles(programme, facts, words),
        _goals(programme, facts),
        *(Finding(text, Verdict.UNKNOWN, JUDGED_BY_OTHERS) for text in programme.judged),
    ]
    return [each for each in found if each is not None]


JUDGED_BY_OTHERS = "この画面では分かりません。募集の要領を読み、実施する団体に確かめてください。"


def overall(found: Iterable[Finding]) -> Verdict:
    """Unmet as soon as one condition is, unknown as long as one is, met otherwise."""
    verdicts = {each.verdict for each in found}
    for verdict in (Verdict.UNMET, Verdict.UNKNOWN):
        if verdict in verdicts:
            return verdict
    return Verdict.MET


def _period(programme: Programme, facts: Facts, today: date) -> Finding | None:
    first, last = programme.first_year, programme.last_year
    if first is None or last is None:
        return None
    condition = f"{_year(first)}から{_year(last)}までの事業であること"
    if fiscal_year(today) > last:
        return Finding(condition, Verdict.UNMET, "この支援策の期間は終わっています。")
    if facts.starts_on is None or facts.ends_on is None:
        reason = "座組の「始める日」と「終える日」が書かれていません。"
        return Finding(condition, Verdict.UNKNOWN, reason, Place.CONTENT)
    begins, ends = fiscal_year(facts.starts_on), fiscal_year(facts.ends_on)
    if begins > last or ends < first:
        reason = f"座組の期間（{_year(begins)}〜{_year(ends)}）と重なりません。"
        return Finding(condition, Verdict.UNMET, reason, Place.CONTENT)
    if begins < first or ends > last:
        reason = f"座組の期間（{_year(begins)}〜{_year(ends)}）の一部だけが重なります。"
        return Finding(condition, Verdict.UNKNOWN, reason, Place.CONTENT)
    return Finding(condition, Verdict.MET, f"座組の期間は{_year(begins)}〜{_year(ends)}です。")


def _year(year: int) -> str:
    return format_fiscal_year(date(year, 4, 1))


def _membership(programme: Programme, facts: Facts) -> Finding | None:
    if not programme.members_only:
        return None
    condition = "サーキュラーパートナーズの会員であること"
    outside = [each.name for each in facts.members if not each.is_member]
    if not any(each.is_member for each in facts.members):
        reason = "参加している会員の団体がありません。"
        return Finding(condition, Verdict.UNMET, reason, Place.PARTNERS)
    if outside:
        reason = (
            f"会員ではない参加者がいます：{_named(outside)}。申請する団体が会員か確かめてください。"
        )
        return Finding(condition, Verdict.UNKNOWN, reason, Place.PARTNERS)
    return Finding(condition, Verdict.MET, "参加しているすべての団体が会員です。")


def _named(names: Sequence[str]) -> str:
    shown = "、".join(names[:MOST_NAMED])
    return f"{shown}ほか{len(names) - MOST_NAMED}団体" if len(names) > MOST_NAMED else shown


def _categories(programme: Programme, facts: Facts, words: Words) -> Finding | None:
    if not programme.categories:
        return None
    wanted = _joined(programme.categories, words.categories)
    condition = f"{wanted}が参加していること"
    fitting = [each.name for each in facts.members if each.category in programme.categories]
    if fitting:
        return Finding(condition, Verdict.MET, f"参加しています：{_named(fitting)}。")
    reason = f"参加している団体に{wanted}がありません。"
    return Finding(condition, Verdict.UNMET, reason, Place.PARTNERS)


def _joined(codes: Iterable[str], words: Mapping[str, str]) -> str:
    return "・".join(words.get(code, code) for code in codes)


def _materials(programme: Programme, facts: Facts, words: Words) -> Finding | None:
    if not programme.materials:
        return None
    more = "など" if programme.materials_are_examples else ""
    condition = f"対象の品目：{_joined(programme.materials, words.materials)}{more}"
    shared = [code for code in facts.materials if code in programme.materials]
    if shared:
        reason = f"座組の品目が当てはまります：{_joined(shared, words.materials)}。"
        return Finding(condition, Verdict.MET, reason)
    if not facts.materials:
        reason = "座組の「対象の品目」が書かれていません。"
        return Finding(condition, Verdict.UNKNOWN, reason, Place.CONTENT)
    own = _joined(facts.materials, words.materials)
    if programme.materials_are_examples:
        reason = f"座組の品目（{own}）は例に挙げられていません。対象になるか確かめてください。"
        return Finding(condition, Verdict.UNKNOWN, reason, Place.CONTENT)
    return Finding(condition, Verdict.UNMET, f"座組の品目は{own}です。", Place.CONTENT)


def _methods(programme: Programme, facts: Facts, words: Words) -> Finding | None:
    if not programme.methods:
        return None
    condition = f"循環の構築方法：{_joined(programme.methods, words.methods)}"
    shared = [code for code in facts.methods if code in programme.methods]
    if shared:
        reason = f"座組の方法が当てはまります：{_joined(shared, words.methods)}。"
        return Finding(condition, Verdict.MET, reason)
    if not facts.methods:
        reason = "座組の「循環の構築方法」が書かれていません。"
        return Finding(condition, Verdict.UNKNOWN, reason, Place.CONTENT)
    reason = f"座組の方法は{_joined(facts.methods, words.methods)}です。"
    return Finding(condition, Verdict.UNMET, reason, Place.CONTENT)


def _roles(programme: Programme, facts: Facts, words: Words) -> list[Finding]:
    found: list[Finding] = []
    for code in programme.roles:
        label = words.roles.get(code, code)
        condition = f"「{label}」の役割の団体がいること"
        names = [each.name for each in facts.members if code in each.roles]
        if names:
            found.append(Finding(condition, Verdict.MET, f"{_named(names)}が担っています。"))
        else:
            reason = "この役割の団体がまだいません。"
            found.append(Finding(condition, Verdict.UNMET, reason, Place.PARTNERS))
    return found


def _goals(programme: Programme, facts: Facts) -> Finding | None:
    """One of the goals suffices; unknown as long as a number that could meet it is missing."""
    asked = [(each, programme.goals[each.code]) for each in FIGURES if each.code in programme.goals]
    if not asked:
        return None
    condition = "次のどれかを満たすこと：" + "／".join(goal_text(*each) for each in asked)
    if len(asked) == 1:
        condition = goal_text(*asked[0])
    for figure, bound in asked:
        number = facts.figures.get(figure.code)
        if number is not None and _keeps(figure, number, bound):
            reason = f"{figure.label}：{format_number(number)}{figure.unit}（見込み）"
            return Finding(condition, Verdict.MET, reason)
    missing = [each.label for each, _bound in asked if each.code not in facts.figures]
    if missing:
        reason = f"まだ入れられていません：{'、'.join(missing)}。"
        return Finding(condition, Verdict.UNKNOWN, reason, Place.FIGURES)
    return Finding(condition, Verdict.UNMET, "入れた数では、どれも満たしません。", Place.FIGURES)


def goal_text(figure: Figure, bound: Decimal) -> str:
    """A goal in words: ``つくる製品の再生材の含有率が10％以上``."""
    return f"{figure.label}が{format_number(bound)}{figure.bound_unit}"


def _keeps(figure: Figure, number: Decimal, bound: Decimal) -> bool:
    return number <= bound if figure.is_ceiling else number >= bound


@dataclass(frozen=True, slots=True)
class Share:
    """What a partner might be granted, as an estimate.

    Args:
        cost: planned costs in yen; None when none were given.
        rate: the rate of its size; None when the size is unknown or no rate applies.
        amount: costs times rate in whole yen, rounded down; None when either is missing.
        note: why there is no amount, in Japanese; empty when there is one.
    """

    member: Member
    cost: int | None
    rate: Fraction | None
    amount: int | None
    note: str = ""


def shares(programme: Programme, facts: Facts) -> list[Share]:
    """An estimate for each partner, from the costs typed in and the rate of its size."""
    if programme.rate_large is None and programme.rate_small is None:
        return []
    return [_share(programme, each, facts.costs.get(each.key)) for each in facts.members]


def _share(programme: Programme, member: Member, cost: int | None) -> Share:
    if programme.members_only and not member.is_member:
        return Share(member, cost, None, None, "会員ではないため対象になりません")
    if member.category != COMPANY:
        return Share(member, cost, None, None, "企業ではないため、補助率が示されていません")
    if not member.size:
        return Share(member, cost, None, None, "企業の規模が登録されていません")
    rate = programme.rate_small if member.size in SMALL_SIZES else programme.rate_large
    if rate is None:
        return Share(member, cost, None, None, "この規模の補助率が示されていません")
    if cost is None:
        return Share(member, None, rate, None, "費用の見込みがまだ入っていません")
    return Share(member, cost, rate, int(cost * rate))


def total(found: Iterable[Share]) -> int | None:
    """Sum of the amounts in yen; None when there is none at all."""
    amounts = [each.amount for each in found if each.amount is not None]
    return sum(amounts) if amounts else None
