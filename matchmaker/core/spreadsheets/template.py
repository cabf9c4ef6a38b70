"""The workbook that people fill in: made from the fields, with words to choose and an example."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter, quote_sheetname
from openpyxl.worksheet.datavalidation import DataValidation

from matchmaker.core.cleaning import Vocabularies, entries
from matchmaker.core.fields import FieldKind, FieldSpec, FieldTable
from matchmaker.core.spreadsheets.cells import Cell
from matchmaker.core.spreadsheets.reading import MOST_ROWS
from matchmaker.core.spreadsheets.record_columns import column_of, meaning_of
from matchmaker.core.spreadsheets.writing import DATE_FORMAT, HEAD_FILL, TEXT_FORMAT

FILL_IN, EXPLANATIONS, LISTS = "記入", "説明", "選べる言葉"
MARKER_HEADER = "記入例の印"
EXAMPLE_MARK = "例"
REQUIRED_FILL = PatternFill("solid", fgColor="FFFFE7C2")
EXAMPLE_FILL = PatternFill("solid", fgColor="FFF2F2F2")
WRAPPED = Alignment(vertical="top", wrap_text=True)
FIRST_EMPTY_ROW, LAST_ROW = 3, MOST_ROWS + 2
LONGEST_PROMPT = 250
"""Excel shows at most 255 characters beside a cell."""


def template_xlsx(
    table: FieldTable,
    vocabularies: Vocabularies,
    examples: Mapping[str, Cell],
    most_rows: int = MOST_ROWS,
) -> bytes:
    """The template for one kind of record.

    Args:
        table: its fields, one column each.
        vocabularies: vocabularies kept in the database, for the lists to choose from.
        examples: cells of the example row by field name; the row carries the mark 「例」 in the
            first column and is passed over by import.
        most_rows: rows that import takes.
    """
    workbook = Workbook()
    sheet = workbook.worksheets[0]
    sheet.title = FILL_IN
    lists = _write_lists(workbook, table, vocabularies)
    _write_fill_in(sheet, table, examples)
    for number, spec in enumerate(table.fields, start=2):
        _add_validation(sheet, get_column_letter(number), spec, lists.get(spec.name, ""))
    _write_explanations(workbook, table, most_rows)
    target = io.BytesIO()
    workbook.save(target)
    return target.getvalue()


def _write_fill_in(sheet: Any, table: FieldTable, examples: Mapping[str, Cell]) -> None:
    sheet.freeze_panes = "C2"
    _head(sheet.cell(1, 1, MARKER_HEADER), required=False)
    sheet.column_dimensions["A"].width = 12
    _fill_example(sheet.cell(2, 1), EXAMPLE_MARK)
    for number, spec in enumerate(table.fields, start=2):
        column = column_of(spec, mark_required=True)
        _head(sheet.cell(1, number, column.header), required=spec.required)
        dimension = sheet.column_dimensions[get_column_letter(number)]
        dimension.width = column.width
        dimension.number_format = _number_format(spec)
        _fill_example(sheet.cell(2, number), examples.get(spec.name))


def _head(cell: Any, *, required: bool) -> None:
    cell.font, cell.alignment = Font(bold=True), WRAPPED
    cell.fill = REQUIRED_FILL if required else HEAD_FILL


def _fill_example(cell: Any, value: Cell) -> None:
    cell.value = value
    cell.fill, cell.alignment = EXAMPLE_FILL, WRAPPED
    cell.font = Font(italic=True, color="FF595959")
    if isinstance(value, date):
        cell.number_format = DATE_FORMAT
    if isinstance(value, str):
        cell.data_type, cell.number_format = "s", TEXT_FORMAT


def _number_format(spec: FieldSpec) -> str:
    match spec.kind:
        case FieldKind.DECIMAL | FieldKind.INTEGER:
            return "General"
        case FieldKind.DATE:
            return DATE_FORMAT
        case _:
            return TEXT_FORMAT


def _write_lists(workbook: Any, table: FieldTable, vocabularies: Vocabularies) -> dict[str, str]:
    """One column of words for each field to choose from; gives the range of each by field name."""
    sheet = workbook.create_sheet(LISTS)
    ranges: dict[str, str] = {}
    for number, spec in enumerate(table.of_kind(FieldKind.CHOICE, FieldKind.CHOICES), start=1):
        words = [choice.label for choice in entries(spec, vocabularies)]
        letter = get_column_letter(number)
        _head(sheet.cell(1, number, spec.label), required=False)
        sheet.column_dimensions[letter].width = 28
        for row, word in enumerate(words, start=2):
            sheet.cell(row, number, word).alignment = WRAPPED
        ranges[spec.name] = f"{quote_sheetname(LISTS)}!${letter}$2:${letter}${len(words) + 1}"
    return ranges


def _add_validation(sheet: Any, letter: str, spec: FieldSpec, words: str) -> None:
    validation = _validation(spec, words)
    if validation is None:
        return
    validation.promptTitle = spec.label[:32]
    validation.prompt = (meaning_of(spec) or spec.label)[:LONGEST_PROMPT]
    validation.showInputMessage = True
    validation.errorTitle = "入力を確かめてください"
    sheet.add_data_validation(validation)
    validation.add(f"{letter}{FIRST_EMPTY_ROW}:{letter}{LAST_ROW}")


def _validation(spec: FieldSpec, words: str) -> DataValidation | None:
    match spec.kind:
        case FieldKind.CHOICE:
            return _refusing("list", "一覧から選んでください。", formula1=words)
        case FieldKind.FLAG:
            return _refusing(
                "list", "「はい」か「いいえ」を選んでください。", formula1='"はい,いいえ"'
            )
        case FieldKind.DECIMAL | FieldKind.INTEGER:
            low, high = spec.minimum or 0, spec.maximum or 0
            kind = "whole" if spec.kind is FieldKind.INTEGER else "decimal"
            return _refusing(
                kind, f"{low:,.0f}から{high:,.0f}までの数を入れてください。",
                operator="between", formula1=f"{low:.0f}", formula2=f"{high:.0f}",
            )  # fmt: skip
        case FieldKind.CHOICES | FieldKind.MUNICIPALITY | FieldKind.DATE:
            return DataValidation(allow_blank=True)  # only shows the prompt
        case _:
            return None


def _refusing(kind: Any, message: str, **options: Any) -> DataValidation:
    return DataValidation(
        type=kind, allow_blank=True, showErrorMessage=True, error=message, **options
    )


def _write_explanations(workbook: Any, table: FieldTable, most_rows: int) -> None:
    sheet = workbook.create_sheet(EXPLANATIONS, 1)
    for letter, width in zip("ABCD", (30, 10, 16, 70), strict=True):
        sheet.column_dimensions[letter].width = width
    for number, text in enumerate(("項目名", "必須", "種類", "書き方"), start=1):
        _head(sheet.cell(1, number, text), required=False)
    for row, cells in enumerate(_explanation_rows(table, most_rows), start=2):
        for number, text in enumerate(cells, start=1):
            sheet.cell(row, number, text).alignment = WRAPPED


def _explanation_rows(table: FieldTable, most_rows: int) -> Sequence[tuple[str, str, str, str]]:
    how = (
        f"「{FILL_IN}」シートの3行目から、1行に1件ずつ書きます。"
        f"「{MARKER_HEADER}」の列に「{EXAMPLE_MARK}」とある行は取り込みません。"
        f"選ぶ言葉は「{LISTS}」シートにあります。{most_rows:,}行まで取り込めます。"
    )
    columns = [(spec, column_of(spec)) for spec in table.fields]
    return [("使い方", "", "", how)] + [
        (column.header, "必須" if spec.required else "", column.kind, column.meaning)
        for spec, column in columns
    ]
