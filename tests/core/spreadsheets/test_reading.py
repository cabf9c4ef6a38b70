"""The table of a file is found and read, whatever stands around it; bounds are told."""

from __future__ import annotations

import io
from datetime import date, datetime

import pytest
from openpyxl import Workbook

from matchmaker.core.spreadsheets.cells import UnreadableTable
from matchmaker.core.spreadsheets.reading import NO_SAVED_VALUE, Table, read_table
from matchmaker.core.spreadsheets.record_columns import accepted_labels
from tests.core.office_files import part, saved, with_parts, workbook
from tests.core.spreadsheets.tables import TABLE

LABELS = accepted_labels(TABLE)
SHEET = "xl/worksheets/sheet1.xml"


def read(content: bytes, name: str = "表.xlsx", most_rows: int = 5000) -> Table:
    return read_table(name, content, LABELS, most_rows)


def values(table: Table) -> list[dict[str, object]]:
    return [{k: v for k, v in row.values.items() if v is not None} for row in table.rows]


def test_a_plain_sheet_is_read_with_the_row_numbers_people_see() -> None:
    table = read(workbook([["件名", "量（下限）", "メモ"], [], ["竹", 3, "x"], ["紙", 2.5, ""]]))
    assert [row.number for row in table.rows] == [3, 4]
    assert values(table) == [{"title": "竹", "low": 3}, {"title": "紙", "low": 2.5}]
    assert table.unknown == ("メモ",)


def test_the_header_is_found_below_a_heading_and_with_marks_and_units() -> None:
    table = read(
        workbook(
            [["令和8年度 環境課"], [], [None, "件名【必須】", "※費用（円／年）"], [None, "竹", 1]]
        )
    )
    assert table.columns == ("title", "cost")
    assert values(table) == [{"title": "竹", "cost": 1}]


def test_headings_merged_over_two_rows_are_understood() -> None:
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.append(["件名", "量", None, "始まり"])
    sheet.append([None, "下限", "上限", None])
    sheet.append(["竹", 1, 2, date(2026, 4, 1)])
    sheet.merge_cells("A1:A2")
    sheet.merge_cells("B1:C1")
    table = read(saved(book))
    assert table.columns == ("title", "low", "high", "begins_on")
    assert values(table)[0]["begins_on"] == datetime(2026, 4, 1)  # noqa: DTZ001
    assert [row.number for row in table.rows] == [3]


def test_cells_merged_downwards_mean_the_same_value_in_each_row() -> None:
    book = Workbook()
    sheet = book.worksheets[0]
    for row in (["件名", "色"], ["竹", "赤"], ["紙", None], ["土", "緑（みどり）"]):
        sheet.append(row)
    sheet.merge_cells("B2:B3")
    table = read(saved(book))
    assert [row["colour"] for row in values(table)] == ["赤", "赤", "緑（みどり）"]
    assert any("結合" in notice for notice in table.notices)


def test_hidden_sheets_are_passed_over_and_told_when_they_hold_the_table() -> None:
    book = Workbook()
    book.worksheets[0].append(["件名", "色"])
    book.worksheets[0].append(["隠", "赤"])
    book.worksheets[0].sheet_state = "hidden"
    shown = book.create_sheet("表")
    shown.append(["件名", "色"])
    shown.append(["竹", "赤"])
    assert values(read(saved(book))) == [{"title": "竹", "colour": "赤"}]
    book.remove(shown)
    book.create_sheet("空")
    with pytest.raises(UnreadableTable, match="非表示のシート「Sheet」"):
        read(saved(book))


def test_further_sheets_and_hidden_rows_are_told() -> None:
    book = Workbook()
    for sheet in (book.worksheets[0], book.create_sheet("控え")):
        sheet.append(["件名", "色"])
        sheet.append(["竹", "赤"])
    book.worksheets[0].row_dimensions[2].hidden = True
    notices = read(saved(book)).notices
    assert any("「控え」は読んでいません" in notice for notice in notices)
    assert any("非表示の行" in notice for notice in notices)


def test_formulas_are_read_as_the_value_last_shown() -> None:
    content = workbook([["件名", "量（下限）"], ["竹", "=1+2"], ["紙", "=1/0"], ["土", "=2*2"]])
    xml = part(content, SHEET).decode()
    xml = xml.replace("<f>1+2</f><v></v>", "<f>1+2</f><v>3</v>")
    xml = xml.replace("<f>1+2</f><v />", "<f>1+2</f><v>3</v>")
    xml = xml.replace('r="B3"><f>1/0</f><v />', 'r="B3" t="e"><f>1/0</f><v>#DIV/0!</v>')
    xml = xml.replace('r="B3"><f>1/0</f><v></v>', 'r="B3" t="e"><f>1/0</f><v>#DIV/0!</v>')
    table = read(with_parts(content, {SHEET: xml.encode()}))
    assert table.rows[0].values["low"] == 3
    assert table.rows[0].problems == {}
    assert "#DIV/0!" in table.rows[1].problems["low"]
    assert table.rows[2].problems == {"low": NO_SAVED_VALUE}
    assert any("数式のセルが3個" in notice for notice in table.notices)


def test_a_text_that_looks_like_a_formula_stays_text() -> None:
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.append(["件名", "色"])
    sheet.append(["x", "赤"])
    sheet["A2"].value = "=HYPERLINK(1)"
    sheet["A2"].data_type = "s"
    table = read(saved(book))
    assert values(table)[0]["title"] == "=HYPERLINK(1)"
    assert table.rows[0].problems == {}


def test_very_many_rows_are_refused_without_reading_them_all() -> None:
    book = Workbook(write_only=True)
    sheet = book.create_sheet("表")
    sheet.append(["件名", "色"])
    for number in range(100_000):
        sheet.append([f"竹{number}", "赤"])
    target = io.BytesIO()
    book.save(target)
    with pytest.raises(UnreadableTable, match="5,000行まで"):
        read(target.getvalue())


def test_a_lonely_cell_far_below_costs_nothing() -> None:
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.append(["件名", "色"])
    sheet.append(["竹", "赤"])
    sheet["A1048576"] = "x"
    assert len(read(saved(book)).rows) == 1


def test_a_stated_size_that_is_wrong_is_not_believed() -> None:
    content = workbook([["件名", "色"], ["竹", "赤"], ["紙", "赤"]])
    xml = part(content, SHEET).replace(b'ref="A1:B3"', b'ref="A1:A1"')
    assert len(read(with_parts(content, {SHEET: xml})).rows) == 2


def test_very_many_columns_are_refused() -> None:
    with pytest.raises(UnreadableTable, match="列が多すぎます"):
        read(workbook([["件名", "色", *["x"] * 300], ["竹", "赤", *["y"] * 300]]))


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ([["何か", "別の"], ["竹", "赤"]], "項目名の行"),
        ([["件名", "色"]], "データの行がありません"),
        ([["件名", "件名", "色"], ["竹", "竹", "赤"]], "「件名」の列が2つ以上"),
        ([], "項目名の行"),
    ],
)
def test_what_is_no_such_table_is_told(rows: list[list[object]], message: str) -> None:
    with pytest.raises(UnreadableTable, match=message):
        read(workbook(rows))


@pytest.mark.parametrize(
    "damage", [b"<worksheet>", b"\x00\x01", b"<worksheet><sheetData><row r='x'>"]
)
def test_damaged_workbooks_are_told(damage: bytes) -> None:
    content = workbook([["件名", "色"], ["竹", "赤"]])
    with pytest.raises(UnreadableTable):
        read(with_parts(content, {SHEET: damage}))
    with pytest.raises(UnreadableTable):
        read(with_parts(content, {"xl/workbook.xml": damage}))


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-8", "utf-16", "cp932"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_csv_is_read_in_each_encoding_and_delimiter(encoding: str, delimiter: str) -> None:
    rows = [["件名", "内容", "量（下限）"], ["①㈱竹", '"一行目\r\n二行目"', "3"], ["", "", ""]]
    text = "\r\n".join(delimiter.join(row) for row in rows)
    table = read(text.encode(encoding), "表.csv")
    assert values(table) == [{"title": "①㈱竹", "text": "一行目\r\n二行目", "low": "3"}]


def test_csv_with_broken_quotes_names_the_row() -> None:
    with pytest.raises(UnreadableTable, match="3行目"):
        read('件名,内容\n竹,よい\n紙,"閉じない\n'.encode(), "表.csv")


def test_a_cell_that_is_too_long_is_named() -> None:
    with pytest.raises(UnreadableTable, match="2行目B列の文字が長すぎます"):
        read(f"件名,内容\n竹,{'長' * 40_000}\n".encode(), "表.csv")


def test_rows_without_any_known_cell_are_passed_over() -> None:
    table = read("件名,内容,備考\n竹,よい,\n,,合計\n".encode(), "表.csv")
    assert len(table.rows) == 1
