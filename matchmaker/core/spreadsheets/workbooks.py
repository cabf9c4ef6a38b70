"""Reading Excel workbooks: streamed, bounded, formulas as the values they last showed."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import time, timedelta
from itertools import takewhile
from typing import Any

from openpyxl import load_workbook
from openpyxl.utils.cell import range_boundaries

from matchmaker.core.archives import (
    MEBIBYTE,
    ArchiveLimits,
    UnsafeArchive,
    office_kind,
    read_part,
)
from matchmaker.core.spreadsheets.cells import (
    LONGEST_CELL,
    Cell,
    UnreadableTable,
    column_letters,
)

LIMITS = ArchiveLimits(total_bytes=120 * MEBIBYTE, part_bytes=60 * MEBIBYTE)
WIDEST = 200
"""Columns that a table may have; one more is read, so that a wider one is noticed."""

MOST_BLANK_ROWS = 2_000
"""Blank rows in a row after which a sheet counts as ended (rows of mere borders and colours)."""

MOST_SHEET_ROWS = 20_000
MOST_SHEET_CELLS = 400_000
"""Bounds of each part as it is stored (rows; cells or shared texts), borders and colours of unused
rows included: what is more is not even parsed."""

STORED_ROW = re.compile(rb"<(?:\w+:)?row[ >/]")
STORED_CELL = re.compile(rb"<(?:\w+:)?(?:c|si)[ >/]")
FORMULA = re.compile(rb"<(?:\w+:)?f[ >/]")
HIDDEN_ROW = re.compile(rb"<(?:\w+:)?row [^>]*hidden=\"(?:1|true)\"")
MERGED = re.compile(rb"<(?:\w+:)?mergeCell [^>]*ref=\"([A-Z]{1,3}\d{1,7}:[A-Z]{1,3}\d{1,7})\"")
ESCAPED = re.compile(r"_x000([9AaDd])_")
ERROR_VALUES = frozenset(
    {"#REF!", "#N/A", "#VALUE!", "#NAME?", "#DIV/0!", "#NULL!", "#NUM!", "#SPILL!", "#CALC!"}
)
TOO_MANY_CELLS = (
    "は、行やセルが多すぎます（{:,}行まで）。"
    "使っていない行や列を消すか、いくつかのファイルに分けてください。"
)
UNREADABLE = "は、Excelのファイルとして読めません。Excelで開いて保存し直してください。"


@dataclass(frozen=True, slots=True)
class Merge:
    """A merged range: rows and columns from 1, both ends included."""

    first_column: int
    first_row: int
    last_column: int
    last_row: int


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet, read as it is asked for.

    Args:
        name: what its tab says.
        is_hidden: whether people do not see it.
        source: the sheet of the library.
        marks: what its XML tells beyond values.
    """

    name: str
    is_hidden: bool
    source: Any
    marks: Marks


@dataclass(frozen=True, slots=True)
class Marks:
    """What the XML of a sheet tells beyond values."""

    has_formulas: bool = False
    has_hidden_rows: bool = False
    merges: tuple[Merge, ...] = ()


@dataclass(slots=True)
class Workbook:
    """An opened workbook; the archive has been checked."""

    content: bytes
    sheets: list[Sheet] = field(default_factory=list)


def open_workbook(content: bytes, most_rows: int) -> Workbook:
    """Open an ``.xlsx`` file whose archive holds nothing harmful.

    Args:
        content: the file.
        most_rows: rows of data that are taken; named where there are far too many.

    Raises:
        UnreadableTable: it is no such file, or it goes beyond the limits.
    """
    try:
        if office_kind(content, LIMITS) != "xlsx":
            raise UnreadableTable(UNREADABLE)
    except UnsafeArchive as error:
        raise UnreadableTable(str(error)) from None
    _refuse_giants(content, most_rows)
    library_book = _load(content, data_only=True)
    workbook = Workbook(content)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for source in library_book.worksheets:
            hidden = source.sheet_state != "visible"
            workbook.sheets.append(Sheet(source.title, hidden, source, _marks(archive, source)))
    return workbook


def _refuse_giants(content: bytes, most_rows: int) -> None:
    """Count rows and cells in the stored text, which costs far less than parsing it."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for name in archive.namelist():
            if not name.endswith(".xml"):
                continue
            xml = _part(archive, name)
            rows = sum(1 for _ in STORED_ROW.finditer(xml))
            if rows > MOST_SHEET_ROWS or _count_cells(xml) > MOST_SHEET_CELLS:
                raise UnreadableTable(TOO_MANY_CELLS.format(most_rows))


def _count_cells(xml: bytes) -> int:
    return sum(1 for _ in STORED_CELL.finditer(xml))


def _part(archive: zipfile.ZipFile, name: str) -> bytes:
    try:
        return read_part(archive, name)
    except UnsafeArchive as error:
        raise UnreadableTable(str(error)) from None


def _load(content: bytes, *, data_only: bool) -> Any:
    try:
        return load_workbook(
            io.BytesIO(content), read_only=True, data_only=data_only, keep_links=False
        )
    except Exception:  # damaged XML surfaces as any of a dozen classes, none of them documented
        raise UnreadableTable(UNREADABLE) from None


def _marks(archive: zipfile.ZipFile, source: Any) -> Marks:
    """Look through the XML of a sheet: the streaming reader tells values only."""
    xml = _part(archive, source._worksheet_path)
    ranges = (range_boundaries(match.decode()) for match in MERGED.findall(xml))
    merges = tuple(Merge(*(int(side) for side in bounds if side)) for bounds in ranges)
    return Marks(FORMULA.search(xml) is not None, HIDDEN_ROW.search(xml) is not None, merges)


def sheet_rows(sheet: Sheet) -> Iterator[tuple[int, tuple[Cell, ...]]]:
    """Rows of a sheet with their number; it ends after very many blank rows.

    Raises:
        UnreadableTable: the XML is damaged, or a cell is too long.
    """
    for number, row in _numbered(sheet.source, values_only=True):
        yield number, tuple(_value(value, number, place) for place, value in enumerate(row, 1))


def _numbered(source: Any, *, values_only: bool) -> Iterator[tuple[int, tuple[Any, ...]]]:
    source.reset_dimensions()  # the size a file states need not be its size
    blank = 0
    rows = enumerate(source.iter_rows(max_col=WIDEST + 1, values_only=values_only), start=1)
    while True:
        try:
            number, row = next(rows)
        except StopIteration:
            return
        except Exception:  # as in _load
            raise UnreadableTable(UNREADABLE) from None
        values = row if values_only else [cell.value for cell in row]
        blank = blank + 1 if all(value is None for value in values) else 0
        if blank > MOST_BLANK_ROWS:
            return
        yield number, row


def _value(value: Any, row: int, place: int) -> Cell:
    if isinstance(value, str):
        if len(value) > LONGEST_CELL:
            raise UnreadableTable(f"は、{row:,}行目{column_letters(place)}列の文字が長すぎます。")
        return ESCAPED.sub(lambda m: {"9": "\t", "a": "\n", "d": "\r"}[m[1].lower()], value)
    if isinstance(value, (time, timedelta)):
        return str(value)
    known: Cell = value
    return known


def formula_cells(workbook: Workbook, sheet: Sheet, last_row: int) -> set[tuple[int, int]]:
    """Rows and columns (from 1) of the cells that hold a formula, down to ``last_row``."""
    if not sheet.marks.has_formulas:
        return set()
    source = _load(workbook.content, data_only=False)[sheet.name]
    rows = takewhile(lambda pair: pair[0] <= last_row, _numbered(source, values_only=False))
    return {
        (number, place)
        for number, row in rows
        for place, cell in enumerate(row, start=1)
        if cell.data_type == "f"
    }
