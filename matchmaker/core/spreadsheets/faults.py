"""Faulty cells of an import: named one by one, and beside their cells in a workbook."""

from __future__ import annotations

import io
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from openpyxl import Workbook
from openpyxl.cell import Cell as SheetCell
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font, PatternFill

from matchmaker.core.fields import FieldTable
from matchmaker.core.spreadsheets.cells import Cell
from matchmaker.core.spreadsheets.record_columns import header_of
from matchmaker.core.spreadsheets.writing import head_cell, set_widths, sheet_cell

ERROR_SUFFIX = "の誤り"
"""Columns that the error report puts beside the faulty cells; import passes them over."""

ROW_HEADER = "元の行番号"
"""First column of the error report."""

WHOLE_ROW = ""
WHOLE_ROW_LABEL = "行全体"
FAULTY_FILL = PatternFill("solid", fgColor="FFFDE2E2")
MESSAGE_FONT = Font(color="FFB00020")
LONGEST_SHOWN_CELL = 40


class FaultyRow(Protocol):
    """A row with its faults: message by field name, :data:`WHOLE_ROW` for the row as a whole."""

    @property
    def row_number(self) -> int:
        """Number as the person sees it."""

    @property
    def values(self) -> Mapping[str, Any]:
        """What stood in the cells, by field name."""

    @property
    def errors(self) -> Mapping[str, Any]:
        """Message by field name."""


@dataclass(frozen=True, slots=True)
class FaultyCell:
    """One faulty cell as a preview names it."""

    row: int
    label: str
    value: str
    message: str


def faulty_cells(table: FieldTable, rows: Sequence[FaultyRow]) -> list[FaultyCell]:
    """Every faulty cell of the rows, in the order of the file and of the fields."""
    known = table.by_name
    order = {name: place for place, name in enumerate(known)}
    return [
        FaultyCell(
            row.row_number,
            known[name].label if name in known else WHOLE_ROW_LABEL,
            shortened(str(row.values.get(name, "")), LONGEST_SHOWN_CELL),
            message,
        )
        for row in rows
        for name, message in sorted(row.errors.items(), key=lambda item: order.get(item[0], -1))
    ]


def shortened(text: str, length: int) -> str:
    """One line of at most ``length`` characters."""
    text = " ".join(text.split())
    return text if len(text) <= length else text[: length - 1] + "…"


def error_report(table: FieldTable, columns: Collection[str], rows: Sequence[FaultyRow]) -> bytes:
    """The faulty rows as an Excel workbook that can be mended and imported again.

    Beside each column with a faulty cell stands one with the messages; a second sheet lists them.

    Args:
        table: the fields.
        columns: names of the fields that the file had.
        rows: the faulty rows.
    """
    workbook = Workbook(write_only=True)
    _write_rows(workbook, table, columns, rows)
    _write_list(workbook, table, rows)
    target = io.BytesIO()
    workbook.save(target)
    return target.getvalue()


def _write_rows(
    workbook: Any, table: FieldTable, columns: Collection[str], rows: Sequence[FaultyRow]
) -> None:
    faulty = {name for row in rows for name in row.errors}
    names = [spec.name for spec in table.fields if spec.name in faulty or spec.name in columns]
    headers = [ROW_HEADER]
    for name in names:
        label = header_of(table.by_name[name])
        headers += [label, label + ERROR_SUFFIX] if name in faulty else [label]
    headers += [WHOLE_ROW_LABEL + ERROR_SUFFIX] if WHOLE_ROW in faulty else []
    sheet = workbook.create_sheet("直す行")
    sheet.freeze_panes = "B2"
    set_widths(sheet, [12] + [26] * (len(headers) - 1))
    sheet.append([head_cell(sheet, text) for text in headers])
    for row in rows:
        sheet.append(_cells(sheet, row, names, faulty))


def _cells(sheet: Any, row: FaultyRow, names: Sequence[str], faulty: set[str]) -> list[Any]:
    cells: list[Any] = [row.row_number]
    for name in names:
        message = row.errors.get(name, "")
        cells.append(_marked(sheet, row.values.get(name), bool(message)))
        cells += [_message(sheet, message)] if name in faulty else []
    return cells + ([_message(sheet, row.errors.get(WHOLE_ROW, ""))] if WHOLE_ROW in faulty else [])


def _marked(sheet: Any, value: Cell, is_faulty: bool) -> Any:
    cell = sheet_cell(sheet, value)
    if not is_faulty:
        return cell
    if not isinstance(cell, SheetCell):
        cell = WriteOnlyCell(sheet, cell)
    cell.fill = FAULTY_FILL
    return cell


def _message(sheet: Any, text: str) -> Any:
    cell = WriteOnlyCell(sheet, text or None)
    cell.font = MESSAGE_FONT
    return cell


def _write_list(workbook: Any, table: FieldTable, rows: Sequence[FaultyRow]) -> None:
    sheet = workbook.create_sheet("誤りの一覧")
    set_widths(sheet, [10, 24, 40, 60])
    sheet.append([head_cell(sheet, text) for text in ("行", "項目", "入っていた値", "誤り")])
    for row in rows:
        for name, message in row.errors.items():
            label = table.by_name[name].label if name in table.by_name else WHOLE_ROW_LABEL
            value = sheet_cell(sheet, row.values.get(name))
            sheet.append([row.row_number, label, value, sheet_cell(sheet, message)])
