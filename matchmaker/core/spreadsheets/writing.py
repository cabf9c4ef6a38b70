"""Writing tables that machines and people can read (行政データの機械可読性ルール, 総務省).

One table a sheet, names once in the first row with their units, no merged cells, dates in ISO form,
codes as text, and a second sheet that says what each column means.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter

from matchmaker.core.clock import JST
from matchmaker.core.spreadsheets.cells import (
    ILLEGAL,
    LONGEST_CELL,
    Cell,
    defuse,
    is_dangerous,
)

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV = "text/csv; charset=utf-8"
CSV_CP932 = "text/csv; charset=Shift_JIS"
TEXT_FORMAT, DATE_FORMAT = "@", "yyyy-mm-dd"
HEAD_FILL = PatternFill("solid", fgColor="FFE3F1E6")
HEAD_FONT = Font(bold=True)
TOP = Alignment(vertical="top", wrap_text=True)
ESCAPE_LIKE = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
"""Excel reads ``_x0041_`` as ``A``; the underscore before it is written as ``_x005F_``."""

CP932_TWINS = str.maketrans("〜−‖—¢£¬", "～－∥―￠￡￢")
"""Characters that Unicode has twice; CP932 has only the second (the Windows mapping)."""

SUBSTITUTE = "〓"
"""The sign that Japanese printers put where a character is missing (geta mark)."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table.

    Args:
        header: name with its unit, as people read it.
        meaning: one Japanese sentence for the second sheet.
        kind: Japanese word for what the cells hold.
        width: width in characters.
        as_text: whether cells are text even where they look like numbers (codes).
    """

    header: str
    meaning: str = ""
    kind: str = "文字"
    width: int = 16
    as_text: bool = False


@dataclass(frozen=True, slots=True)
class OutTable:
    """A table to be written.

    Args:
        title: name of the sheet, at most 31 characters.
        columns: its columns.
        rows: cells in the order of the columns.
        about: pairs of Japanese words above the column definitions (source, time, count …).
    """

    title: str
    columns: Sequence[Column]
    rows: Iterable[Sequence[Cell]]
    about: Sequence[tuple[str, str]] = ()


@dataclass(frozen=True, slots=True)
class Replacement:
    """A character that CP932 does not have, and where it stood (row from 1, the header counted)."""

    row: int
    header: str
    character: str


@dataclass(frozen=True, slots=True)
class CsvFile:
    """A CSV file and the characters that could not be written as they are."""

    content: bytes
    replacements: tuple[Replacement, ...] = ()


def write_xlsx(table: OutTable) -> bytes:
    """The table as an Excel workbook with a second sheet of column definitions."""
    workbook = Workbook(write_only=True)
    sheet = workbook.create_sheet(table.title)
    sheet.freeze_panes = "A2"
    set_widths(sheet, [column.width for column in table.columns])
    sheet.append([head_cell(sheet, column.header) for column in table.columns])
    for row in table.rows:
        sheet.append(
            [
                sheet_cell(sheet, value, column)
                for value, column in zip(row, table.columns, strict=True)
            ]
        )
    _write_definitions(workbook, table)
    target = io.BytesIO()
    workbook.save(target)
    return target.getvalue()


def set_widths(sheet: Any, widths: Sequence[int]) -> None:
    """Set the width of each column, in characters."""
    for number, width in enumerate(widths, start=1):
        sheet.column_dimensions[get_column_letter(number)].width = width


def head_cell(sheet: Any, text: str, fill: PatternFill = HEAD_FILL) -> Any:
    """A cell of the header row."""
    cell = WriteOnlyCell(sheet, text)
    cell.font, cell.fill, cell.alignment = HEAD_FONT, fill, TOP
    return cell


def sheet_cell(sheet: Any, value: Cell, column: Column | None = None) -> Any:
    """What the library is given for a value: text stays text, days are ISO dates."""
    if isinstance(value, datetime):
        value = value.astimezone(JST).replace(tzinfo=None)
    if isinstance(value, date):
        cell = WriteOnlyCell(sheet)
        cell.value = value
        cell.number_format = DATE_FORMAT if type(value) is date else "yyyy-mm-dd hh:mm"
        return cell
    if isinstance(value, bool):
        return yes_or_no(value)
    if not isinstance(value, str):
        return value
    lines = value.replace("\r\n", "\n").replace("\r", "\n")  # XML knows no other line end
    text = ESCAPE_LIKE.sub("_x005F_", ILLEGAL.sub("", lines))[:LONGEST_CELL]
    if is_dangerous(text) or (column is not None and column.as_text):
        return _text_cell(sheet, text)
    return text


def _text_cell(sheet: Any, text: str) -> Any:
    """Text that stays text: no formula, no lost zeros, not even when the cell is edited."""
    cell = WriteOnlyCell(sheet, text)
    cell.data_type, cell.number_format = "s", TEXT_FORMAT
    cell.quotePrefix = True
    return cell


def yes_or_no(value: bool) -> str:
    """Flags are words, as the import reads them."""
    return "はい" if value else "いいえ"


def _write_definitions(workbook: Any, table: OutTable) -> None:
    sheet = workbook.create_sheet("項目の説明")
    set_widths(sheet, [8, 28, 14, 70])
    sheet.append([head_cell(sheet, text) for text in ("番号", "項目名", "種類", "説明")])
    for number, column in enumerate(table.columns, start=1):
        sheet.append([number, column.header, column.kind, sheet_cell(sheet, column.meaning)])
    if table.about:
        about = workbook.create_sheet("このデータについて")
        set_widths(about, [24, 80])
        about.append([head_cell(about, text) for text in ("項目", "内容")])
        for label, text in table.about:
            about.append([label, sheet_cell(about, text)])


def write_csv(table: OutTable) -> CsvFile:
    """The table as 「CSV（Excel用）」: UTF-8 with BOM, which Excel opens without asking."""
    return CsvFile(_csv_text(table).encode("utf-8-sig"))


def write_csv_cp932(table: OutTable) -> CsvFile:
    """The table in CP932 for old programs; what it cannot hold becomes 〓 and is told."""
    replacements: list[Replacement] = []
    headers = [column.header for column in table.columns]
    rows = [
        [
            _fitting(text, Replacement(number, header, ""), replacements)
            for text, header in zip(row, headers, strict=True)
        ]
        for number, row in enumerate(_text_rows(table), start=1)
    ]
    return CsvFile(_joined(rows).encode("cp932"), tuple(replacements))


def _fitting(text: str, place: Replacement, replacements: list[Replacement]) -> str:
    text = text.translate(CP932_TWINS)
    try:
        text.encode("cp932")
    except UnicodeEncodeError:
        return "".join(_fitting_character(c, place, replacements) for c in text)
    return text


def _fitting_character(character: str, place: Replacement, replacements: list[Replacement]) -> str:
    try:
        character.encode("cp932")
    except UnicodeEncodeError:
        replacements.append(Replacement(place.row, place.header, character))
        return SUBSTITUTE
    return character


def _csv_text(table: OutTable) -> str:
    return _joined(_text_rows(table))


def _text_rows(table: OutTable) -> Iterable[list[str]]:
    yield [column.header for column in table.columns]
    for row in table.rows:
        yield [
            defuse(as_text(value)) if isinstance(value, str) else as_text(value) for value in row
        ]


def as_text(value: Cell) -> str:
    """A value as CSV holds it."""
    match value:
        case None:
            return ""
        case bool():
            return yes_or_no(value)
        case datetime():
            return value.astimezone(JST).strftime("%Y-%m-%d %H:%M")
        case date():
            return value.isoformat()
        case Decimal():
            return f"{value:f}"
        case _:
            return ILLEGAL.sub("", str(value))


def _joined(rows: Iterable[Sequence[str]]) -> str:
    target = io.StringIO(newline="")
    csv.writer(target, lineterminator="\r\n").writerows(rows)
    return target.getvalue()
