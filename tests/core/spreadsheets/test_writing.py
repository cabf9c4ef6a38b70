"""What is written can be read by machines, runs nowhere, and comes back as it was."""

from __future__ import annotations

import csv
import io
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from matchmaker.core.cleaning import clean
from matchmaker.core.spreadsheets.cells import Cell, column_letters, defuse, undefuse
from matchmaker.core.spreadsheets.reading import read_table
from matchmaker.core.spreadsheets.record_columns import (
    accepted_labels,
    cell_of,
    column_of,
    header_of,
    raw_of,
)
from matchmaker.core.spreadsheets.template import EXAMPLE_MARK, template_xlsx
from matchmaker.core.spreadsheets.writing import (
    Column,
    OutTable,
    write_csv,
    write_csv_cp932,
    write_xlsx,
)
from tests.core.spreadsheets.tables import MATERIALS, TABLE, FixedVocabularies

DANGEROUS = ["=1+1", "+81-3", "-1", "@SUM(A1)", "\tx", "\rx", "'=1", "''+x", "＝1", "－1", "＠x"]
COLUMNS = (
    Column("件名"),
    Column("量（t/年）"),
    Column("日"),
    Column("可否"),
    Column("コード", as_text=True),
)
ROW: list[Cell] = ["竹", Decimal("1.5"), date(2026, 4, 1), True, "011002"]


def table(*rows: list[Cell]) -> OutTable:
    return OutTable("一覧", COLUMNS, rows, about=(("出典", "めぐりあわせ"),))


@pytest.mark.parametrize("text", DANGEROUS)
def test_dangerous_texts_are_defused_and_come_back(text: str) -> None:
    assert defuse(text) == f"'{text}"
    assert undefuse(defuse(text)) == text


@given(st.text())
def test_defusing_loses_nothing_and_leaves_nothing_dangerous(text: str) -> None:
    assert undefuse(defuse(text)) == text
    assert defuse(text)[:1] not in tuple("=+-@\t\r＝＋－＠")


def test_a_workbook_keeps_the_rules_of_machine_readable_data() -> None:
    book = load_workbook(io.BytesIO(write_xlsx(table(ROW))))
    assert book.sheetnames == ["一覧", "項目の説明", "このデータについて"]
    sheet = book["一覧"]
    assert not sheet.merged_cells.ranges
    assert [cell.value for cell in sheet[1]] == [column.header for column in COLUMNS]
    assert sheet.max_row == 2
    assert sheet["C2"].number_format == "yyyy-mm-dd"
    assert (sheet["E2"].value, sheet["E2"].data_type) == ("011002", "s")
    assert sheet["D2"].value == "はい"
    assert book["項目の説明"].max_row == 1 + len(COLUMNS)


@pytest.mark.parametrize("text", DANGEROUS)
def test_no_cell_of_a_workbook_is_a_formula(text: str) -> None:
    sheet = load_workbook(io.BytesIO(write_xlsx(table([text, None, None, None, text]))))["一覧"]
    assert sheet["A2"].data_type == "s"
    assert sheet["A2"].quotePrefix
    assert sheet["A2"].value == text.replace("\r", "\n")


def test_csv_for_excel_begins_with_the_mark_and_has_iso_dates() -> None:
    content = write_csv(table(ROW, ["=1", None, None, False, None])).content
    assert content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    assert rows[1] == ["竹", "1.5", "2026-04-01", "はい", "011002"]
    assert rows[2] == ["'=1", "", "", "いいえ", ""]


def test_moments_are_written_in_the_time_of_japan() -> None:
    moment = datetime(2026, 3, 31, 16, 30, tzinfo=UTC)
    out = OutTable("一覧", [Column("時刻")], [[moment]])
    assert "2026-04-01 01:30" in write_csv(out).content.decode("utf-8-sig")
    assert load_workbook(io.BytesIO(write_xlsx(out)))["一覧"]["A2"].value == datetime(  # noqa: DTZ001
        2026, 4, 1, 1, 30
    )


def test_cp932_tells_what_it_could_not_hold() -> None:
    file = write_csv_cp932(table(["①㈱〜−𠮷田🌿", None, None, None, None]))
    assert "①㈱～－〓田〓" in file.content.decode("cp932")
    assert [(r.row, r.header, r.character) for r in file.replacements] == [
        (2, "件名", "𠮷"),
        (2, "件名", "🌿"),
    ]


def test_control_characters_and_escapes_do_not_break_a_workbook() -> None:
    text = "竹\x01_x0041_\ud800"
    sheet = load_workbook(io.BytesIO(write_xlsx(table([text, None, None, None, None]))))["一覧"]
    assert sheet["A2"].value.replace("_x005F_", "_") == "竹_x0041_"


@pytest.mark.parametrize("name", ["表.xlsx", "表.csv"])
def test_a_record_comes_back_as_it_was(name: str) -> None:
    record = {
        "title": "=竹林",
        "text": "一行目\n二行目 'は＝",
        "colour": "green",
        "materials": ["paper", "bamboo"],
        "low": Decimal("0.125"),
        "high": Decimal(999),
        "cost": 1_200_000,
        "begins_on": date(2027, 4, 1),
        "open": True,
        "town": "011002",
    }
    labels = {choice.code: choice.label for choice in MATERIALS}
    row = [cell_of(spec, record[spec.name], labels) for spec in TABLE.fields]
    out = OutTable("一覧", [column_of(spec) for spec in TABLE.fields], [row])
    content = write_xlsx(out) if name.endswith("xlsx") else write_csv(out).content
    [read] = read_table(name, content, accepted_labels(TABLE)).rows
    back = {
        spec.name: clean(spec, raw_of(spec, read.values[spec.name]), FixedVocabularies())
        for spec in TABLE.fields
    }
    assert back == record


def test_serial_days_and_lost_zeros_are_turned_back() -> None:
    by_name = TABLE.by_name
    assert raw_of(by_name["begins_on"], 46_113) == date(2026, 4, 1)
    assert raw_of(by_name["begins_on"], 20_260_401) == 20_260_401
    assert raw_of(by_name["town"], 11_002.0) == "011002"
    assert raw_of(by_name["town"], "札幌市") == "札幌市"


def test_the_template_has_marks_lists_bounds_and_an_example() -> None:
    content = template_xlsx(TABLE, FixedVocabularies(), {"title": "例の件名", "low": 3})
    book = load_workbook(io.BytesIO(content))
    assert book.sheetnames == ["記入", "説明", "選べる言葉"]
    sheet = book["記入"]
    assert [cell.value for cell in sheet[1]][:2] == ["記入例の印", "件名【必須】"]
    assert sheet["A2"].value == EXAMPLE_MARK
    kinds = {v.type for v in sheet.data_validations.dataValidation}
    assert {"list", "decimal", "whole"} <= kinds
    assert not sheet.merged_cells.ranges
    assert [cell.value for cell in book["選べる言葉"]["B"]] == ["品目", "竹・木質", "古紙・雑がみ"]


def test_every_header_of_the_template_is_understood() -> None:
    content = template_xlsx(TABLE, FixedVocabularies(), {"title": "例", "colour": "赤"})
    read = read_table("ひな形.xlsx", content, accepted_labels(TABLE))
    assert set(read.columns) == {spec.name for spec in TABLE.fields}
    assert read.unknown == ("記入例の印",)
    assert header_of(TABLE.by_name["cost"]) == "費用（円/年）"


@pytest.mark.parametrize(("number", "letters"), [(1, "A"), (26, "Z"), (27, "AA"), (703, "AAA")])
def test_columns_have_letters(number: int, letters: str) -> None:
    assert column_letters(number) == letters
