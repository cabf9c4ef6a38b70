"""Find the words by which two sentences meet, as spans of the literal text."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Final

from embeddings.reading.aligned import align
from embeddings.reading.thesaurus import Thesaurus
from embeddings.words import content_spans

Span = tuple[int, int]

# Words of nearly every post, which tell nothing about why two of them meet; so do words written in
# hiragana alone (ため, よう).
_PLAIN: Final = frozenset(
    (
        "使う",
        "行う",
        "出る",
        "作る",
        "見る",
        "言う",
        "方",
        "今",
        "年",
        "月",
        "町",
        "市",
        "県",
        "当社",
        "者",
    )
)
_HIRAGANA: Final = re.compile(r"[ぁ-んー]+")


def meeting_spans(
    first: str, second: str, thesaurus: Thesaurus | None = None
) -> tuple[tuple[Span, ...], tuple[Span, ...]]:
    """Return where two texts speak of the same.

    Words count as the same in Sudachi's normalised form; with a thesaurus also two terms of one
    concept (粗大ごみ and リユース品).

    Args:
        first, second: literal texts.
        thesaurus: the two-way vocabulary.

    Returns:
        For each text its spans in order, apart from each other.
    """
    own, other = _keyed(first, thesaurus), _keyed(second, thesaurus)
    shared = {key for key, _ in own} & {key for key, _ in other}
    return (
        _joined(span for key, span in own if key in shared),
        _joined(span for key, span in other if key in shared),
    )


def _keyed(text: str, thesaurus: Thesaurus | None) -> list[tuple[str, Span]]:
    """Words and concepts of a text with their places."""
    found = list(_words(text))
    if thesaurus is not None:
        found += [(f"#{m.concept.code}", (m.start, m.end)) for m in thesaurus.find(text)]
    return found


@lru_cache(maxsize=4_096)
def _words(text: str) -> tuple[tuple[str, Span], ...]:
    aligned = align(text)
    return tuple(
        (word, aligned.span(start, end))
        for word, start, end in content_spans(aligned.plain)
        if word not in _PLAIN and not _HIRAGANA.fullmatch(aligned.plain[start:end])
    )


def _joined(spans: Iterable[Span]) -> tuple[Span, ...]:
    """Spans in order; those that touch become one."""
    found: list[Span] = []
    for start, end in sorted(spans):
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((start, end))
    return tuple(found)
