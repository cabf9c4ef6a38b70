"""Reading the one table of a file: Excel or CSV, wherever its header stands, within bounds.

Formulas are read as the values they last showed: officers compute quantities in their tables, and a
shown value is what they see and mean. A formula without a saved value is named as faulty.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice

from matchmaker.core.file_names import suffix_of
from matchmaker.core.spreadsheets.cells import Cell, UnreadableTable, is_blank
from matchmaker.core.spreadsheets.csv_files import csv_rows
from matchmaker.core.spreadsheets.headers import SEARCHED_ROWS, Header, find_header
from matchmaker.core.spreadsheets.workbooks import (
    ERROR_VALUES,
    MOST_BLANK_ROWS,
    WIDEST,
    Merge,
    Sheet,
    Workbook,
    formula_cells,
    open_workbook,
    sheet_rows,
)

MOST_ROWS = 5_000
NO_SAVED_VALUE = "数式の結果が保存されていません。Excelで開いて保存し直すか、値を入れてください。"
NumberedRow = tuple[int, tuple[Cell, ...]]


@dataclass(slots=True)
class TableRow:
    """One row of data.

    Args:
        number: row number as the person sees it.
        values: what stands in each known column, by field name.
        problems: message by field name for cells that hold no value one could read.
    """

    number: int
    values: dict[str, Cell]
    problems: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Table:
    """The table of a file.

    Args:
        columns: field names found, in the order of the file.
        rows: rows of data that are not blank.
        unknown: names of columns that are no field and were left out.
        notices: what people should know about how the file was read, in Japanese.
    """

    columns: tuple[str, ...]
    rows: tuple[TableRow, ...]
    unknown: tuple[str, ...]
    notices: tuple[str, ...]


def read_table(
    name: str, content: bytes, labels: Mapping[str, str], most_rows: int = MOST_ROWS
) -> Table:
    """Read the table of a file.

    Args:
        name: cleaned name of the file; its ending tells which reader is used.
        content: the file.
        labels: name of the field by accepted column name.
        most_rows: most rows of data.

    Raises:
        UnreadableTable: there is no such table, or it goes beyond the bounds.
    """
    if suffix_of(name) == "xlsx":
        return _from_workbook(open_workbook(content, most_rows), labels, most_rows)
    rows = _without_blank_tail(csv_rows(content))
    head = list(islice(rows, SEARCHED_ROWS))
    header = _required(find_header(head, labels), labels)
    found = _collect(_chained(head, rows), header, most_rows)
    return _table(header, found, [])


def _required(header: Header | None, labels: Mapping[str, str]) -> Header:
    if header is None:
        examples = "、".join(f"「{label}」" for label in list(labels)[:3])
        raise UnreadableTable(
            f"には、項目名の行（{examples}など）が見つかりません。ひな形の項目名を使ってください。"
        )
    return header


def _without_blank_tail(rows: Iterable[NumberedRow]) -> Iterator[NumberedRow]:
    blank = 0
    for number, row in rows:
        blank = blank + 1 if all(is_blank(value) for value in row) else 0
        if blank > MOST_BLANK_ROWS:
            return
        yield number, row


def _chained(head: Sequence[NumberedRow], rest: Iterable[NumberedRow]) -> Iterator[NumberedRow]:
    yield from head
    yield from rest


def _collect(rows: Iterable[NumberedRow], header: Header, most_rows: int) -> list[TableRow]:
    found: list[TableRow] = []
    for number, row in rows:
        if len(row) > WIDEST and any(not is_blank(value) for value in row[WIDEST:]):
            raise UnreadableTable(f"は、列が多すぎます（{WIDEST}列まで）。")
        if number <= header.last_row or all(is_blank(value) for value in row):
            continue
        values = {
            name: row[place - 1] if place <= len(row) else None
            for place, name in header.columns.items()
        }
        if all(is_blank(value) for value in values.values()):
            continue
        if len(found) == most_rows:
            raise UnreadableTable(
                f"は、行が多すぎます（{most_rows:,}行まで）。いくつかのファイルに分けてください。"
            )
        found.append(TableRow(number, values))
    return found


def _table(header: Header, rows: list[TableRow], notices: list[str]) -> Table:
    if not rows:
        raise UnreadableTable("には、項目名の行の下にデータの行がありません。")
    for row in rows:
        for name, value in row.values.items():
            if isinstance(value, str) and value.strip() in ERROR_VALUES:
                row.problems[name] = f"計算の誤り（{value.strip()}）になっています。"
    columns = tuple(header.columns.values())
    return Table(columns, tuple(rows), tuple(header.unknown.values()), tuple(notices))


def _from_workbook(workbook: Workbook, labels: Mapping[str, str], most_rows: int) -> Table:
    sheet, header, notices = _choose_sheet(workbook, labels)
    rows = _collect(sheet_rows(sheet), header, most_rows)
    last_row = rows[-1].number if rows else 0
    notices += _fill_merged(rows, header, sheet.marks.merges)
    notices += _mark_formulas(rows, header, formula_cells(workbook, sheet, last_row))
    if sheet.marks.has_hidden_rows:
        notices.append("非表示の行も読みました。いらない行は消してから選び直してください。")
    return _table(header, rows, notices)


def _choose_sheet(workbook: Workbook, labels: Mapping[str, str]) -> tuple[Sheet, Header, list[str]]:
    """The first visible sheet with a header; others that have one too are named."""
    found: list[tuple[Sheet, Header]] = []
    for sheet in workbook.sheets:
        header = find_header(list(islice(sheet_rows(sheet), SEARCHED_ROWS)), labels)
        if header is not None:
            found.append((sheet, header))
    visible = [pair for pair in found if not pair[0].is_hidden]
    if found and not visible:
        raise UnreadableTable(
            f"は、表が非表示のシート「{found[0][0].name}」にあります。表示してください。"
        )
    header = _required(visible[0][1] if visible else None, labels)
    others = "、".join(f"「{sheet.name}」" for sheet, _header in visible[1:])
    name = visible[0][0].name
    notices = [f"シート「{name}」だけを読みました。{others}は読んでいません。"] if others else []
    return visible[0][0], header, notices


def _fill_merged(rows: list[TableRow], header: Header, merges: Sequence[Merge]) -> list[str]:
    """Cells merged over several rows mean the same value in each of them."""
    by_number = {row.number: row for row in rows}
    touched = False
    for merge in merges:
        first = by_number.get(merge.first_row)
        if first is None:
            continue
        touched = True
        name = header.columns.get(merge.first_column)
        for number in range(merge.first_row + 1, min(merge.last_row, rows[-1].number) + 1):
            if name is not None and number in by_number:
                by_number[number].values[name] = first.values.get(name)
    if not touched:
        return []
    return ["結合されたセルがあります。縦に結合されたセルは、どの行も同じ値として読みました。"]


def _mark_formulas(
    rows: list[TableRow], header: Header, formulas: set[tuple[int, int]]
) -> list[str]:
    count = 0
    for row in rows:
        for place, name in header.columns.items():
            if (row.number, place) not in formulas:
                continue
            count += 1
            if row.values.get(name) is None:
                row.problems[name] = NO_SAVED_VALUE
    if not count:
        return []
    return [f"数式のセルが{count:,}個あります。Excelで最後に表示された値を読みました。"]
