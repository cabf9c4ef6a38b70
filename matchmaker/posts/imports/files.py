"""Files that go with an import: the template, and the report of what is wrong."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import Cell as SheetCell
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font, PatternFill

from matchmaker.core.cleaning import Vocabularies
from matchmaker.core.fields import FieldTable
from matchmaker.core.spreadsheets.cells import Cell
from matchmaker.core.spreadsheets.record_columns import column_of, header_of
from matchmaker.core.spreadsheets.template import EXAMPLE_MARK, MARKER_HEADER, template_xlsx
from matchmaker.core.spreadsheets.writing import (
    Column,
    OutTable,
    head_cell,
    set_widths,
    sheet_cell,
    write_csv,
)
from matchmaker.posts.imports.checking import ERROR_SUFFIX, ROW_HEADER
from matchmaker.posts.imports.examples import EXAMPLES
from matchmaker.posts.imports.models import ImportJob, ImportRow
from matchmaker.posts.types import PostType

WHOLE_ROW = ""
WHOLE_ROW_LABEL = "行全体"
FAULTY_FILL = PatternFill("solid", fgColor="FFFDE2E2")
MESSAGE_FONT = Font(color="FFB00020")


def template_workbook(post_type: PostType, vocabularies: Vocabularies) -> bytes:
    """The template as an Excel workbook."""
    return template_xlsx(post_type.table, vocabularies, EXAMPLES[post_type.kind])


def template_csv(post_type: PostType) -> bytes:
    """The template as CSV with UTF-8 BOM: the header and the example row."""
    fields = post_type.table.fields
    example = EXAMPLES[post_type.kind]
    columns = [column_of(spec, mark_required=True) for spec in fields]
    table = OutTable(
        title=post_type.label,
        columns=[Column(MARKER_HEADER), *columns],
        rows=[[EXAMPLE_MARK, *(example.get(spec.name) for spec in fields)]],
    )
    return write_csv(table).content


def error_report(post_type: PostType, job: ImportJob, rows: Sequence[ImportRow]) -> bytes:
    """The faulty rows as an Excel workbook that can be mended and imported again.

    Beside each column with a faulty cell stands one with the messages; a second sheet lists them.

    Args:
        rows: the faulty rows.
    """
    workbook = Workbook(write_only=True)
    _write_rows(workbook, post_type.table, job, rows)
    _write_list(workbook, post_type.table, rows)
    target = io.BytesIO()
    workbook.save(target)
    return target.getvalue()


def _write_rows(
    workbook: Any, table: FieldTable, job: ImportJob, rows: Sequence[ImportRow]
) -> None:
    faulty = {name for row in rows for name in row.errors}
    names = [spec.name for spec in table.fields if spec.name in faulty or spec.name in job.columns]
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


def _cells(sheet: Any, row: ImportRow, names: Sequence[str], faulty: set[str]) -> list[Any]:
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


def _write_list(workbook: Any, table: FieldTable, rows: Sequence[ImportRow]) -> None:
    sheet = workbook.create_sheet("誤りの一覧")
    set_widths(sheet, [10, 24, 40, 60])
    sheet.append([head_cell(sheet, text) for text in ("行", "項目", "入っていた値", "誤り")])
    for row in rows:
        for name, message in row.errors.items():
            label = table.by_name[name].label if name in table.by_name else WHOLE_ROW_LABEL
            value = sheet_cell(sheet, row.values.get(name))
            sheet.append([row.row_number, label, value, sheet_cell(sheet, message)])
