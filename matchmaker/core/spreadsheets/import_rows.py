"""What all imports do with a table that was read: examples, unknown columns, kept cells."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, datetime
from typing import Any

from matchmaker.core.fields import FieldTable
from matchmaker.core.spreadsheets.cells import Cell, is_blank
from matchmaker.core.spreadsheets.faults import ERROR_SUFFIX, ROW_HEADER
from matchmaker.core.spreadsheets.reading import Table, TableRow
from matchmaker.core.spreadsheets.record_columns import accepted_labels
from matchmaker.core.spreadsheets.template import EXAMPLE_MARK, MARKER_HEADER
from matchmaker.core.text import fold

MARKER = "import:marker"
"""Field name of the column that marks example rows; no field of a record has a colon."""

LONGEST_KEPT_CELL = 5_000
"""Characters of a faulty cell that are kept: more than any field may hold."""


def column_names(table: FieldTable) -> dict[str, str]:
    """Field name by each column name that is understood."""
    return {**accepted_labels(table), MARKER_HEADER: MARKER}


def is_example(row: TableRow) -> bool:
    """Whether the row is marked as an example, which import passes over."""
    mark = row.values.get(MARKER)
    return isinstance(mark, str) and fold(mark) == EXAMPLE_MARK


def reading_notices(table: Table, taken: int, own_headers: Collection[str] = ()) -> list[str]:
    """What people should know of how the file was read.

    Args:
        table: as it was read.
        taken: rows that are no examples.
        own_headers: names of columns that the product writes itself and import passes over.
    """
    notices = list(table.notices)
    if skipped := len(table.rows) - taken:
        notices.append(f"「{EXAMPLE_MARK}」の印がある行を{skipped}行とばしました。")
    unknown = [name for name in table.unknown if not _is_own(name, own_headers)]
    if unknown:
        names = "、".join(f"「{name[:30]}」" for name in unknown[:10])
        notices.append(f"{names}の列は、項目にないので読んでいません。")
    return notices


def _is_own(header: str, own_headers: Collection[str]) -> bool:
    return header in own_headers or header == ROW_HEADER or header.endswith(ERROR_SUFFIX)


def kept_cells(values: Mapping[str, Cell]) -> dict[str, Any]:
    """Cells as they are kept for the error report: text, bounded, empty ones left out."""
    return {
        name: _as_kept(value)
        for name, value in values.items()
        if name != MARKER and not is_blank(value)
    }


def _as_kept(value: Cell) -> Any:
    if isinstance(value, int | float):
        return value
    if isinstance(value, datetime) and not (value.hour or value.minute or value.second):
        value = value.date()
    if isinstance(value, date):
        return value.isoformat()
    return str(value)[:LONGEST_KEPT_CELL]
