"""Cells: what they may hold, and texts that a spreadsheet program would take for a formula.

A text that begins with = + - @ (or a tab or line end) is written into CSV with an apostrophe before
it, which spreadsheet programs do not run (OWASP, CSV injection). Texts that already begin with
apostrophes and such a sign get one more, so that reading can take exactly one away: a round trip
loses nothing.
"""

from __future__ import annotations

import re
from datetime import date, datetime
from decimal import Decimal

Cell = str | int | float | Decimal | bool | date | datetime | None
"""What a cell holds when read or written."""

DANGEROUS = re.compile(r"^'*[=+\-@\t\r\n＝＋－＠]")
DEFUSED = re.compile(r"^'+[=+\-@\t\r\n＝＋－＠]")
ILLEGAL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
"""Characters that XML 1.0 cannot hold."""

LONGEST_CELL = 32_767
"""Characters that a cell of Excel holds."""


class UnreadableTable(ValueError):
    """The table cannot be read at all; the text is Japanese and continues 「name」."""


def is_dangerous(text: str) -> bool:
    """Whether a spreadsheet program could run ``text``, or reading would strip its apostrophe."""
    return DANGEROUS.match(text) is not None


def defuse(text: str) -> str:
    """The text with an apostrophe before it where that is needed."""
    return f"'{text}" if is_dangerous(text) else text


def undefuse(text: str) -> str:
    """The text as it was before :func:`defuse`."""
    return text[1:] if DEFUSED.match(text) else text


def is_blank(value: Cell) -> bool:
    """Whether nothing stands in the cell."""
    return value is None or (isinstance(value, str) and not value.strip())


def column_letters(number: int) -> str:
    """Name of the column with that number from 1, as spreadsheet programs show it: 28 → ``AB``."""
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters
