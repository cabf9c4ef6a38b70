"""Typed Japanese made regular: widths, kana, line ends, stray control characters."""

from __future__ import annotations

import re
import unicodedata

import jaconv

CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufeff\u2028\u2029\u200b\ufffe\uffff]")
SURROGATES = re.compile("[\ud800-\udfff]")
SPACES = re.compile(r"[ \t\u3000]+")
NARROW = {
    ord(c): unicodedata.normalize("NFKC", c) for c in map(chr, range(0xFF10, 0xFF5B)) if c.isalnum()
}
"""Full-width digits and letters; punctuation such as （） and ： stays as Japanese writes it."""
HALF_WIDTH_KANA = re.compile(r"[\uff61-\uff9f]+")
MOST_DIGITS = 9
"""More digits than that fit no whole number of every database."""


def clean_text(text: str) -> str:
    """Several lines: half-width kana widened, control characters dropped.

    Characters are not folded further (㎥ or ① may be meant), only composed (NFC). Variation
    selectors of names (IVS) stay.
    """
    text = SURROGATES.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    text = HALF_WIDTH_KANA.sub(lambda m: str(jaconv.h2z(m.group())), text)
    return unicodedata.normalize("NFC", CONTROL.sub("", text)).strip()


def clean_line(text: str) -> str:
    """One line: like :func:`clean_text`, full-width letters and digits narrowed, spaces single."""
    text = clean_text(text).replace("\n", " ")
    return SPACES.sub(" ", text.translate(NARROW)).strip()


def fold(text: str) -> str:
    """Form for comparing what people typed with what is known (NFKC, no spaces, lower case)."""
    return SPACES.sub("", unicodedata.normalize("NFKC", text)).casefold().strip()


def whole_number(text: str | None) -> int | None:
    """A revision, a place or a count out of a hidden field or an address.

    Returns:
        The number; None for whatever is none, or is larger than any of ours.
    """
    if text is None or not text.isdecimal() or len(text) > MOST_DIGITS:
        return None
    return int(text)
