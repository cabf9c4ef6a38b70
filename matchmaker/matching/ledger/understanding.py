"""What the ranking understood of a pair, in words, for judges: conditions side by side."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from embeddings.facts import NeedFacts, OfferingFacts
from embeddings.structure import Comparison, Constraint, Finding, Origin, Verdict, assess
from matchmaker.core.db import db
from matchmaker.core.formatting import format_number
from matchmaker.matching.engine import GEOGRAPHY, geography
from matchmaker.matching.facts import FactsReader, from_json
from matchmaker.matching.models import IndexEntry
from matchmaker.posts.domain import PostKind
from matchmaker.posts.vocabulary import OFFERING_KINDS, SOUGHT_KINDS

CONDITION_LABELS = {
    Constraint.SERVICE_AREA: "地域",
    Constraint.PARTNER_SCOPE: "相手の範囲",
    Constraint.MINIMUM_LOT: "最低の量",
    Constraint.CAPACITY: "能力",
    Constraint.KIND: "求めている種類",
    Constraint.LICENCES: "許可",
    Constraint.WASTE_CLASS: "廃棄物の区分",
    Constraint.ONE_OFF: "一度きりか毎年か",
    Constraint.EXCLUDED: "受け入れない品目",
}
VERDICT_LABELS = {
    Verdict.FULFILLED: "合います",
    Verdict.PARTLY: "一部が合います",
    Verdict.VIOLATED: "合いません",
    Verdict.UNKNOWN: "わかりません",
}
TONNES = frozenset({Constraint.MINIMUM_LOT, Constraint.CAPACITY})
MOST_NAMES = 6
KINDS = {choice.code: choice.label for choice in (*SOUGHT_KINDS, *OFFERING_KINDS)}


@dataclass(frozen=True, slots=True)
class Understood:
    """One line of the comparison.

    Attributes:
        label: what is compared.
        need, offering: what either side says; empty when it says nothing.
        verdict: the result in words.
        is_broken: whether the condition is not kept.
        phrase: the literal words where a value was read in a text.
    """

    label: str
    need: str
    offering: str
    verdict: str
    is_broken: bool = False
    phrase: str = ""


def understood(need: Any, offering: Any) -> list[Understood]:
    """What is understood of both posts; lines of which neither side says anything are left out.

    Args:
        need, offering: the posts with tags and organisations.
    """
    facts = _facts(need, offering)
    found = assess(*facts, geography(GEOGRAPHY))
    lines = [
        _compared("品目", found.materials),
        _compared("循環の方法", found.methods),
        _compared("工程", found.stages),
        *(_condition(each) for each in found.findings if each.constraint in CONDITION_LABELS),
    ]
    return [line for line in lines if line.need or line.offering]


def _facts(need: Any, offering: Any) -> tuple[NeedFacts, OfferingFacts]:
    """Facts as the index holds them (with what was read in the texts), else as the fields say."""
    query = select(IndexEntry.post_id, IndexEntry.facts).where(
        IndexEntry.post_id.in_([need.id, offering.id])
    )
    stored = dict(db.session.execute(query).tuples().all())
    reader = FactsReader()
    one = from_json(PostKind.NEED, stored[need.id]) if stored.get(need.id) else reader.need(need)
    other = (
        from_json(PostKind.OFFERING, stored[offering.id])
        if stored.get(offering.id)
        else reader.offering(offering)
    )
    if not isinstance(one, NeedFacts) or not isinstance(other, OfferingFacts):
        raise TypeError("a pair is a need and an offering")
    return one, other


def _compared(label: str, found: Comparison) -> Understood:
    verdict = Verdict.UNKNOWN
    if found.is_known:
        verdict = Verdict.FULFILLED if found.shared else Verdict.VIOLATED
        verdict = Verdict.PARTLY if 0 < found.share < 1 else verdict
    return Understood(
        label,
        _read(_names(found.need), found.need_origin),
        _read(_names(found.offering), found.offering_origin),
        VERDICT_LABELS[verdict],
        verdict is Verdict.VIOLATED,
    )


def _condition(finding: Finding) -> Understood:
    return Understood(
        CONDITION_LABELS[finding.constraint],
        _read(_value(finding, finding.need_value), finding.need_origin),
        _read(_value(finding, finding.offering_value), finding.offering_origin),
        VERDICT_LABELS[finding.verdict],
        finding.verdict is Verdict.VIOLATED,
        finding.phrase,
    )


def _value(finding: Finding, value: Any) -> str:
    if isinstance(value, int | float) and not isinstance(value, bool):
        amount = f"{format_number(value)} t"
        return f"年{amount}" if finding.constraint in TONNES else amount
    if isinstance(value, tuple):
        return _names(tuple(KINDS.get(str(each)) or str(each) for each in value))
    return (KINDS.get(str(value)) or str(value)) if value else ""


def _names(names: tuple[str, ...]) -> str:
    shown = "、".join(names[:MOST_NAMES])
    return shown + (f" ほか{len(names) - MOST_NAMES}" if len(names) > MOST_NAMES else "")


def _read(text: str, origin: Origin) -> str:
    return f"{text}（文章から）" if text and origin is Origin.TEXT else text
