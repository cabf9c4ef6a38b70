"""Explains a recommendation by the parts of its score, for the side that reads it.

What is told adds up: each part of the score belongs to one reason, parts without words of their own
are told together as «その他», and the shares of all reasons are shares of all that weighs. Numbers
and texts that the reader may not see are not written; where a weight could give away such a number,
weights are told in three steps only.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from embeddings.highlighting import meeting_spans
from embeddings.ranking import Ranked
from embeddings.reading.thesaurus import Thesaurus
from embeddings.sentence_pairs import SentencePair
from embeddings.structure import Finding, Verdict
from embeddings.text import Passage, sentence_spans
from embeddings.words import content_words
from matchmaker.core.actor import Actor
from matchmaker.matching.domain import Explanation, PartLine, Quote, Reason
from matchmaker.matching.facts import TEXT_LABELS
from matchmaker.matching.topics import (
    BASE,
    DISTANCE,
    GOODS,
    MATERIALS,
    METHODS,
    OTHER,
    READING,
    STAGES,
    TEXT,
    TOPIC_LABELS,
    breaks_condition,
    by_topic,
)
from matchmaker.matching.wording import FindingWords, distance_words, question_of
from matchmaker.needs.types import NEED
from matchmaker.offerings.types import OFFERING
from matchmaker.posts.domain import PostKind
from matchmaker.posts.policy import can_see_stage

OWN_LABEL = {PostKind.NEED: NEED.label, PostKind.OFFERING: OFFERING.label}
MAIN_TEXT = {PostKind.NEED: "困っていること", PostKind.OFFERING: "できること"}
MAIN_FIELD = {PostKind.NEED: "problem", PostKind.OFFERING: "description"}
TABLES = {PostKind.NEED: NEED.table, PostKind.OFFERING: OFFERING.table}
LONGEST_QUOTE = 90
LEAST_WEIGHT = 0.05
"""Log-odds below which a part weighs nothing worth telling."""
NEAR_FROM, TOUCHING_FROM = 2.0, 1.0
"""What the text must add before it is called near, or near in part. Of the judged pairs 58 % from
the first on are about the same matter, 11 % between the two, 3 % below (seeds/judged/dev, real)."""
STEPS = (10, 30, 60)
"""Shares in percent that stand for small, middling and large where steps are told."""
_BOTH_WAYS = {
    TEXT: ("書かれている内容が近いです", "書かれている内容はあまり近くありません"),
    MATERIALS: ("品目が近いです", "品目が合いません"),
    METHODS: ("循環の方法が近いです", "循環の方法がちがいます"),
    STAGES: ("担う工程が合います", "担う工程がちがいます"),
    GOODS: ("受け入れる側です", "その品目を作る側・売る側で、受け入れる側ではありません"),
    DISTANCE: ("距離が近いです", "距離が遠いです"),
    READING: ("文章を読み合わせると合っています", "文章を読み合わせると合わない点があります"),
    OTHER: ("その他の小さな良い点", "その他の小さな気になる点"),
}  # fmt: skip


class Explainer:
    """Explains the recommendations for one post to one reader.

    Args:
        kind: kind of the post that the recommendations are for.
        actor: who reads.
        thesaurus: the vocabulary in use, for marking words that mean the same.
    """

    def __init__(self, kind: PostKind, actor: Actor, thesaurus: Thesaurus | None = None) -> None:
        self._kind = kind
        self._actor = actor
        self._thesaurus = thesaurus

    def explain(self, own: Any, other: Any, ranked: Ranked) -> Explanation:
        """Words for one recommended post.

        Args:
            own: the post that is recommended for (None for a free-text search).
            other: the recommended post.
            ranked: its place with findings and parts.
        """
        sees_all = self._sees_numbers(own, other)
        weights = by_topic(ranked.parts)
        words = FindingWords(shows_numbers=sees_all, readable=self._readable_texts(own, other))
        told = _Told(weights, ranked, words, in_steps=not sees_all)
        quotes = self._quotes(own, other, ranked.reasons.pair)
        return Explanation(
            *told.grouped(),
            self._to_ask(ranked.reasons.findings, shows_numbers=sees_all),
            *quotes,
            distance_words(ranked.reasons.distance_km),
            parts=_lines(weights) if self._actor.is_secretariat else (),
            breaks_condition=breaks_condition(ranked),
        )

    def _sees_numbers(self, own: Any, other: Any) -> bool:
        posts = [post for post in (own, other) if post is not None]
        return all(can_see_stage(self._actor, post, "members") for post in posts)

    def _readable_texts(self, own: Any, other: Any) -> list[str]:
        sides = ((self._kind, own), (_other(self._kind), other))
        return [
            text
            for kind, post in sides
            if post is not None
            for text in (post.title, *self._fields(kind, post).values())
        ]

    def _fields(self, kind: PostKind, post: Any) -> dict[str, str]:
        """Texts of a post that the reader may see, by the name of the field."""
        table = TABLES[kind]
        return {
            name: text
            for name in (MAIN_FIELD[kind], *TEXT_LABELS)
            if name in table.by_name
            and can_see_stage(self._actor, post, table.by_name[name].stage)
            and (text := getattr(post, name))
        }

    def _to_ask(self, findings: Sequence[Finding], *, shows_numbers: bool) -> tuple[Reason, ...]:
        to_business = self._kind is PostKind.NEED
        unknown = [finding for finding in findings if finding.verdict is Verdict.UNKNOWN]
        asked = [
            (f, question_of(f, to_business=to_business, shows_numbers=shows_numbers))
            for f in unknown
        ]
        return tuple(
            Reason(finding.constraint.value, self._open(what, question), question=question)
            for finding, (what, question) in asked
            if what
        )

    def _open(self, what: str, question: str) -> str:
        """What is left open; where there is no question to send, it is by the reader's own post."""
        whose = "" if question else f"この{OWN_LABEL[self._kind]}に、"
        return f"{whose}{what}が書かれていません"

    def _quotes(
        self, own: Any, other: Any, pair: SentencePair | None
    ) -> tuple[Quote | None, Quote | None]:
        if pair is None or not self._may_quote(own, other, pair):
            return None, None
        mine = telling_sentence(pair.query.text, pair.document.text)
        theirs = telling_sentence(pair.document.text, pair.query.text)
        marks = meeting_spans(mine, theirs, self._thesaurus)
        return (
            Quote(_label(pair.query, self._kind), mine, marks[0]),
            Quote(_label(pair.document, _other(self._kind)), theirs, marks[1]),
        )

    def _may_quote(self, own: Any, other: Any, pair: SentencePair) -> bool:
        """Only what stands in a field that the reader may see is quoted."""
        sides = ((self._kind, own, pair.query), (_other(self._kind), other, pair.document))
        return all(
            post is None or passage.text in self._text_of(kind, post, passage.part)
            for kind, post, passage in sides
        )

    def _text_of(self, kind: PostKind, post: Any, part: str) -> str:
        if part == "title":
            return str(post.title)
        return self._fields(kind, post).get(MAIN_FIELD[kind] if part == "description" else part, "")


class _Told:
    """Sorts the topics of one score into what speaks for and against the pair."""

    def __init__(
        self, weights: Mapping[str, float], ranked: Ranked, words: FindingWords, *, in_steps: bool
    ) -> None:
        self._weights = {topic: value for topic, value in weights.items() if topic != BASE}
        self._ranked = ranked
        self._words = words
        self._in_steps = in_steps
        self._all = sum(abs(value) for value in self._weights.values()) or 1.0
        self._told: set[str] = set()

    def grouped(self) -> tuple[tuple[Reason, ...], tuple[Reason, ...]]:
        """Reasons for and against, weightiest first; the small and the nameless come last."""
        found = [*self._from_findings(), *self._from_weights()]
        rest = sum(value for topic, value in self._weights.items() if topic not in self._told)
        if abs(rest) >= LEAST_WEIGHT:
            found.append((rest > 0, self._reason(OTHER, _BOTH_WAYS[OTHER][rest <= 0], rest)))
        return _sorted(found, is_good=True), _sorted(found, is_good=False)

    def _from_findings(self) -> list[tuple[bool, Reason]]:
        found = []
        for finding in self._ranked.reasons.findings:
            if finding.verdict is Verdict.UNKNOWN or not (text := self._words.of(finding)):
                continue
            topic, is_good = finding.constraint.value, finding.verdict is Verdict.FULFILLED
            value = self._weights.get(topic, 0.0)
            if value and (value > 0) is not is_good:
                value = 0.0  # told without its weight, which stays in the rest
            else:
                self._told.add(topic)
            found.append((is_good, self._reason(topic, text, value)))
        return found

    def _from_weights(self) -> list[tuple[bool, Reason]]:
        found = []
        for topic, value in self._weights.items():
            if topic in self._told or topic not in _BOTH_WAYS or topic == OTHER:
                continue
            text = self._words_of(topic, is_good=value >= 0)
            if abs(value) >= LEAST_WEIGHT or self._shared(topic):
                self._told.add(topic)
                found.append((value >= 0, self._reason(topic, text, value)))
        return found

    def _words_of(self, topic: str, *, is_good: bool) -> str:
        shared = self._shared(topic)
        if shared:
            fits = "が合います" if is_good else "は一部だけ合います"
            return f"{TOPIC_LABELS[topic]}{fits}：{'、'.join(shared)}"
        if topic == TEXT and is_good:
            return _nearness(self._weights[TEXT])
        return _BOTH_WAYS[topic][not is_good]

    def _shared(self, topic: str) -> Sequence[str]:
        reasons = self._ranked.reasons
        return {
            MATERIALS: reasons.shared_materials,
            METHODS: reasons.shared_methods,
            STAGES: reasons.shared_stages,
        }.get(topic, ())

    def _reason(self, topic: str, text: str, value: float) -> Reason:
        share = round(100 * abs(value) / self._all)
        if self._in_steps and share:
            share = min(STEPS, key=lambda step: abs(step - share))
        return Reason(topic, text, value, share)


def _nearness(value: float) -> str:
    """How near two texts are, in words that their weight bears out."""
    if value >= NEAR_FROM:
        return _BOTH_WAYS[TEXT][0]
    if value >= TOUCHING_FROM:
        return "書かれている内容に近いところがあります"
    return "書かれている内容が少しだけ重なります"


def _sorted(found: Sequence[tuple[bool, Reason]], *, is_good: bool) -> tuple[Reason, ...]:
    wanted = [reason for good, reason in found if good is is_good]
    return tuple(sorted(wanted, key=lambda reason: (reason.topic == OTHER, -abs(reason.value))))


def _lines(weights: Mapping[str, float]) -> tuple[PartLine, ...]:
    """All parts by topic, weightiest first, the base at the top."""
    ordered = sorted(weights.items(), key=lambda pair: (pair[0] != BASE, -abs(pair[1])))
    return tuple(PartLine(TOPIC_LABELS[topic], value) for topic, value in ordered)


def _other(kind: PostKind) -> PostKind:
    return PostKind.OFFERING if kind is PostKind.NEED else PostKind.NEED


def _label(passage: Passage, kind: PostKind) -> str:
    labels = {"title": "件名", "description": MAIN_TEXT[kind]}
    return labels.get(passage.part) or TEXT_LABELS.get(passage.part, "")


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
