"""Puts the findings of the ranking into words, for the side that reads them.

Numbers that the reader may not see are not written, only the verdict about them.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from embeddings.ranking import Ranked
from embeddings.sentence_pairs import SentencePair
from embeddings.structure import Constraint, Finding, Verdict
from embeddings.text import Passage, sentence_spans
from embeddings.words import content_words
from matchmaker.core.actor import Actor
from matchmaker.core.formatting import format_number
from matchmaker.matching.domain import Explanation, Quote
from matchmaker.matching.facts import TEXT_LABELS
from matchmaker.posts.domain import PostKind
from matchmaker.posts.policy import can_see_stage
from matchmaker.posts.vocabulary import OFFERING_KINDS, SOUGHT_KINDS

MAIN_TEXT = {PostKind.NEED: "困っていること", PostKind.OFFERING: "できること"}
KINDS = {c.code: c.label for c in OFFERING_KINDS}
SOUGHT = {c.code: c.label for c in SOUGHT_KINDS}
NEAR_KM = 50
MOST_AREAS = 6
LONGEST_QUOTE = 90


class Explainer:
    """Explains the recommendations for one post to one reader.

    Args:
        kind: kind of the post that the recommendations are for.
        actor: who reads.
    """

    def __init__(self, kind: PostKind, actor: Actor) -> None:
        self._kind = kind
        self._actor = actor

    def explain(self, own: Any, other: Any, ranked: Ranked) -> Explanation:
        """Words for one recommended post.

        Args:
            own: the post that is recommended for (None for a free-text search).
            other: the recommended post.
            ranked: its place with findings.
        """
        need = own if self._kind is PostKind.NEED else other
        words = _FindingWords(shows_numbers=need is None or self._may_see(need, other, own))
        reasons, doubts, unknowns = self._shared(ranked), [], []
        for finding in ranked.reasons.findings:
            text = words.of(finding)
            if not text:
                continue
            if finding.verdict is Verdict.FULFILLED:
                reasons.append(text)
            elif finding.verdict is Verdict.UNKNOWN:
                unknowns.append(text)
            else:
                doubts.append(text)
        own_quote, other_quote = self._quotes(ranked.reasons.pair)
        return Explanation(
            reasons=tuple(reasons),
            doubts=tuple(doubts),
            unknowns=tuple(unknowns),
            own_quote=own_quote,
            other_quote=other_quote,
            distance=distance_words(ranked.reasons.distance_km),
        )

    def _may_see(self, need: Any, other: Any, own: Any) -> bool:
        posts = [post for post in (need, other, own) if post is not None]
        return all(can_see_stage(self._actor, post, "members") for post in posts)

    def _shared(self, ranked: Ranked) -> list[str]:
        reasons = []
        if ranked.reasons.shared_materials:
            reasons.append(f"品目が合います：{'、'.join(ranked.reasons.shared_materials)}")
        if ranked.reasons.shared_methods:
            reasons.append(f"循環の方法が合います：{'、'.join(ranked.reasons.shared_methods)}")
        return reasons

    def _quotes(self, pair: SentencePair | None) -> tuple[Quote | None, Quote | None]:
        if pair is None:
            return None, None
        other = PostKind.OFFERING if self._kind is PostKind.NEED else PostKind.NEED
        return (
            _quote(pair.query, self._kind, pair.document.text),
            _quote(pair.document, other, pair.query.text),
        )


def _quote(passage: Passage, kind: PostKind, answered: str) -> Quote:
    labels = {"title": "件名", "description": MAIN_TEXT[kind]}
    label = labels.get(passage.part) or TEXT_LABELS.get(passage.part, "")
    return Quote(label, telling_sentence(passage.text, answered))


def telling_sentence(text: str, answered: str) -> str:
    """The sentence of a longer piece that has most in common with what it answers.

    Args:
        text: a literal piece of a post, possibly of several sentences.
        answered: the piece of the other post.
    """
    if len(text) <= LONGEST_QUOTE:
        return text.strip()
    wanted = set(content_words(answered))
    sentences = [text[start:end].strip() for start, end in sentence_spans(text)]
    return max(sentences, key=lambda s: len(wanted & set(content_words(s))), default=text.strip())


def distance_words(km: float | None) -> str:
    """Distance from plant to town hall: great-circle, said so; empty when unknown."""
    if km is None:
        return ""
    if km < 1:
        return "同じ市区町村"
    rounded = round(km) if km < NEAR_KM else round(km, -1)
    return f"直線で約{rounded:,.0f} km"


class _FindingWords:
    """Sentences for findings, with numbers only where the reader may see them."""

    def __init__(self, *, shows_numbers: bool) -> None:
        self._shows_numbers = shows_numbers
        self._writers: dict[Constraint, Callable[[Finding], str]] = {
            Constraint.SERVICE_AREA: self._service_area,
            Constraint.PARTNER_SCOPE: self._partner_scope,
            Constraint.MINIMUM_LOT: self._minimum_lot,
            Constraint.CAPACITY: self._capacity,
            Constraint.KIND: self._kind,
            Constraint.LICENCES: self._licences,
            Constraint.REFUSAL: self._refusal,
        }

    def of(self, finding: Finding) -> str:
        writer = self._writers.get(finding.constraint)
        return writer(finding) if writer else ""

    def _service_area(self, finding: Finding) -> str:
        area = _listed(finding.offering_value)
        match finding.verdict:
            case Verdict.FULFILLED:
                return f"対応できる地域です（{area}）"
            case Verdict.VIOLATED:
                return f"対応できる地域の外です（対応：{area}）"
        return "対応できる地域が書かれていません" if not finding.offering_value else ""

    def _partner_scope(self, finding: Finding) -> str:
        if finding.verdict is Verdict.VIOLATED:
            return f"希望の範囲（{finding.need_value}）の外にあります（{finding.offering_value}）"
        if finding.verdict is Verdict.FULFILLED and finding.need_value != "全国":
            return f"希望の範囲（{finding.need_value}）の中にあります"
        return ""

    def _minimum_lot(self, finding: Finding) -> str:
        lot, quantity = _tonnes(finding.offering_value), _tonnes(finding.need_value)
        match finding.verdict:
            case Verdict.VIOLATED if self._shows_numbers:
                return f"最低の量に届きません（最低{lot}、こちらは{quantity}）"
            case Verdict.VIOLATED:
                return "最低の量に届きません"
            case Verdict.FULFILLED if self._shows_numbers:
                return f"最低の量を満たします（最低{lot}）"
            case Verdict.FULFILLED:
                return "最低の量を満たします"
        if finding.offering_value is not None:
            return f"最低の量があります（{lot}）。量を確かめてください"
        return ""

    def _capacity(self, finding: Finding) -> str:
        capacity, quantity = _tonnes(finding.offering_value), _tonnes(finding.need_value)
        match finding.verdict:
            case Verdict.FULFILLED:
                return (
                    f"量を受けられる能力があります（{capacity}に対して{quantity}）"
                    if self._shows_numbers
                    else "量を受けられる能力があります"
                )
            case Verdict.PARTLY:
                return (
                    f"受けられるのは一部です（{capacity}に対して{quantity}）"
                    if self._shows_numbers
                    else "受けられるのは一部です"
                )
        return ""

    def _kind(self, finding: Finding) -> str:
        kind = KINDS.get(str(finding.offering_value), "")
        if finding.verdict is Verdict.FULFILLED:
            return f"求めている種類です（{kind}）"
        if finding.verdict is Verdict.VIOLATED:
            wanted = finding.need_value if isinstance(finding.need_value, tuple) else ()
            names = "、".join(SOUGHT.get(code, code) for code in wanted)
            return f"種類がちがいます（求めているもの：{names}／提供：{kind}）"
        return ""

    def _refusal(self, finding: Finding) -> str:
        if finding.verdict is Verdict.FULFILLED or finding.verdict is Verdict.UNKNOWN:
            return ""
        return f"受け入れないものの記載があります（「{finding.offering_value}」）"

    def _licences(self, finding: Finding) -> str:
        if finding.verdict is Verdict.FULFILLED:
            return f"必要な許可があります（{_listed(finding.need_value)}）"
        if finding.verdict in (Verdict.VIOLATED, Verdict.PARTLY):
            return f"必要な許可の記載がありません（{_listed(finding.need_value)}）"
        return ""


def _listed(value: Any) -> str:
    names = list(value) if isinstance(value, tuple | list) else [str(value)]
    shown = "、".join(names[:MOST_AREAS])
    return shown + (f" ほか{len(names) - MOST_AREAS}" if len(names) > MOST_AREAS else "")


def _tonnes(value: Any) -> str:
    return f"年{format_number(value)} t" if isinstance(value, int | float) else ""
