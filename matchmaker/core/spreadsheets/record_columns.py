"""Between the fields of a record and the columns of a table: names, words, cells."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from matchmaker.core.cleaning import Vocabularies, entries
from matchmaker.core.fields import FieldKind, FieldSpec, FieldTable
from matchmaker.core.spreadsheets.cells import Cell
from matchmaker.core.spreadsheets.headers import REQUIRED_MARK
from matchmaker.core.spreadsheets.writing import Column

SEPARATOR = "、"
EXCEL_DAY_ZERO = date(1899, 12, 30)
"""Day 0 of Excel's serial days, its leap-year error of 1900 included (ECMA-376 18.17.4.1)."""

SERIAL_DAYS = range(20_000, 80_000)
"""Numbers that are taken for serial days: 1954 to 2119."""

CODE_DIGITS = 6
KIND_WORDS: Mapping[FieldKind, str] = {
    FieldKind.LINE: "文字",
    FieldKind.TEXT: "文章",
    FieldKind.CHOICE: "ひとつ選ぶ",
    FieldKind.CHOICES: "いくつか選ぶ",
    FieldKind.DECIMAL: "数",
    FieldKind.INTEGER: "整数",
    FieldKind.DATE: "日付",
    FieldKind.FLAG: "はい・いいえ",
    FieldKind.MUNICIPALITY: "団体コード",
    FieldKind.URL: "アドレス",
}
WIDTHS: Mapping[FieldKind, int] = {
    FieldKind.TEXT: 48,
    FieldKind.LINE: 28,
    FieldKind.CHOICES: 28,
    FieldKind.URL: 28,
}


def header_of(spec: FieldSpec) -> str:
    """Name of the column: the label, with the unit in brackets."""
    return f"{spec.label}（{spec.unit}）" if spec.unit else spec.label


def accepted_labels(table: FieldTable) -> dict[str, str]:
    """Field name by every column name that import accepts: with and without the unit."""
    labels = {header_of(spec): spec.name for spec in table.fields}
    labels.update({spec.label: spec.name for spec in table.fields})
    return labels


def column_of(spec: FieldSpec, *, mark_required: bool = False) -> Column:
    """The column of a field."""
    mark = REQUIRED_MARK if mark_required and spec.required else ""
    return Column(
        header=header_of(spec) + mark,
        meaning=meaning_of(spec),
        kind=KIND_WORDS[spec.kind],
        width=WIDTHS.get(spec.kind, 16),
        as_text=spec.kind is FieldKind.MUNICIPALITY,
    )


def meaning_of(spec: FieldSpec) -> str:
    """What may stand in the column, in plain Japanese."""
    parts = [spec.help, _bounds(spec)]
    if spec.kind is FieldKind.CHOICES:
        parts.append(f"いくつかあるときは「{SEPARATOR}」で区切ります。")
    return "".join(part for part in parts if part)


def _bounds(spec: FieldSpec) -> str:
    match spec.kind:
        case FieldKind.LINE | FieldKind.TEXT | FieldKind.URL:
            return f"{spec.max_length:,}文字まで。"
        case FieldKind.DECIMAL | FieldKind.INTEGER:
            low, high = spec.minimum, spec.maximum
            return f"{low:,.0f}から{high:,.0f}まで。" if None not in (low, high) else ""
        case FieldKind.DATE:
            return "2026-04-01 のように書きます。"
        case FieldKind.MUNICIPALITY:
            return "6桁の全国地方公共団体コードか、市区町村の名前。"
        case _:
            return ""


def cell_of(spec: FieldSpec, value: Any, labels: Mapping[str, str]) -> Cell:
    """What stands in the cell: Japanese words instead of codes.

    Args:
        spec: the field.
        value: its value as the record holds it.
        labels: labels of a vocabulary kept in the database, by code.
    """
    if value in (None, "", []):
        return None
    if spec.kind is FieldKind.CHOICES:
        return SEPARATOR.join(_label(spec, code, labels) for code in value)
    if spec.kind is FieldKind.CHOICE:
        return _label(spec, value, labels)
    if isinstance(value, Decimal) and value == value.to_integral_value():
        return int(value)
    known: Cell = value
    return known


def _label(spec: FieldSpec, code: str, labels: Mapping[str, str]) -> str:
    return labels.get(code, code) if spec.vocabulary else spec.label_of(code)


def vocabulary_labels(spec: FieldSpec, vocabularies: Vocabularies) -> dict[str, str]:
    """Labels by code of the field's vocabulary, wherever it is kept."""
    return {choice.code: choice.label for choice in entries(spec, vocabularies)}


def raw_of(spec: FieldSpec, cell: Cell) -> Any:
    """What cleaning is given for a cell: numbers that spreadsheet programs made are turned back.

    Serial days become dates, and codes that lost their first zero get it back.
    """
    if isinstance(cell, bool) or cell is None:
        return cell
    if spec.kind is FieldKind.DATE and isinstance(cell, int | float) and int(cell) in SERIAL_DAYS:
        return EXCEL_DAY_ZERO + timedelta(days=int(cell))
    if spec.kind is FieldKind.MUNICIPALITY:
        text = str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell)
        text = text.strip()
        return text.zfill(CODE_DIGITS) if text.isdecimal() else text
    return cell
