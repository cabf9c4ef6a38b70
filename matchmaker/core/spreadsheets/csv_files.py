"""Reading CSV (and tab-separated) files."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

from matchmaker.core.spreadsheets.cells import (
    LONGEST_CELL,
    Cell,
    UnreadableTable,
    column_letters,
    undefuse,
)
from matchmaker.core.spreadsheets.encoding import UndecodableText, decode

DELIMITERS = (",", "\t", ";")
END_OF_FILE_SIGN = "\x1a"
"""Old DOS programs put it at the end of a text file."""


def csv_rows(content: bytes) -> Iterator[tuple[int, tuple[Cell, ...]]]:
    """Rows with their number from 1, as a spreadsheet program would number them.

    Raises:
        UnreadableTable: unreadable characters, broken quotes or a cell that is too long.
    """
    try:
        text = decode(content.rstrip(END_OF_FILE_SIGN.encode())).text
    except UndecodableText as error:
        raise UnreadableTable(str(error)) from None
    delimiter = _delimiter(text)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    number = 0
    while True:
        number += 1
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error:
            raise UnreadableTable(
                f'は、{number:,}行目の「"」の付き方が正しくありません。'
                "Excelで開いて保存し直してください。"
            ) from None
        yield number, tuple(_cell(text, number, place) for place, text in enumerate(row, start=1))


def _cell(text: str, row: int, place: int) -> Cell:
    if len(text) > LONGEST_CELL:
        raise UnreadableTable(
            f"は、{row:,}行目{column_letters(place)}列の文字が長すぎます"
            f"（{LONGEST_CELL:,}文字まで）。"
        )
    return undefuse(text) if text else None


def _delimiter(text: str) -> str:
    """The delimiter that stands most often in the first lines, outside quotes."""
    head = "\n".join(text.split("\n", 30)[:30])
    unquoted = "".join(part for i, part in enumerate(head.split('"')) if i % 2 == 0)
    return max(DELIMITERS, key=unquoted.count)
