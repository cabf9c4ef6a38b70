"""Writes the workbook of a consortium for the round trip through a town hall."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.worksheet.datavalidation import DataValidation

from matchmaker.core.cleaning import Vocabularies, entries
from matchmaker.core.fields import Choice, FieldKind, FieldSpec
from matchmaker.core.spreadsheets.cells import ILLEGAL, LONGEST_CELL, Cell, column_letters
from matchmaker.core.spreadsheets.record_columns import cell_of, header_of, meaning_of
from matchmaker.core.spreadsheets.writing import (
    DATE_FORMAT,
    ESCAPE_LIKE,
    HEAD_FILL,
    HEAD_FONT,
    TEXT_FORMAT,
    TOP,
    set_widths,
)
from matchmaker.partnering.consortia.content import CONTENT_FIELDS, RESPONSIBILITY_LENGTH
from matchmaker.partnering.consortia.documents import pack_layout as layout
from matchmaker.partnering.consortia.documents.pack_layout import (
    PackPartner,
    PackSource,
    role_words,
)
from matchmaker.partnering.consortia.domain import GIVEN_ROLES, ROLE_LABELS

FILL_IN = PatternFill("solid", fgColor="FFFFF8E1")
SOFT = Font(color="FF595959")
GUIDE_ROWS = (
    ("書くところ", "「内容」と「参加団体」のシートの、色の付いたセルだけを直します。"),
    ("選べる言葉", "同じ名前のシートにあります。いくつかあるときは「、」で区切ります。"),
    (
        "行と列",
        "行の順番は変えてもかまいません。行を足したり、かくれた列を消したりしないでください。",
    ),
    ("参加団体", "団体を増やすときは、座組のページから招待してください。"),
    (
        "戻しかた",
        "直したら保存し、座組の「書類」のページで選びます。"
        "取り込む前に、変わったところを確かめられます。",
    ),
)
LONGEST_PROMPT = 250
"""Excel shows at most 255 characters beside a cell."""


def write_pack(source: PackSource, vocabularies: Vocabularies) -> bytes:
    """The workbook: one table a sheet, keys in hidden columns, the version in a hidden sheet."""
    workbook = Workbook()
    guide: Any = workbook.worksheets[0]
    guide.title = layout.GUIDE
    _write_guide(guide, source)
    _write_content(workbook.create_sheet(layout.CONTENT), source, vocabularies)
    _write_partners(workbook.create_sheet(layout.PARTNERS), source)
    _write_words(workbook.create_sheet(layout.WORDS), vocabularies)
    _write_marks(workbook.create_sheet(layout.MARKS), source)
    workbook.active = 1
    guide.sheet_view.tabSelected = False
    target = io.BytesIO()
    workbook.save(target)
    return target.getvalue()


def _write_guide(sheet: Any, source: PackSource) -> None:
    set_widths(sheet, [22, 90])
    _heads(sheet, ("項目", "内容"))
    rows = (
        ("座組", source.content.name),
        ("版", f"第{source.number}版（{source.made}に書き出し）"),
        *GUIDE_ROWS,
        ("座組のページ", source.address),
    )
    for number, cells in enumerate(rows, start=2):
        for column, text in enumerate(cells, start=1):
            _put(sheet.cell(number, column), text)


def _write_content(sheet: Any, source: PackSource, vocabularies: Vocabularies) -> None:
    set_widths(sheet, [30, 26, 70, 50])
    _heads(sheet, layout.CONTENT_HEADERS)
    labels = layout.labels_of_fields(vocabularies)
    for row, spec in enumerate(CONTENT_FIELDS.fields, start=2):
        value = getattr(source.content, spec.name)
        shown = list(value) if isinstance(value, tuple) else value
        _put(sheet.cell(row, 1), spec.name)
        _put(sheet.cell(row, 2), header_of(spec))
        cell = sheet.cell(row, layout.VALUE_COLUMN)
        _put(cell, cell_of(spec, shown, labels.get(spec.name, {})), spec)
        cell.fill = FILL_IN
        _put(sheet.cell(row, 4), _how(spec))
        sheet.cell(row, 4).font = SOFT
        _add_validation(sheet, spec, cell.coordinate)
    _hide_keys(sheet)


def _how(spec: FieldSpec) -> str:
    words = f"「{layout.WORDS}」から選びます。" if spec.kind is FieldKind.CHOICES else ""
    return meaning_of(spec) + words


def _add_validation(sheet: Any, spec: FieldSpec, coordinate: str) -> None:
    options: dict[str, Any] = {"allow_blank": True}
    if spec.kind is FieldKind.DECIMAL:
        low, high = spec.minimum or 0, spec.maximum or 0
        options.update(
            type="decimal", operator="between", formula1=f"{low:.0f}", formula2=f"{high:.0f}",
            showErrorMessage=True, errorTitle="入力を確かめてください",
            error=f"{low:,.0f}から{high:,.0f}までの数を入れてください。",
        )  # fmt: skip
    validation = DataValidation(**options)
    validation.promptTitle = spec.label[:32]
    validation.prompt = (_how(spec) or spec.label)[:LONGEST_PROMPT]
    validation.showInputMessage = True
    sheet.add_data_validation(validation)
    validation.add(coordinate)


def _write_partners(sheet: Any, source: PackSource) -> None:
    set_widths(sheet, [30, 36, 20, 30, 60, 20])
    _heads(sheet, layout.PARTNER_HEADERS)
    for row, partner in enumerate(source.partners, start=2):
        _write_partner(sheet, row, partner, source.content.duties.get(partner.key, ""))
    _hide_keys(sheet)
    sheet.column_dimensions[column_letters(layout.OLD_ROLES_COLUMN)].hidden = True
    last = len(source.partners) + 1
    for column, prompt in (
        (layout.ROLES_COLUMN, f"「{layout.WORDS}」の「役割」から選び、「、」で区切ります。"),
        (layout.DUTY_COLUMN, f"{RESPONSIBILITY_LENGTH}文字まで。"),
    ):
        validation = DataValidation(allow_blank=True, showInputMessage=True, prompt=prompt)
        sheet.add_data_validation(validation)
        letter = column_letters(column)
        validation.add(f"{letter}2:{letter}{max(2, last)}")


def _write_partner(sheet: Any, row: int, partner: PackPartner, duty: str) -> None:
    words = role_words(partner.roles)
    texts = (partner.key, partner.name, partner.state, words, duty, ",".join(partner.roles))
    for column, text in enumerate(texts, start=1):
        _put(sheet.cell(row, column), text)
    for column in (layout.ROLES_COLUMN, layout.DUTY_COLUMN):
        sheet.cell(row, column).fill = FILL_IN


def _write_words(sheet: Any, vocabularies: Vocabularies) -> None:
    columns: list[tuple[str, Sequence[Choice]]] = [
        (spec.label, entries(spec, vocabularies))
        for spec in CONTENT_FIELDS.of_kind(FieldKind.CHOICES)
    ]
    columns.append((layout.ROLES_LABEL, [Choice(r.value, ROLE_LABELS[r]) for r in GIVEN_ROLES]))
    set_widths(sheet, [34] * len(columns))
    _heads(sheet, [label for label, _words in columns])
    for column, (_label, words) in enumerate(columns, start=1):
        for row, word in enumerate(words, start=2):
            _put(sheet.cell(row, column), word.label)


def _write_marks(sheet: Any, source: PackSource) -> None:
    _heads(sheet, ("鍵", "値"))
    rows: tuple[tuple[str, str | int], ...] = (
        (layout.MARK_FORMAT, layout.FORMAT),
        (layout.MARK_CONSORTIUM, str(source.consortium_id)),
        (layout.MARK_NUMBER, source.number),
    )
    for number, cells in enumerate(rows, start=2):
        for column, value in enumerate(cells, start=1):
            _put(sheet.cell(number, column), value)
    sheet.sheet_state = "hidden"


def _heads(sheet: Any, texts: Sequence[str]) -> None:
    sheet.freeze_panes = "A2"
    for number, text in enumerate(texts, start=1):
        cell = sheet.cell(1, number, text)
        cell.font, cell.fill, cell.alignment = HEAD_FONT, HEAD_FILL, TOP


def _hide_keys(sheet: Any) -> None:
    sheet.column_dimensions["A"].hidden = True
    sheet.freeze_panes = "C2"


def _put(cell: Any, value: Cell, spec: FieldSpec | None = None) -> None:
    """Write a value; text stays text, whatever it begins with."""
    cell.alignment = Alignment(vertical="top", wrap_text=True)
    if spec is not None and spec.kind is FieldKind.DATE:
        cell.number_format = DATE_FORMAT
    if not isinstance(value, str):
        cell.value = value
        return
    lines = value.replace("\r\n", "\n").replace("\r", "\n")
    cell.value = ESCAPE_LIKE.sub("_x005F_", ILLEGAL.sub("", lines))[:LONGEST_CELL]
    cell.data_type, cell.number_format, cell.quotePrefix = "s", TEXT_FORMAT, True
