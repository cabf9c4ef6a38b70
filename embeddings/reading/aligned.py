"""A text in the form in which words are compared, with the way back to the literal text."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import Final

_BLANK: Final = frozenset({"Cc", "Cf", "Cs"})
# Half-width marks that turn the kana before them into another one (ｶﾞ is ガ).
_MARKS: Final = "\uff9e\uff9f"


@dataclass(frozen=True, slots=True)
class Aligned:
    """A text and its plain form.

    Attributes:
        text: the literal text.
        plain: NFKC form, lower case, control characters as spaces.
        starts, ends: offsets in ``text`` of each character of ``plain``; None when they are equal.
    """

    text: str
    plain: str
    starts: tuple[int, ...] | None = None
    ends: tuple[int, ...] | None = None

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return the offsets in the literal text of a piece of the plain form."""
        if self.starts is None or self.ends is None or start >= end:
            return start, end
        return self.starts[start], self.ends[end - 1]


def align(text: str) -> Aligned:
    """Bring a text into the plain form.

    Args:
        text: any text.
    """
    if unicodedata.is_normalized("NFKC", text) and text.isprintable():
        lower = text.lower()
        if len(lower) == len(text):
            return Aligned(text, lower)
    plain: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    at = 0
    while at < len(text):
        end = _cluster_end(text, at)
        piece = _plain(text[at:end])
        plain.append(piece)
        starts += [at] * len(piece)
        ends += [end] * len(piece)
        at = end
    return Aligned(text, "".join(plain), tuple(starts), tuple(ends))


def _cluster_end(text: str, start: int) -> int:
    """End of a character with the marks that belong to it."""
    end = start + 1
    while end < len(text) and (text[end] in _MARKS or unicodedata.combining(text[end])):
        end += 1
    return end


def _plain(piece: str) -> str:
    composed = unicodedata.normalize("NFKC", piece).lower()
    return "".join(" " if unicodedata.category(c) in _BLANK else c for c in composed)
