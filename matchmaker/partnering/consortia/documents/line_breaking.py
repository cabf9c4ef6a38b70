"""Breaks Japanese text into lines by the widths of the font's characters.

No line begins with a character that may not stand there, and words in Latin letters and numbers
stay whole as long as they fit (JIS X 4051, 行頭禁則・行末禁則). 〓 stands for what the font lacks.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from fontTools.ttLib import TTFont

GETA = "〓"
"""What Japanese printers put where a character is missing."""

SELECTORS = frozenset({*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0)})
JOINERS = frozenset({0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF})
NOT_FIRST = frozenset(
    "、。，．・：；？！ー―゛゜ヽヾゝゞ々〜～…‥）〕］｝〉》」』】,.:;?!)]}%％℃"
    "ァィゥェォッャュョヮヵヶぁぃぅぇぉっゃゅょゎ"
)
NOT_LAST = frozenset("（〔［｛〈《「『【([{￥＄")
WORD = re.compile(r"[0-9A-Za-z@#&'+\-./:_~%,]+")
LONGEST_RETREAT = 6
"""Characters that a break may move back to keep the rules; after that it stays where it fell."""


@dataclass(frozen=True, slots=True)
class FontMetrics:
    """Widths of a font's characters in ems, by code point."""

    advances: dict[int, float]

    def width(self, text: str, size: float) -> float:
        """Width of a line in the unit of ``size``; selectors of variants take no room."""
        return size * sum(
            self.advances.get(ord(letter), 1.0) for letter in text if ord(letter) not in SELECTORS
        )

    def printable(self, text: str) -> str:
        """The text with 〓 for each character that the font lacks; controls are left out."""
        return "".join(self._shown(letter) for letter in text)

    def missing(self, text: str) -> str:
        """The characters that :meth:`printable` replaces, each once, in order."""
        return "".join(dict.fromkeys(each for each in text if self._shown(each) == GETA != each))

    def _shown(self, letter: str) -> str:
        code = ord(letter)
        if code in JOINERS:
            return ""
        if code in self.advances or code in SELECTORS or letter == "\n":
            return letter
        if letter.isspace():
            return " "
        return GETA if letter.isprintable() else ""


@lru_cache(maxsize=2)
def metrics_of(font: Path) -> FontMetrics:
    """The widths of a TrueType font."""
    with TTFont(font, lazy=True) as opened:
        names: dict[int, Any] = opened.getBestCmap()
        em, table = opened["head"].unitsPerEm, opened["hmtx"].metrics
        return FontMetrics({code: table[name][0] / em for code, name in names.items()})


def broken(text: str, width: float, size: float, metrics: FontMetrics) -> list[str]:
    """The lines of a text.

    Args:
        text: printable text; its own line ends are kept.
        width: room for a line.
        size: size of the font, in the same unit.
        metrics: of the font.

    Returns:
        At least one line; empty lines stand for empty paragraphs.
    """
    lines: list[str] = []
    for paragraph in text.split("\n"):
        lines.extend(_lines(paragraph, width, size, metrics))
    return lines


def _lines(paragraph: str, width: float, size: float, metrics: FontMetrics) -> Iterator[str]:
    rest = paragraph.rstrip()
    while len(rest) > 1 and metrics.width(rest, size) > width:
        cut = _allowed(rest, _fitting(rest, width, size, metrics))
        yield rest[:cut].rstrip()
        rest = rest[cut:].lstrip(" ")
    yield rest


def _fitting(text: str, width: float, size: float, metrics: FontMetrics) -> int:
    """How many characters fit; at least one, so that every line takes the text further."""
    used, place = 0.0, 0
    while place < len(text):
        used += metrics.width(text[place], size)
        if used > width:
            break
        place += 1
    while 0 < place < len(text) and ord(text[place]) in SELECTORS:
        place += 1  # it belongs to the character before it
    return max(1, place)


def _allowed(text: str, cut: int) -> int:
    """The nearest place at or before ``cut`` where a line may end."""
    best = _start_of_word(text, cut)
    for place in range(best, max(0, best - LONGEST_RETREAT), -1):
        if text[place] not in NOT_FIRST and text[place - 1] not in NOT_LAST:
            return place
    return best


def _start_of_word(text: str, cut: int) -> int:
    """Before the word that the cut would go through, unless the word fills the whole line."""
    for match in WORD.finditer(text):
        if match.start() < cut < match.end():
            return match.start() or cut
    return cut
