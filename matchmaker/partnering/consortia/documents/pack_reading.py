"""Reads a workbook of a consortium that came back: its version, its cells, and what is wrong."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from matchmaker.core.cleaning import FieldError, Vocabularies, clean
from matchmaker.core.fields import FieldSpec
from matchmaker.core.spreadsheets.cells import Cell, UnreadableTable, is_blank
from matchmaker.core.spreadsheets.faults import shortened
from matchmaker.core.spreadsheets.reading import NO_SAVED_VALUE
from matchmaker.core.spreadsheets.record_columns import header_of, raw_of
from matchmaker.core.spreadsheets.workbooks import (
    ERROR_VALUES,
    Sheet,
    Workbook,
    formula_cells,
    open_workbook,
    sheet_rows,
)
from matchmaker.core.text import clean_text
from matchmaker.partnering.consortia.content import (
    AMOUNTS,
    CONTENT_FIELDS,
    RESPONSIBILITY_LENGTH,
    RESPONSIBILITY_PREFIX,
    ConsortiumContent,
    check_ranges,
    without_unit,
)
from matchmaker.partnering.consortia.documents import pack_layout as layout
from matchmaker.partnering.consortia.documents.pack_layout import ROLES_PREFIX, cell_address
from matchmaker.partnering.consortia.domain import GIVEN_ROLES, ROLE_LABELS

NOT_A_PACK = (
    "は、座組の「書類」のページで書き出したExcelではありません。書き出したものを使ってください。"
)
OTHER_CONSORTIUM = (
    "は、別の座組のExcelです。この座組の「書類」のページで書き出したものを選んでください。"
)
SHEET_GONE = "に、シート「{}」がありません。シートの名前を元に戻してください。"
KEYS_GONE = (
    "のシート「{}」で、かくれている列（A列）が消えています。書き出し直して、書き写してください。"
)
TOO_MANY_ROWS = "のシート「{}」は、行が多すぎます。足した行を消してください。"
ADDED_PARTNER = "団体はExcelでは増やせません。座組のページから招待してください。"
ADDED_ROW = "項目はExcelでは増やせません。"
ESCAPED_UNDERSCORE = "_x005F_"
"""How Excel stores an underscore that would begin an escape (ECMA-376, ST_Xstring)."""

SHOWN = 60
RANGES = (("tonnes_min", "tonnes_max"), ("starts_on", "ends_on"))
_ROLE_CODES = {ROLE_LABELS[role]: role.value for role in GIVEN_ROLES}


@dataclass(frozen=True, slots=True)
class CellFault:
    """A cell that is not taken.

    Args:
        address: the cell as people name it.
        label: what should stand in it.
        value: what stands in it, shortened.
        message: what is wrong, in Japanese.
    """

    address: str
    label: str
    value: str
    message: str


@dataclass(slots=True)
class PackReading:
    """What a workbook says.

    Args:
        number: version of the content it was written from.
        values: stored content as in the workbook; keys whose cells are faulty or gone are left out.
        roles: codes by the key of the partner, as in the workbook.
        old_roles: the same as they were when the workbook was written.
        addresses: cell of each key, and of roles with :data:`ROLES_PREFIX`.
        faults: cells that are not taken.
        absent: keys whose row is gone.
    """

    number: int
    values: dict[str, Any] = field(default_factory=dict)
    roles: dict[str, tuple[str, ...]] = field(default_factory=dict)
    old_roles: dict[str, tuple[str, ...]] = field(default_factory=dict)
    addresses: dict[str, str] = field(default_factory=dict)
    faults: list[CellFault] = field(default_factory=list)
    absent: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Row:
    """One row of a sheet: its number and cells, with the columns of formulas without a value."""

    number: int
    cells: Sequence[Cell]
    unsaved: frozenset[int]

    def at(self, column: int) -> Cell:
        return self.cells[column - 1] if column <= len(self.cells) else None


def read_pack(
    content: bytes, consortium_id: uuid.UUID, partner_keys: Sequence[str], words: Vocabularies
) -> PackReading:
    """Read a workbook.

    Args:
        content: the file, checked as an upload.
        consortium_id: whose workbook it has to be.
        partner_keys: ids of the rows of the present partners, as text.
        words: vocabularies kept in the database.

    Raises:
        UnreadableTable: it is no such workbook; the text continues 「name」.
    """
    workbook = open_workbook(content, layout.MOST_PACK_ROWS)
    sheets = {sheet.name: sheet for sheet in workbook.sheets}
    reading = PackReading(_version_of(sheets, consortium_id))
    for name in (layout.CONTENT, layout.PARTNERS):
        if name not in sheets:
            raise UnreadableTable(SHEET_GONE.format(name))
    _read_content(reading, _rows(workbook, sheets[layout.CONTENT]), words)
    _read_partners(reading, _rows(workbook, sheets[layout.PARTNERS]), frozenset(partner_keys))
    wanted = [*CONTENT_FIELDS.by_name, *(f"{RESPONSIBILITY_PREFIX}{key}" for key in partner_keys)]
    reading.absent = tuple(key for key in wanted if key not in reading.addresses)
    return reading


def _version_of(sheets: Mapping[str, Sheet], consortium_id: uuid.UUID) -> int:
    if layout.MARKS not in sheets:
        raise UnreadableTable(NOT_A_PACK)
    rows = sheet_rows(sheets[layout.MARKS])
    marks = {str(cells[0]): cells[1] for _number, cells in rows if len(cells) > 1}
    number = str(marks.get(layout.MARK_NUMBER, ""))
    if marks.get(layout.MARK_FORMAT) != layout.FORMAT or not number.isdecimal():
        raise UnreadableTable(NOT_A_PACK)
    if str(marks.get(layout.MARK_CONSORTIUM)) != str(consortium_id):
        raise UnreadableTable(OTHER_CONSORTIUM)
    return int(number[:9])


def _rows(workbook: Workbook, sheet: Sheet) -> Iterator[_Row]:
    """Rows below the header that hold anything.

    Raises:
        UnreadableTable: the column of keys is gone, or there are far too many rows.
    """
    found = list(sheet_rows(sheet))
    if not found or found[0][1][:1] != (layout.KEY_HEADER,):
        raise UnreadableTable(KEYS_GONE.format(sheet.name))
    filled = [(n, cells) for n, cells in found[1:] if not all(is_blank(each) for each in cells)]
    if len(filled) > layout.MOST_PACK_ROWS:
        raise UnreadableTable(TOO_MANY_ROWS.format(sheet.name))
    formulas = formula_cells(workbook, sheet, filled[-1][0] if filled else 0)
    for number, cells in filled:
        unsaved = frozenset(column for row, column in formulas if row == number)
        yield _Row(number, cells, unsaved)


def _read_content(reading: PackReading, rows: Iterator[_Row], words: Vocabularies) -> None:
    values: dict[str, Any] = {}
    for row in rows:
        spec = CONTENT_FIELDS.by_name.get(str(row.at(layout.KEY_COLUMN)))
        address = cell_address(layout.CONTENT, layout.VALUE_COLUMN, row.number)
        shown = _shown(row.at(layout.VALUE_COLUMN))
        if spec is None:
            reading.faults.append(CellFault(address, str(row.at(2) or ""), shown, ADDED_ROW))
            continue
        if spec.name in reading.addresses:
            message = f"同じ項目が{reading.addresses[spec.name]}にもあります。1つにしてください。"
            reading.faults.append(CellFault(address, spec.label, shown, message))
            continue
        reading.addresses[spec.name] = address
        try:
            values[spec.name] = _cleaned(spec, row, words)
        except FieldError as error:
            reading.faults.append(CellFault(address, header_of(spec), shown, str(error)))
    _refuse_ranges(reading, values)
    stored = ConsortiumContent.from_cleaned(values, {}).stored()
    reading.values.update({name: stored.get(name) for name in values})


def _cleaned(spec: FieldSpec, row: _Row, words: Vocabularies) -> Any:
    cell = _saved(row, layout.VALUE_COLUMN)
    if spec.name in AMOUNTS:
        cell, message = without_unit(cell)
        if message:
            raise FieldError(message)
    return clean(spec, raw_of(spec, cell), words)


def _saved(row: _Row, column: int) -> Cell:
    """The value of a cell.

    Raises:
        FieldError: it is a formula without a saved value, or an error of the computation.
    """
    cell = row.at(column)
    if cell is None and column in row.unsaved:
        raise FieldError(NO_SAVED_VALUE)
    if isinstance(cell, str) and cell.strip() in ERROR_VALUES:
        raise FieldError(f"計算の誤り（{cell.strip()}）になっています。")
    return cell.replace(ESCAPED_UNDERSCORE, "_") if isinstance(cell, str) else cell


def _refuse_ranges(reading: PackReading, values: dict[str, Any]) -> None:
    """Name ends of a range that lie the wrong way round, where both ends could be read."""
    whole = {n: values[n] for pair in RANGES if set(pair) <= values.keys() for n in pair}
    for name, message in check_ranges(whole).items():
        spec = CONTENT_FIELDS.by_name[name]
        shown = _shown(values.pop(name, None))
        address = reading.addresses.get(name, layout.CONTENT)
        reading.faults.append(CellFault(address, header_of(spec), shown, message))


def _read_partners(reading: PackReading, rows: Iterator[_Row], known: frozenset[str]) -> None:
    for row in rows:
        key = str(row.at(layout.KEY_COLUMN))
        name = str(row.at(2) or "")
        duty_key = f"{RESPONSIBILITY_PREFIX}{key}"
        if key not in known:
            _note_stranger(reading, row, name)
        elif duty_key in reading.addresses:
            address = cell_address(layout.PARTNERS, 2, row.number)
            message = "同じ団体の行がほかにもあります。1つにしてください。"
            reading.faults.append(CellFault(address, layout.PARTNERS, name, message))
        else:
            _read_partner(reading, row, key, name)


def _note_stranger(reading: PackReading, row: _Row, name: str) -> None:
    """A row that was added by hand; one of a former partner is passed over."""
    if row.at(layout.KEY_COLUMN) is None:
        address = cell_address(layout.PARTNERS, 2, row.number)
        reading.faults.append(CellFault(address, "団体", shortened(name, SHOWN), ADDED_PARTNER))


def _read_partner(reading: PackReading, row: _Row, key: str, name: str) -> None:
    for column, prefix, label, read in (
        (layout.DUTY_COLUMN, RESPONSIBILITY_PREFIX, layout.DUTY_LABEL, _duty),
        (layout.ROLES_COLUMN, ROLES_PREFIX, layout.ROLES_LABEL, _roles),
    ):
        address = cell_address(layout.PARTNERS, column, row.number)
        reading.addresses[f"{prefix}{key}"] = address
        try:
            _keep(reading, f"{prefix}{key}", read(_saved(row, column)), row)
        except FieldError as error:
            fault = CellFault(address, f"{name}の{label}", _shown(row.at(column)), str(error))
            reading.faults.append(fault)


def _keep(reading: PackReading, key: str, value: str | tuple[str, ...], row: _Row) -> None:
    """Note what a cell of a partner says.

    Raises:
        FieldError: all roles were taken away.
    """
    if isinstance(value, str):
        reading.values[key] = value or None
        return
    old = _in_order(set(str(row.at(layout.OLD_ROLES_COLUMN) or "").split(",")))
    if old and not value:
        raise FieldError("役割をひとつ以上入れてください。")
    partner = key.removeprefix(ROLES_PREFIX)
    reading.roles[partner], reading.old_roles[partner] = value, old


def _duty(cell: Cell) -> str:
    text = clean_text("" if cell is None else str(cell))
    if len(text) > RESPONSIBILITY_LENGTH:
        raise FieldError(
            f"{RESPONSIBILITY_LENGTH}文字以内で入れてください（いま{len(text):,}文字です）。"
        )
    return text


def _roles(cell: Cell) -> tuple[str, ...]:
    parts = "" if cell is None else str(cell).replace(",", "、").replace("\n", "、")
    words = [word.strip() for word in parts.split("、") if word.strip()]
    for word in words:
        if word not in _ROLE_CODES:
            raise FieldError(
                f"「{shortened(word, 20)}」という役割はありません。"
                f"「{layout.WORDS}」のシートにある言葉を使ってください。"
            )
    return _in_order({_ROLE_CODES[word] for word in words})


def _in_order(codes: set[str]) -> tuple[str, ...]:
    return tuple(role.value for role in GIVEN_ROLES if role.value in codes)


def _shown(cell: Any) -> str:
    return layout.EMPTY if cell in (None, "") else shortened(str(cell), SHOWN)
