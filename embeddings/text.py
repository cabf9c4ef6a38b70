"""The one place where the fields of a post become the texts that are embedded.

Raise :data:`TEXT_VERSION` with every change that alters a composed text: stored vectors are keyed
by :func:`text_hash`, which includes the version.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from embeddings.facts import NeedFacts, OfferingFacts, PostFacts

TEXT_VERSION: Final = 1
MAX_PASSAGES: Final = 8
# Shorter pieces («詳細は下記。») say too little to stand alone.
_SHORT: Final = 12
# A model's window of 512 tokens holds some 800 characters of Japanese.
_LONG: Final = 400
# A full stop before a closing bracket ends what is quoted, not the sentence.
_SENTENCE = re.compile(r"[^。！？!?\r\n]+(?:[。！？!?]+[」』）)】]+[^。！？!?\r\n]*)*[。！？!?]*")
_PAUSE = re.compile(rf".{{1,{_LONG}}}(?:[、,，;；\s]|$)|.{{1,{_LONG}}}", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Passage:
    """A literal piece of one text of a post.

    Attributes:
        part: ``title``, ``description`` or the name of a further text.
        start, end: offsets in that text, so that ``text == whole[start:end]``.
        text: the piece itself.
    """

    part: str
    start: int
    end: int
    text: str


def compose_need_text(need: NeedFacts) -> str:
    """Return the text of a need that is embedded as a whole and indexed by its words."""
    return _compose(need)


def compose_offering_text(offering: OfferingFacts) -> str:
    """Return the text of an offering that is embedded as a whole and indexed by its words."""
    return _compose(offering)


def compose_text(post: PostFacts) -> str:
    """Return the text of either kind of post."""
    if isinstance(post, OfferingFacts):
        return compose_offering_text(post)
    return compose_need_text(post) if isinstance(post, NeedFacts) else _compose(post)


def text_hash(post: PostFacts) -> str:
    """Return a SHA-256 that changes whenever a post's vectors must be computed anew."""
    parts = [without_name(text, post.organization) for _, text in _parts(post)]
    content = "\x1f".join([str(TEXT_VERSION), type(post).__name__, *parts])
    return hashlib.sha256(content.encode("utf-8", errors="replace")).hexdigest()


def post_passages(post: PostFacts) -> tuple[Passage, ...]:
    """Split all texts of a post into at most :data:`MAX_PASSAGES` literal passages.

    Each is a sentence where the text is short. Of longer texts neighbouring sentences of the same
    part are joined, the shortest pair first, until the bound is kept.
    """
    found = [
        Passage(name, start, end, text[start:end])
        for name, text in _parts(post)
        for start, end in sentence_spans(text)
    ]
    texts = dict(_parts(post))
    while len(found) > MAX_PASSAGES:
        pair = _shortest_pair(found)
        if pair is None:
            return tuple(found[:MAX_PASSAGES])
        first, second = found[pair], found[pair + 1]
        joined = texts[first.part][first.start : second.end]
        found[pair : pair + 2] = [Passage(first.part, first.start, second.end, joined)]
    return tuple(found)


def passage_texts(post: PostFacts) -> list[str]:
    """Return the passages as they are embedded: without the organisation's name, and bounded.

    Joined passages of a very long text may exceed the bound; their beginning stands for them, so
    that no post takes more than about a second to embed.
    """
    texts = (without_name(passage.text, post.organization) for passage in post_passages(post))
    return [text[:_LONG] for text in texts]


def sentence_spans(text: str) -> list[tuple[int, int]]:
    """Split Japanese text into sentences.

    Args:
        text: any text. Sentences end at 。！？ or a line break; very short ones are joined to the
            one before, and those without an end are cut at a pause.

    Returns:
        Offsets ``(start, end)`` in order, without white space around them.
    """
    spans: list[tuple[int, int]] = []
    for start, end in _single_spans(text):
        if spans and spans[-1][1] - spans[-1][0] < _SHORT:
            spans[-1] = (spans[-1][0], end)
        else:
            spans.append((start, end))
    return spans


def post_sentences(post: PostFacts) -> list[Passage]:
    """Return every single sentence of a post, however many and however short."""
    return [
        Passage(name, start, end, text[start:end])
        for name, text in _parts(post)
        for start, end in _single_spans(text)
    ]


def without_name(text: str, organization: str) -> str:
    """Take an organisation's own name out of a text.

    A ranking that sees names favours whoever is known, and in judged data gives the answer away.
    """
    name = organization.strip()
    return text.replace(name, "") if len(name) > 1 else text


def _parts(post: PostFacts) -> list[tuple[str, str]]:
    named = [("title", post.title), ("description", post.description)]
    named += [(part.name, part.text) for part in post.further]
    return [(name, text) for name, text in named if text.strip()]


def _compose(post: PostFacts) -> str:
    return "\n".join(without_name(text.strip(), post.organization) for _, text in _parts(post))


def _single_spans(text: str) -> Iterator[tuple[int, int]]:
    for match in _SENTENCE.finditer(text):
        yield from _bounded(text, match.start(), match.end())


def _bounded(text: str, start: int, end: int) -> list[tuple[int, int]]:
    pieces = []
    for match in _PAUSE.finditer(text, start, end):
        piece = match.group()
        left = match.start() + len(piece) - len(piece.lstrip())
        right = match.end() - (len(piece) - len(piece.rstrip()))
        if left < right:
            pieces.append((left, right))
    return pieces


def _shortest_pair(passages: list[Passage]) -> int | None:
    pairs = [
        (passages[i + 1].end - passages[i].start, i)
        for i in range(len(passages) - 1)
        if passages[i].part == passages[i + 1].part
    ]
    return min(pairs)[1] if pairs else None
