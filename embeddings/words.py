"""Content words of Japanese text, in Sudachi's normalised forms."""

from __future__ import annotations

import threading
import unicodedata
from functools import lru_cache
from typing import Final, Protocol

from sudachipy import Dictionary, SplitMode

# Short units: the parts of a compound (廃+食用+油) meet more often than the compound as a whole.
SPLIT_MODE: Final = SplitMode.A
CONTENT_CLASSES: Final = frozenset({"名詞", "動詞", "形容詞", "形状詞"})
# Words that carry grammar or counts rather than content.
_EMPTY_CLASSES: Final = frozenset({"非自立可能", "数詞", "助数詞可能"})
# Sudachi refuses more than 49,149 bytes at once; a character of Japanese takes three.
_PIECE: Final = 8_000


class _Morpheme(Protocol):
    def part_of_speech(self) -> tuple[str, ...]: ...
    def normalized_form(self) -> str: ...
    def begin(self) -> int: ...
    def end(self) -> int: ...


class _Local(threading.local):
    """One tokenizer a thread: a tokenizer must not be shared, the dictionary may."""

    def __init__(self) -> None:
        self.tokenizer = _dictionary().tokenizer(mode=SPLIT_MODE)


@lru_cache(maxsize=1)
def _dictionary() -> Dictionary:
    return Dictionary(dict="core")


@lru_cache(maxsize=1)
def _local() -> _Local:
    return _Local()


def content_words(text: str) -> list[str]:
    """Return the content words of a text in order, repeated ones repeated.

    The text is brought into Unicode's NFKC form first, so that full and half width, and
    composed and decomposed kana, are the same. Nouns, verbs, adjectives and adjectival nouns are
    kept in Sudachi's normalised form (引越し and 引っ越し are one word); numbers, counters and
    auxiliary verbs are left out.

    Args:
        text: any text; control characters are ignored.

    Returns:
        List of words; empty when the text has none. Safe to call from several threads.
    """
    plain = normalise(text)
    words: list[str] = []
    for start in range(0, len(plain), _PIECE):
        for morpheme in _local().tokenizer.tokenize(plain[start : start + _PIECE]):
            if _is_content(morpheme.part_of_speech()):
                words.append(morpheme.normalized_form())
    return words


def word_bounds(plain: str) -> frozenset[int]:
    """Return the offsets at which a word begins or ends.

    Args:
        plain: a text in the form of :func:`normalise`.
    """
    bounds = {0, len(plain)}
    for start in range(0, len(plain), _PIECE):
        for morpheme in _local().tokenizer.tokenize(plain[start : start + _PIECE]):
            bounds.update((start + morpheme.begin(), start + morpheme.end()))
    return frozenset(bounds)


def content_spans(plain: str) -> list[tuple[str, int, int]]:
    """Return the content words of a text with their places.

    Args:
        plain: a text in the form of :func:`normalise`; what lies beyond 8,000 characters is left
            out.

    Returns:
        Normalised word, start and end in ``plain``, in order.
    """
    morphemes = _local().tokenizer.tokenize(plain[:_PIECE])
    return [
        (morpheme.normalized_form(), morpheme.begin(), morpheme.end())
        for morpheme in morphemes
        if _is_content(morpheme.part_of_speech())
    ]


def normalise(text: str) -> str:
    """Return the text in NFKC form, lower case, with control characters turned into spaces."""
    composed = unicodedata.normalize("NFKC", text).lower()
    return "".join(" " if unicodedata.category(c) in {"Cc", "Cf", "Cs"} else c for c in composed)


@lru_cache(maxsize=4096)
def _is_content(part_of_speech: tuple[str, ...]) -> bool:
    return part_of_speech[0] in CONTENT_CLASSES and not _EMPTY_CLASSES.intersection(
        part_of_speech[1:4]
    )
