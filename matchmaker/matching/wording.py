"""Sentences for what the ranking found, and the questions to send where something is unknown.

Numbers that the reader may not see are not written, only the verdict about them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from embeddings.structure import Constraint, Finding, Origin, Verdict
from matchmaker.core.formatting import format_number
from matchmaker.posts.vocabulary import OFFERING_KINDS, SOUGHT_KINDS

KINDS = {c.code: c.label for c in OFFERING_KINDS}
SOUGHT = {c.code: c.label for c in SOUGHT_KINDS}
NEAR_KM = 50
MOST_NAMES = 6
LONGEST_PHRASE = 40


def distance_words(km: float | None) -> str:
    """Distance from plant to town hall: great-circle, said so; empty when unknown."""
    if km is None:
        return ""
    if km < 1:
        return "同じ市区町村"
    rounded = round(km) if km < NEAR_KM else round(km, -1)
    return f"直線で約{rounded:,.0f} km"


def listed(value: Any) -> str:
    """Names in a row, the first six and how many more."""
    names = list(value) if isinstance(value, tuple | list) else [str(value)]
    shown = "、".join(str(name) for name in names[:MOST_NAMES])
    return shown + (f" ほか{len(names) - MOST_NAMES}" if len(names) > MOST_NAMES else "")


class FindingWords:
    """Sentences for findings.

    Args:
        shows_numbers: whether the reader may see quantities of both posts.
        readable: texts of both posts that the reader may see; a phrase is told only from these.
    """

    def __init__(self, *, shows_numbers: bool, readable: Sequence[str] = ()) -> None:
        self._shows_numbers = shows_numbers
        self._readable = readable
        self._writers: dict[Constraint, Callable[[Finding], str]] = {
            Constraint.SERVICE_AREA: _service_area,
            Constraint.PARTNER_SCOPE: _partner_scope,
            Constraint.MINIMUM_LOT: self._minimum_lot,
            Constraint.CAPACITY: self._capacity,
            Constraint.KIND: _kind,
            Constraint.LICENCES: _licences,
            Constraint.WASTE_CLASS: _waste_class,
            Constraint.ONE_OFF: _one_off,
            Constraint.EXCLUDED: _excluded,
            Constraint.REFUSAL: self._refusal,
        }

    def of(self, finding: Finding) -> str:
        """The sentence, with the words that were read in a text; empty when there is none."""
        writer = self._writers.get(finding.constraint)
        text = writer(finding) if writer else ""
        return text + self._source(finding) if text else ""

    def _source(self, finding: Finding) -> str:
        if Origin.TEXT not in (finding.need_origin, finding.offering_origin):
            return ""
        phrase = finding.phrase
        if not phrase or len(phrase) > LONGEST_PHRASE or not self._may_quote(phrase):
            return "（文章から読み取りました）"
        return f"（文章の「{phrase}」から）"

    def _may_quote(self, phrase: str) -> bool:
        return any(phrase in text for text in self._readable)

    def _minimum_lot(self, finding: Finding) -> str:
        lot, quantity = tonnes(finding.offering_value), tonnes(finding.need_value)
        match finding.verdict:
            case Verdict.VIOLATED if self._shows_numbers:
                return f"最低の量に届きません（最低{lot}、ニーズは{quantity}）"
            case Verdict.VIOLATED:
                return "最低の量に届きません"
            case Verdict.FULFILLED if self._shows_numbers and finding.offering_value:
                return f"最低の量を満たします（最低{lot}）"
            case Verdict.FULFILLED:
                return "最低の量を満たします"
        return ""

    def _capacity(self, finding: Finding) -> str:
        capacity, quantity = tonnes(finding.offering_value), tonnes(finding.need_value)
        numbers = f"（{capacity}に対して{quantity}）" if self._shows_numbers else ""
        match finding.verdict:
            case Verdict.FULFILLED:
                return f"量を受けられる能力があります{numbers}"
            case Verdict.PARTLY:
                return f"受けられるのは一部です{numbers}"
            case Verdict.VIOLATED:
                return "いまは受け入れを止めているか、空きがありません"
        return ""

    def _refusal(self, finding: Finding) -> str:
        if finding.verdict is not Verdict.VIOLATED:
            return ""
        sentence = str(finding.offering_value or "")
        quoted = f"（「{sentence}」）" if sentence and self._may_quote(sentence) else ""
        return f"受け入れないものの記載があります{quoted}"


def _service_area(finding: Finding) -> str:
    area = listed(finding.offering_value)
    match finding.verdict:
        case Verdict.FULFILLED:
            return f"対応できる地域です（{area}）"
        case Verdict.VIOLATED:
            return f"対応できる地域の外です（対応：{area}）"
    return ""


def _partner_scope(finding: Finding) -> str:
    if finding.verdict is Verdict.VIOLATED:
        return f"希望の範囲（{finding.need_value}）の外にあります（{finding.offering_value}）"
    if finding.verdict is Verdict.FULFILLED and finding.need_value == "全国":
        return "全国から相手を求めています"
    if finding.verdict is Verdict.FULFILLED:
        return f"希望の範囲（{finding.need_value}）の中にあります"
    return ""


def _kind(finding: Finding) -> str:
    kind = KINDS.get(str(finding.offering_value), "")
    if finding.verdict is Verdict.FULFILLED:
        return f"求めている種類です（{kind}）"
    if finding.verdict is Verdict.VIOLATED:
        wanted = finding.need_value if isinstance(finding.need_value, tuple) else ()
        names = "、".join(SOUGHT.get(code, code) for code in wanted)
        return f"種類がちがいます（求めているもの：{names}／提供：{kind}）"
    return ""


def _licences(finding: Finding) -> str:
    if finding.verdict is Verdict.FULFILLED:
        return f"必要な許可があります（{listed(finding.need_value)}）"
    if finding.verdict in (Verdict.VIOLATED, Verdict.PARTLY):
        return f"必要な許可の記載がありません（{listed(finding.need_value)}）"
    return ""


def _waste_class(finding: Finding) -> str:
    if finding.verdict is Verdict.FULFILLED:
        return f"扱う区分が同じです（{finding.need_value}）"
    if finding.verdict is Verdict.VIOLATED:
        return f"扱う区分がちがいます（{finding.need_value}と{finding.offering_value}）"
    return ""


def _one_off(finding: Finding) -> str:
    if finding.verdict is Verdict.FULFILLED:
        return "一度きりの量にも応じられます"
    return "毎年の量だけを受けています" if finding.verdict is Verdict.VIOLATED else ""


def _excluded(finding: Finding) -> str:
    if finding.verdict is not Verdict.VIOLATED:
        return ""
    return f"受け入れないものに入っています（{listed(finding.offering_value)}）"


def tonnes(value: Any) -> str:
    """A yearly quantity in words; empty when there is none."""
    return f"年{format_number(value)} t" if isinstance(value, int | float) else ""


def question_of(finding: Finding, *, to_business: bool, shows_numbers: bool) -> tuple[str, str]:
    """What one side stated and the other left open, and the words to send to that other side.

    Args:
        finding: one with the verdict unknown.
        to_business: whether the business is the other side for who reads (else the town).
        shows_numbers: whether the reader may see quantities of both posts.

    Returns:
        What is left open; empty where nothing is. The question is empty where the reader's own post
        left it open: then it is to be written there.
    """
    name = LEFT_OPEN.get(finding.constraint, "")
    by_business = _is_stated(finding.need_value)
    is_open = by_business is not _is_stated(finding.offering_value)
    if not name or not is_open or finding.constraint in _NEVER_OPEN[by_business]:
        return "", ""
    return name, _question(finding, shows_numbers) if by_business is to_business else ""


LEFT_OPEN: Mapping[Constraint, str] = {
    Constraint.SERVICE_AREA: "対応できる地域",
    Constraint.MINIMUM_LOT: "量が1年に何トンか",
    Constraint.CAPACITY: "受けられる量",
    Constraint.LICENCES: "許可",
    Constraint.WASTE_CLASS: "廃棄物の区分",
    Constraint.ONE_OFF: "一度きりの量を受けられるか",
}
"""What a condition asks of the side that left it open."""
_NEVER_OPEN: Mapping[bool, frozenset[Constraint]] = {
    True: frozenset({Constraint.MINIMUM_LOT}),
    False: frozenset(LEFT_OPEN) - {Constraint.MINIMUM_LOT, Constraint.WASTE_CLASS},
}
"""Conditions that do without a word of the business (True) or the town (False): who names no lowest
quantity takes any; who states an area or a licence does not expect the town to."""


def _is_stated(value: Any) -> bool:
    return value is not None and value not in ("", ())


def _question(finding: Finding, shows_numbers: bool) -> str:
    asked, known = finding.need_value, finding.offering_value
    match finding.constraint:
        case Constraint.SERVICE_AREA:
            return f"対応できる地域に、{asked}は入りますか。"
        case Constraint.MINIMUM_LOT:
            lot = f"最低の量は{tonnes(known)}です。" if shows_numbers else "最低の量があります。"
            return f"{lot}量は1年に何トンですか。"
        case Constraint.CAPACITY:
            amount = f"{tonnes(asked)}を" if shows_numbers else "こちらの量を"
            return f"{amount}受け入れる余力はありますか。"
        case Constraint.LICENCES:
            return f"{listed(asked)}の許可はお持ちですか。"
        case Constraint.ONE_OFF:
            return "一度きりの量でも受けられますか。"
    return (
        f"{asked}を扱えますか。"
        if asked
        else "一般廃棄物、産業廃棄物、有価物のどれに当たりますか。"
    )
